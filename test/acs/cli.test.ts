import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openAcsClients } from '../../src/shared/acs/clients.ts';
import { readSettings } from '../../src/shared/settings.ts';
import { type Program, runProgram, runScript } from '../local/run-program.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { startSubscriber } from './start-subscriber.ts';

interface Environment {
  folder: string;
  more?: NodeJS.ProcessEnv;
}

/** `npm run acs` with arguments, on a data folder of its own; nothing in the environment names another emulator. */
function acs(t: TestContext, args: string[], { folder, more }: Environment): Program {
  const environment = { ACS_EMULATOR_URL: undefined, ACS_PORT: undefined, PARLEY_DATA: folder, ...more };
  return runScript(t, 'local/acs.ts', { args, environment });
}

async function serve(t: TestContext, folder: string): Promise<{ program: Program; url: string }> {
  const program = acs(t, [], { folder, more: { ACS_PORT: '0' } });
  await program.says('Connection string: ');
  const [, url = ''] = /^ACS emulator at (http:\/\/127\.0\.0\.1:\d+)$/m.exec(program.output()) ?? [];
  return { program, url };
}

async function run(t: TestContext, folder: string, ...args: string[]): Promise<string> {
  const program = acs(t, args, { folder });
  assert.equal(await program.ended, 0, program.output());
  return program.output();
}

test('it serves until Ctrl-C, says where it is, and is found by the commands', async (t) => {
  const folder = await temporaryFolder(t);
  const { program, url } = await serve(t, folder);
  assert.match(program.output(), /^Connection string: endpoint=https:\/\/\S+;accesskey=\S+$/m);
  assert.equal(JSON.parse(readFileSync(join(folder, 'acs', 'emulator.json'), 'utf8')).url, url);
  assert.match(await run(t, folder, 'status'), new RegExp(`ACS emulator at ${url}`));

  program.signalGroup('SIGINT');
  assert.equal(await program.ended, 0, program.output());
  assert.equal(existsSync(join(folder, 'acs', 'emulator.json')), false);
});

test('a person writes on each channel, and sees what we answer', async (t) => {
  const folder = await temporaryFolder(t);
  const { program, url } = await serve(t, folder);
  assert.match(await run(t, folder, 'sms', '+15551230001', 'by sms'), /wrote to \+18005550100/);
  assert.match(await run(t, folder, 'chat', 'joe', 'in the chat'), /Thread: 19:\S+@thread\.v2/);
  const file = join(folder, 'broken.png');
  writeFileSync(file, 'not much of a picture');
  const written = await run(t, folder, 'whatsapp', '+15551230001', 'look', '--media', file);
  const [, id = ''] = /message (\S+)/.exec(written) ?? [];
  await run(t, folder, 'whatsapp', '+15551230001', '--reply', id, '--reaction', '👍');
  await run(t, folder, 'whatsapp', 'US.13491208655302741918', 'hidden', '--hidden-number');

  const events = await run(t, folder, 'events', '--type', 'AdvancedMessageReceived');
  assert.match(events, /"media":\{"mimeType":"image\/png","id":"\S+","caption":"look"\}/);
  assert(events.includes(`"reaction":{"messageId":"${id}","emoji":"👍"}`), events);
  assert.match(events, /"fromBSUID":"US\.13491208655302741918"/);

  const watching = acs(t, ['watch', '+15551230001'], { folder });
  const [, connectionString = ''] = /^Connection string: (\S+)$/m.exec(program.output()) ?? [];
  const { acs: settings } = readSettings({ ACS_CONNECTION_STRING: connectionString, ACS_EMULATOR_URL: url });
  const sms = await openAcsClients(settings, { maxRetries: 0 }).sms();
  await sms.send({ from: '+18005550100', to: ['+15551230001'], message: 'Our answer' });
  await watching.says(': Our answer');
  assert.match(watching.output(), /sms from \+18005550100 \(\w+\): Our answer/);
});

test('message analysis is switched on and off, for one channel or all', async (t) => {
  const folder = await temporaryFolder(t);
  await serve(t, folder);
  const on = await run(t, folder, 'analysis', 'on', '--spelling', 'keyphraseExtraction');
  assert.match(on, /follows each text message on c4a77e10\S+; it calls the key phrases keyphraseExtraction/);
  await run(t, folder, 'whatsapp', '+15551230001', 'Where are my flowers?');
  const analyses = () => run(t, folder, 'events', '--type', 'AdvancedMessageAnalysisCompleted');
  let events = await analyses();
  while (!events.includes('"originalMessage":"Where are my flowers?"')) events = await analyses();
  assert.match(events, /"keyphraseExtraction":\["flowers","Where"\]/);
  assert.match(await run(t, folder, 'analysis', 'off'), /no longer analysed/);
  for (const words of [
    ['analysis'],
    ['analysis', 'on', '--spelling', 'x'],
    ['analysis', 'on', '--to', 'nobody'],
  ]) {
    const refused = acs(t, words, { folder });
    assert.equal(await refused.ended, 1);
    assert.match(refused.output(), /on or off|--spelling is one of|There is no channel nobody/);
  }
});

