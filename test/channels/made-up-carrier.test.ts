import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { createChannels } from '../../src/shared/channels/channels.ts';
import { acceptSend } from '../../src/shared/sends/accept-send.ts';
import { openOutbox } from '../../src/shared/sends/outbox.ts';
import { createServices } from '../../src/shared/services.ts';
import { readSettings } from '../../src/shared/settings.ts';
import { conversationPath } from '../../src/shared/transcripts/conversation-path.ts';
import { useAzurite } from '../support/azurite.ts';
import { sent } from '../support/chat-events.ts';
import { createPigeon } from './pigeon.ts';

const azurite = useAzurite();
const grey = { channel: 'pigeon', id: 'L-1/R-7' };
const night = '2026-11-24';

/** The carrier's own service: it fails the first time, and knows a letter by its key. */
const flights = new Map<string, unknown>();
let requests = 0;
let server: Server;
let url = '';

before(async () => {
  server = createServer(async (request, response) => {
    requests += 1;
    const key = String(request.headers['x-flight-key']);
    flights.set(key, JSON.parse(await text(request)));
    if (requests === 1) return response.writeHead(503).end();
    response
      .writeHead(202, { 'content-type': 'application/json' })
      .end(JSON.stringify({ flight: `F-${key}` }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  url = `http://127.0.0.1:${port}`;
});

after(() => server.close());

function event(type: string, data: unknown) {
  return { specversion: '1.0', id: '1', source: 'loft', type, time: '2026-11-23T12:00:00Z', data };
}

function letter(flight: string, note: string, releasedAt: number) {
  return event('pigeon.letter', {
    flight,
    loft: 'L-1',
    bird: { ring: 'R-7', nickname: 'Grey' },
    releasedAt,
    note,
  });
}

/** Registered as every channel is: one more in the list. */
function open(clock: () => Date) {
  const settings = readSettings({ AzureWebJobsStorage: azurite.connectionString() });
  return createServices(settings, {
    clock,
    openChannels: (parts) => [...createChannels(parts), createPigeon({ url })],
  });
}

test('a new provider is one file and one registration: its messages come in, are summarized, found and answered', async () => {
  let now = Date.parse('2026-11-24T02:00:00Z');
  const clock = () => new Date(now);
  const services = open(clock);
  const read = async () => (await services.transcripts.read(conversationPath(grey)))?.conversation;

  const accepted = await services.accept([
    letter('F-2', 'When will the corn for the loft arrive?', 1_795_435_260),
    letter('F-1', 'The corn in the eastern loft is finished since Monday.', 1_795_435_200),
    letter('F-1', 'The corn in the eastern loft is finished since Monday.', 1_795_435_200),
    event('pigeon.letter', { flight: 'F-3', loft: 'L-1' }),
    sent('19:beside@thread.v2', { id: '1', from: 'Ada', text: 'Hello', second: 1 }),
  ]);
  assert.deepEqual(accepted, { received: 5, stored: 4, deadLettered: 1, ignored: {} });
  assert.deepEqual(
    (await read())?.messages.map(({ id, sender }) => [id, sender]),
    [
      ['F-1', { id: 'pigeon:R-7', name: 'Grey' }],
      ['F-2', { id: 'pigeon:R-7', name: 'Grey' }],
    ],
  );

  const run = await services.night.plan({ night });
  await services.night.summarizeChunk({ night, plan: 0, chunk: 0 });
  await services.night.settlePlan({ night, run, plan: 0 });
  const summary = await services.summaries.get(conversationPath(grey));
  assert.deepEqual([summary?.summary?.conversation, summary?.summary?.messageCount], [grey, 2]);

  const [found] = await Array.fromAsync(services.people.list('pigeon:R-7'));
  assert.deepEqual([found?.conversation, found?.name], [grey, 'Grey']);

  const channels = [createPigeon({ url })];
  const outbox = openOutbox(azurite.newContainer(), { clock });
  const parts = { ...services.sends, channels, outbox, logFault: () => {} };
  const request = {
    channel: grey.channel,
    conversation: grey.id,
    outgoing: { content: { text: 'It comes tomorrow.' }, sentBy: 'clerk' },
    key: 'one',
    caller: 'test',
  };
  assert.equal((await acceptSend(request, parts)).state, 'intended');
  now += 10 * 60_000;
  const send = await acceptSend(request, parts);
  assert.equal(send.state, 'recorded');
  assert.equal((await acceptSend(request, parts)).messageId, send.messageId);
  assert.equal(requests, 2);
  assert.deepEqual([...flights.values()], [{ loft: 'L-1', ring: 'R-7', note: 'It comes tomorrow.' }]);

  await services.accept([event('pigeon.landed', { flight: send.messageId, loft: 'L-1', ring: 'R-7' })]);
  const answer = (await read())?.messages.at(-1);
  assert.deepEqual([answer?.sender.id, answer?.sentBy], ['pigeon:L-1', 'clerk']);
  assert.deepEqual(answer?.delivery, [
    { recipient: 'pigeon:R-7', status: 'delivered', at: '2026-11-23T12:00:00.000Z' },
  ]);
  assert.equal((await Array.fromAsync(services.people.list('pigeon:L-1'))).length, 1);
});
