import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { HttpRequest, type HttpResponseInit } from '@azure/functions';
import { serveActionItems } from '../../src/shared/search/serve-action-items.ts';
import { serveSearch } from '../../src/shared/search/serve-search.ts';
import { serveOwnSummary } from '../../src/shared/security/serve-own-summaries.ts';
import { serveDigest, serveSummaries, serveSummary } from '../../src/shared/summaries/serve.ts';
import { makeAsking, operator, person } from '../ask/make-asking.ts';
import { useAzurite } from '../support/azurite.ts';
import { carryOutBudget } from '../support/carry-out-night.ts';
import { type ModelEndpoint, startModelEndpoint } from '../support/model-endpoint.ts';
import { writeAnswer } from '../support/write-answer.ts';
import { readStorage, samplesIn } from './find-samples.ts';
import { cardNumbers } from './samples.ts';
import { ada, grace, sampleTalks, type Talk } from './talks.ts';

const night = '2026-11-24';
const clock = () => new Date(`${night}T02:00:00Z`);
const [card = ''] = cardNumbers;
const requests = [
  'summarize all conversations between me and Grace about the refund',
  'what did Carol say about the printer since October?',
  `is there anything about the refund to ${card} by chat?`,
];

/** What there is to read after a night over all samples, by where it was read. */
async function runNight(connectionString: string, environment: Record<string, string>) {
  const talks = sampleTalks();
  const parley = makeAsking(
    connectionString,
    {
      ...environment,
      DIGEST_TO: 'ops@parley.example',
      DIGEST_FROM: 'night@parley.example',
      DIGEST_TEXT: 'true',
    },
    { clock },
  );
  for (const { key, entries } of talks) await parley.say(key, ...entries);
  const state = await carryOutBudget(parley.services.night, night, undefined);
  assert.deepEqual([state.done, state.failed], [talks.length, 0], JSON.stringify(state));
  const read = await readAnswers(parley, talks);
  return { ...parley, read };
}

async function readAnswers(
  { services, ask }: ReturnType<typeof makeAsking>,
  talks: readonly Talk[],
): Promise<Map<string, string>> {
  const { summaries, summaryBlobs, digests, digestMail, summaryFor } = services;
  const read = new Map<string, string>();
  const get = async (
    path: string,
    handler: (request: HttpRequest) => Promise<HttpResponseInit>,
    params: Record<string, string> = {},
  ): Promise<void> => {
    for (const accept of ['application/json', 'text/markdown']) {
      const url = `http://localhost/api/${path}`;
      const { body, jsonBody } = await handler(
        new HttpRequest({ method: 'GET', url, params, headers: { accept } }),
      );
      read.set(`${accept} ${url}`, typeof body === 'string' ? body : JSON.stringify(jsonBody));
    }
  };
  await get('summaries?limit=200', serveSummaries(summaries, summaryBlobs));
  for (const { key } of talks) {
    const path = `summaries/${key.channel}/${key.id}`;
    await get(path, serveSummary(summaries), { ...key });
    await get(`${path}?as=ada`, (request) => serveOwnSummary(person(ada.id), summaryFor)(request), {
      ...key,
    });
  }
  await get(`digests/${night}`, serveDigest(digests, digestMail.stateOf), { date: night });
  const words = ['refund', 'carol', card, card.slice(0, 4), 'printer tomorrow', 'hunter2'];
  for (const word of words) {
    await get(`search?q=${word}&limit=50`, (request) => serveSearch(services)(request, operator));
  }
  await get('action-items?limit=200', (request) => serveActionItems(services)(request, operator));
  for (const request of requests) {
    const output = await ask({ request, as: ada.id }, operator);
    read.set(`ask ${request}`, JSON.stringify(output));
    read.set(`ask ${request}, markdown`, output.markdown);
  }
  return read;
}

/** Where which samples were found. */
function search(texts: Iterable<readonly [place: string, text: string]>): string[] {
  return [...texts].flatMap(([place, text]) => samplesIn(text).map((found) => `${found} in ${place}`));
}

async function searchStorage(connectionString: string): Promise<string[]> {
  const found: string[] = [];
  const containers = new Set<string>();
  for await (const { place, text } of readStorage(connectionString, ['transcripts', 'media'])) {
    found.push(...search([[place, text]]));
    containers.add(place.slice(0, place.indexOf('/')));
  }
  // The mail of the night is in the outbox.
  for (const each of ['summaries', 'digests', 'catalogue', 'people', 'answers', 'outbox']) {
    assert.ok(containers.has(each), each);
  }
  return found;
}

/** What the process says meanwhile. */
function listen(): { lines: string[]; stop: () => void } {
  const lines: string[] = [];
  const names = ['log', 'info', 'warn', 'error', 'debug'] as const;
  const before = names.map((name) => console[name]);
  for (const name of names) console[name] = (...said: unknown[]) => lines.push(said.map(String).join(' '));
  const stop = (): void => {
    for (const [place, name] of names.entries()) console[name] = before[place] ?? console[name];
  };
  return { lines, stop };
}

describe('what must not leave, in every format and every place, after a night by a language model', () => {
  const azurite = useAzurite();
  let endpoint: ModelEndpoint;
  before(async () => {
    endpoint = await startModelEndpoint((request) => ({ text: writeAnswer(request) }));
  });
  after(() => endpoint.close());

  test('stands in no request, no log, no answer and nowhere in storage but in transcripts', async () => {
    const { lines, stop } = listen();
    const { read, logged } = await runNight(azurite.connectionString(), endpoint.environment).finally(stop);
    assert.ok(endpoint.requests.length > 10);
    const sent = endpoint.requests.map(({ path, headers, body }) => JSON.stringify([path, headers, body]));
    assert.match(sent.join(), /•••• 1111/u);
    assert.deepEqual(search(sent.map((text, place) => [`request ${place}`, text])), []);
    // What people say of the samples is there: it is no answer of nothing.
    assert.match([...read.values()].join(), /•••• 1111.*\[IBAN\]/su);
    assert.deepEqual(search(read), []);
    assert.deepEqual(search([...lines, ...logged].map((line) => ['a log', line])), []);
    assert.deepEqual(await searchStorage(azurite.connectionString()), []);
  });
});

describe('what must not leave, in every format and every place, after a night without a language model', () => {
  const azurite = useAzurite();

  test('stands in no log, no answer and nowhere in storage but in transcripts', async () => {
    const { lines, stop } = listen();
    const { read, logged } = await runNight(azurite.connectionString(), {}).finally(stop);
    assert.match([...read.values()].join(), /•••• 1111.*\[IBAN\]/su);
    assert.deepEqual(search(read), []);
    assert.deepEqual(search([...lines, ...logged].map((line) => ['a log', line])), []);
    assert.deepEqual(await searchStorage(azurite.connectionString()), []);
  });
});

describe('the search for samples', () => {
  test('finds what is there', () => {
    for (const { entries, key } of sampleTalks()) {
      assert.notDeepEqual(samplesIn(JSON.stringify(entries)), [], key.id);
    }
    assert.ok(grace.name);
  });
});