test('a subscription begins by a command, and what it refuses is shown', async (t) => {
  const folder = await temporaryFolder(t);
  const subscriber = await startSubscriber(t);
  const { url } = await serve(t, folder);
  const made = await run(t, folder, 'subscribe', subscriber.url, '--batch', '5', '--name', 'mine');
  assert.match(made, /gets the events, as subscription mine/);
  subscriber.answerWith(() => ({ status: 400 }));
  await run(t, folder, 'sms', '+15551230001', 'hello');
  while ((await (await fetch(`${url}/emulator/dead-letters`)).text()) === '[]');
  assert.match(await run(t, folder, 'dead-letters'), /UndeliverableDueToHttpBadRequest after 1 attempts/);
  subscriber.answerWith(() => ({ status: 200 }));
  assert.match(await run(t, folder, 'redeliver'), /^1 dead letters/);
  assert.match(await run(t, folder, 'dead-letters'), /No dead letters/);
  assert.match(await run(t, folder, 'unsubscribe', 'mine'), /no more events/);
  const refused = acs(t, ['subscribe', 'http://127.0.0.1:1/'], { folder });
  assert.equal(await refused.ended, 1);
  assert.match(refused.output(), /did not pass the handshake/);
});

test('events that were on their way when it was killed arrive after the next start', async (t) => {
  const folder = await temporaryFolder(t);
  const subscriber = await startSubscriber(t);
  const first = await serve(t, folder);
  await run(t, folder, 'subscribe', subscriber.url);
  const arrived = Promise.withResolvers<void>();
  subscriber.answerWith(() => {
    arrived.resolve();
    return new Promise(() => {});
  });
  await run(t, folder, 'sms', '+15551230001', 'hello');
  await arrived.promise;
  first.program.signalGroup('SIGKILL');
  await first.program.ended;

  const again = Promise.withResolvers<void>();
  subscriber.answerWith(() => {
    again.resolve();
    return { status: 200 };
  });
  await serve(t, folder);
  await again.promise;
  assert.equal(new Set(subscriber.ids()).size, 1);
});

test('where none runs, it is said how to find the one that does, and how to start another', async (t) => {
  const folder = await temporaryFolder(t);
  const program = acs(t, ['status'], { folder, more: { ACS_EMULATOR_URL: 'http://127.0.0.1:1' } });
  assert.equal(await program.ended, 1);
  const [failed, ...advice] = program.output().split('\n');
  assert.equal(failed, 'No ACS emulator answers at http://127.0.0.1:1.');
  assert.match(advice.join('\n'), /PARLEY_DATA or ACS_PORT here as they are set there, or ACS_EMULATOR_URL/);
  assert.match(advice.join('\n'), /another emulator.*npm run acs\n/);
  assert.doesNotMatch(advice.join('\n'), /127\.0\.0\.1/, 'not the address that just failed');
});

test('a slip is answered in two lines: what is wrong, and where all commands are shown, whether or not one runs', async (t) => {
  const folder = await temporaryFolder(t);
  const slips: [string[], RegExp][] = [
    [['nonsense'], /no command "nonsense"/],
    [['sms', '+15551230001'], /NUMBER and "text"/],
    [['whatsapp', '+15551230001'], /"text", --media or --reaction/],
    [['sms', '+15551230001', 'no', 'quotes'], /in quotes/],
    [['--no-option'], /no option --no-option/],
    [['sms', '+15551230001', 'hi', '--to'], /--to needs a value/],
    [['events', '--limit', '-3'], /--limit needs a value/],
    [['chat', 'joe', 'hi', '--new=yes'], /--new takes no value/],
  ];
  for (const [args, reason] of slips) {
    const program = acs(t, args, { folder, more: { ACS_EMULATOR_URL: 'http://127.0.0.1:1' } });
    assert.equal(await program.ended, 1);
    const [said = '', where, ...more] = program.output().trimEnd().split('\n');
    assert.match(said, reason);
    assert.equal(where, 'npm run acs -- help shows all commands.');
    assert.deepEqual(more, []);
  }
  assert.match(await run(t, folder, '--help'), /watch NUMBER/);
});

