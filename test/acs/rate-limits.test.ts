import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useAcs } from '../support/acs.ts';
import { chatWith, collect, newPerson, newThread } from './people.ts';

let milliseconds = 0;
const start = Date.now();
const acs = useAcs({ limits: true, clock: () => new Date(start + milliseconds) });
const tooMany = (retryAfter: string) => (error: unknown) => {
  assert.ok(error instanceof Error && 'statusCode' in error && 'code' in error && 'response' in error);
  assert.equal(error.statusCode, 429);
  assert.equal(error.code, 'TooManyRequests');
  const { headers } = error.response as { headers: { get(name: string): string | undefined } };
  assert.equal(headers.get('retry-after'), retryAfter);
  return true;
};

test('above 10 messages in 10 seconds a thread answers 429 with the wait, and above 30 in a minute too', async () => {
  const ana = await newPerson(acs.emulator());
  const thread = ana.chat.getChatThreadClient(await newThread('Busy', [ana]));
  const other = ana.chat.getChatThreadClient(await newThread('Quiet', [ana]));
  const sendTen = async () => {
    for (let number = 0; number < 10; number++) await thread.sendMessage({ content: 'hello' });
  };
  await sendTen();
  milliseconds += 4_000;
  await assert.rejects(thread.sendMessage({ content: 'too many' }), tooMany('6'));
  await other.sendMessage({ content: 'another thread is not meant' });
  milliseconds += 6_000;
  await sendTen();
  milliseconds += 10_000;
  await sendTen();
  milliseconds += 10_000;
  await assert.rejects(thread.sendMessage({ content: 'too many' }), tooMany('30'));
  milliseconds += 30_000;
  await thread.sendMessage({ content: 'again' });
});

test('the SDK waits as it is told and goes on', async () => {
  milliseconds += 60_000;
  const ana = await newPerson(acs.emulator());
  const id = await newThread('Patience', [ana]);
  const patient = chatWith(acs.emulator(), ana.token, 3).getChatThreadClient(id);
  for (let number = 0; number < 10; number++) await patient.sendMessage({ content: `message ${number}` });
  milliseconds += 9_500;
  const waiting = patient.sendMessage({ content: 'after the wait' });
  setTimeout(() => {
    milliseconds += 500;
  }, 100);
  await waiting;
  const [latest] = await collect(patient.listMessages({ maxPageSize: 5 }));
  assert.equal(latest?.content?.message, 'after the wait');
});
