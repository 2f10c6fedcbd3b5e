import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { joined, sent, topicChanged, versionAt } from '../support/chat-events.ts';
import { type ModelEndpoint, startModelEndpoint } from '../support/model-endpoint.ts';
import { ask, askUntil, newFolder, type Parley, post, startParley } from '../support/parley.ts';
import { writeAnswer } from '../support/write-answer.ts';
import { samplesIn } from './find-samples.ts';
import { formatsOf } from './formats.ts';
import { accountNumbers, cardNumbers } from './samples.ts';

const night = '2026-11-23';
let parley: Parley;
let endpoint: ModelEndpoint;
let removeFolder: () => Promise<void>;

before(async () => {
  const { folder, remove } = await newFolder();
  removeFolder = remove;
  endpoint = await startModelEndpoint((request) => ({ text: writeAnswer(request) }));
  parley = await startParley(folder, { ...endpoint.environment, ANALYSIS: 'on' });
});

after(async () => {
  await parley.stop();
  await endpoint.close();
  await removeFolder();
});

/** One conversation about each number. */
const events = [...cardNumbers.slice(0, 3), ...accountNumbers.slice(0, 2)].flatMap((number, place) => {
  const thread = `19:number${place}@thread.v2`;
  const people = [`Ada${place}`, `Grace${place}`];
  const texts = formatsOf(number).map((format) => `I will refund the printer to ${format}.`);
  return [
    ...people.map((name) => joined(thread, name, 0)),
    topicChanged(thread, `Refund to ${number}`, 0),
    ...texts.map((text, second) =>
      sent(thread, {
        id: String(versionAt(second)),
        from: people[second % 2] ?? '',
        name: `${people[second % 2]} ${number}`,
        text,
        second,
      }),
    ),
  ];
});

test('no number leaves through the front door: not in requests, answers or the log of the host', async () => {
  for (let start = 0; start < events.length; start += 50) {
    assert.equal((await post(`${parley.url}/api/events`, events.slice(start, start + 50))).status, 200);
  }
  await post(`${parley.url}/api/summaries/runs`, { night });
  await askUntil(`${parley.url}/api/summaries/runs/${night}`, ({ text }) => text.includes('"completed"'));

  const paths = [
    'api/summaries?limit=50',
    ...[0, 1, 2, 3, 4].map(
      (place) => `api/summaries/chat/${encodeURIComponent(`19:number${place}@thread.v2`)}`,
    ),
    `api/digests/${night}`,
    'api/search?q=refund',
    'api/search?q=4111',
    'api/action-items',
    'api/people?name=Ada0',
  ];
  const read: string[] = [];
  for (const path of paths) {
    const { status, text } = await ask(`${parley.url}/${path}`);
    assert.equal(status, 200, `${path}: ${text}`);
    read.push(text);
  }
  const request = `summarize all conversations with Ada0 about the refund to ${cardNumbers[0]}`;
  const answered = await post(`${parley.url}/api/ask`, { request }, { prefer: 'wait=30' });
  assert.equal(answered.status, 200, answered.text);
  const requests = endpoint.requests.map(({ body }) => JSON.stringify(body));
  assert.ok(requests.length >= 5);
  assert.match(read.join(), /•••• 1111/u);
  for (const text of [...read, answered.text, ...requests, ...parley.lines]) {
    assert.deepEqual(samplesIn(text), [], text.slice(0, 500));
  }
});
