import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as z from 'zod';
import { ask, askUntil, newFolder, type Parley, post, startParley } from '../support/parley.ts';

const operator = 'ops@parley.example';
let parley: Parley;
let acs = '';
let removeFolder: () => Promise<void>;
before(async () => {
  const { folder, remove } = await newFolder();
  removeFolder = remove;
  parley = await startParley(folder, {
    DIGEST_TO: operator,
    DIGEST_FROM: 'night@parley.example',
    DIGEST_TEXT: 'true',
    PARLEY_URL: 'https://parley.example',
  });
  const line = parley.lines.find((each) => each.startsWith('ACS emulator:')) ?? '';
  acs = /^ACS emulator: (\S+)/.exec(line)?.[1] ?? '';
});
after(async () => {
  await parley?.stop();
  await removeFolder?.();
});

const mails = z.array(z.object({ text: z.string() }));

/** What the operators got, as the emulator has it. */
async function received() {
  return mails.parse((await ask(`${acs}/emulator/messages?to=${encodeURIComponent(operator)}`)).json);
}

async function runNight(): Promise<void> {
  await post(`${parley.url}/api/summaries/runs`, { night: '2026-11-24' });
  const report = `${parley.url}/api/summaries/runs/2026-11-24`;
  await askUntil(report, ({ text }) => text.includes('"completed"'));
  await post(`${parley.url}/admin/functions/resumeSends`, {});
}

describe('a night through the front door', () => {
  test('is searched, told by mail once, and is no conversation itself', async () => {
    const from = '+15551230009';
    await post(`${acs}/emulator/people/sms`, { from, text: 'The zebra crate is broken.' });
    const id = encodeURIComponent(`+18005550100:${from}`);
    await askUntil(`${parley.url}/api/conversations/sms/${id}`, ({ status }) => status === 200);
    await runNight();
    const digest = `${parley.url}/api/digests/2026-11-24`;
    await askUntil(digest, ({ text }) => text.includes('"sent"'));
    const found = await ask(`${parley.url}/api/search?q=crates`);
    assert.match(found.text, /zebra crate/);
    assert.equal((await ask(`${parley.url}/api/action-items`)).status, 200);

    const [mail, ...others] = await received();
    assert.deepEqual(others, []);
    assert.ok(mail);
    assert.ok(mail.text.startsWith('Night of 2026-11-24: 1 conversation, 0 failed\n'), mail.text);
    assert.match(mail.text, /: zebra crate\n/);
    assert.ok(mail.text.includes(`https://parley.example/api/summaries/sms/${id}`));

    await post(`${acs}/emulator/people/sms`, { from, text: 'The quince is here.' });
    await askUntil(`${parley.url}/api/conversations/sms/${id}`, ({ text }) => text.includes('quince'));
    await runNight();
    assert.equal((await received()).length, 1);
    const { text } = await ask(`${parley.url}/api/conversations`);
    assert.equal(JSON.parse(text).conversations.length, 1, text);
    assert.ok(!parley.lines.some((line) => line.includes('zebra') || line.includes(operator)));
  });
});