test('advance says that the clock goes forward only, whatever was typed instead of seconds', async (t) => {
  const folder = await temporaryFolder(t);
  for (const seconds of [['-5'], ['-.5'], ['soon'], ['0'], []]) {
    const program = acs(t, ['advance', ...seconds], { folder });
    assert.equal(await program.ended, 1);
    assert.match(program.output(), /^advance takes SECONDS above 0: the clock goes forward/);
  }
});

test('a number needs no +, and what is refused is named as it was typed', async (t) => {
  const folder = await temporaryFolder(t);
  await serve(t, folder);
  const written = await run(t, folder, 'sms', '15551230001', 'hello', '--to', '18005550100');
  assert.match(written, /^\+15551230001 wrote to \+18005550100/);
  assert.match(await run(t, folder, 'sms', '15551230001', 'hello', '--to', '55512'), /wrote to 55512/);
  assert.match(await run(t, folder, 'whatsapp', '15551230001', 'hello'), /wrote to channel/);
  const refused: [string[], RegExp][] = [
    [['sms', 'joe', 'hello'], /^NUMBER: must be a number/],
    [['whatsapp', 'joe', 'hello'], /^NUMBER: Say a number/],
    [['whatsapp', '15551230001', 'hello', '--at', 'noon'], /^--at: /],
    [['email', 'joe', 'subject', 'hello'], /^ADDRESS: /],
    [['subscribe', 'nowhere'], /^ADDRESS: /],
  ];
  for (const [args, reason] of refused) {
    const program = acs(t, args, { folder });
    assert.equal(await program.ended, 1);
    assert.match(program.output(), reason);
  }
});

test('a person writes on WhatsApp at an earlier time, and the event tells that time', async (t) => {
  const folder = await temporaryFolder(t);
  await serve(t, folder);
  await run(t, folder, 'whatsapp', '+15551230001', 'Hello', '--at', '2026-01-31T09:00:00Z');
  const events = await run(t, folder, 'events', '--type', 'AdvancedMessageReceived');
  assert.match(events, /"receivedTimestamp":"2026-01-31T09:00:00/);
});

test('it ends quietly when nobody reads on', async (t) => {
  const folder = await temporaryFolder(t);
  await serve(t, folder);
  const shell = `{ "${process.execPath}" local/acs.ts status; echo "ended $?" >&2; } | true`;
  const environment = { ACS_EMULATOR_URL: undefined, ACS_PORT: undefined, PARLEY_DATA: folder };
  const program = runProgram(t, ['sh', '-c', shell], environment);
  await program.ended;
  assert.equal(program.output(), 'ended 0\n');
});

test('npm run dead-letters asks the app at PORT, where no address is given', async (t) => {
  const script = 'local/dead-letters.ts';
  const asks = async (environment: NodeJS.ProcessEnv, ...args: string[]) => {
    const more = { PARLEY_URL: undefined, PORT: '1', ...environment };
    const program = runScript(t, script, { args, environment: more });
    assert.equal(await program.ended, 1);
    return program.output();
  };
  assert.match(await asks({}), /^Nothing answers at http:\/\/localhost:1\. .*PORT/);
  assert.match(await asks({ PARLEY_URL: 'http://localhost:2' }), /at http:\/\/localhost:2\./);
  assert.match(await asks({}, '--url', 'http://localhost:3'), /at http:\/\/localhost:3\./);
});

test('a second one on the same state, or on a taken port, is told what to do', async (t) => {
  const folder = await temporaryFolder(t);
  const { url } = await serve(t, folder);
  const second = acs(t, [], { folder, more: { ACS_PORT: '0' } });
  assert.equal(await second.ended, 1);
  assert.match(second.output(), /Another ACS emulator runs .*\n.*PARLEY_DATA=\S+ ACS_PORT=\d+ npm run acs/);
  const third = acs(t, [], { folder: await temporaryFolder(t), more: { ACS_PORT: new URL(url).port } });
  assert.equal(await third.ended, 1);
  assert.match(third.output(), /taken by another program.*\n.*ACS_PORT=\d+ npm run acs/);
  const wrong = acs(t, [], { folder: await temporaryFolder(t), more: { ACS_PORT: 'x' } });
  assert.equal(await wrong.ended, 1);
  assert.match(wrong.output(), /ACS_PORT is "x"/);
  const unclear = acs(t, [], { folder: await temporaryFolder(t), more: { ACS_LIMITS: 'yes' } });
  assert.equal(await unclear.ended, 1);
  assert.match(unclear.output(), /ACS_LIMITS is "yes"/);
});

test('npm run acs is this program', async (t) => {
  const folder = await temporaryFolder(t);
  const npm = runProgram(t, ['npm', 'run', 'acs', '--', '--help'], { PARLEY_DATA: folder });
  assert.equal(await npm.ended, 0, npm.output());
  assert.match(npm.output(), /npm run acs -- COMMAND/);
});
