import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { ParleyError } from '../../src/shared/errors.ts';
import { conversationPath } from '../../src/shared/transcripts/conversation-path.ts';
import type { TranscriptStore } from '../../src/shared/transcripts/store.ts';
import { useAzurite } from '../support/azurite.ts';
import {
  analysisLines,
  type Blobs,
  chatKey,
  intentsIn,
  messageOf,
  messages,
  orderOf,
  startAnalyser,
  until,
  watchedModel,
} from './make-analyser.ts';

const azurite = useAzurite();

function newBlobs(): Blobs {
  return { transcripts: azurite.newContainer(), analysis: azurite.newContainer() };
}

/** A promise that is kept from outside. */
function gate() {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

function everyMessage(count: number): [string, string][] {
  return Array.from({ length: count }, (_, number) => [String(number), `says message ${number}`] as const)
    .map(([id, intent]): [string, string] => [id, intent])
    .sort(([a], [b]) => Number(a) - Number(b));
}

describe('a conversation that is ordered to be analysed', () => {
  test('has every message analysed, in batches of a hundred, each in one append', async () => {
    const blobs = newBlobs();
    const watched = watchedModel();
    let appends = 0;
    const { store, analyse } = startAnalyser(blobs, {
      model: watched.model,
      append: (real, ...all) => {
        appends += 1;
        return real.append(...all);
      },
    });
    await store.append(chatKey, messages(250));
    assert.deepEqual(await analyse(orderOf()), { state: 'done', analysed: 250, reads: 1, batches: 3 });
    assert.deepEqual(
      watched.batches.map(({ length }) => length),
      [100, 100, 50],
    );
    assert.equal(appends, 3);
    assert.deepEqual(await intentsIn(store), everyMessage(250));
  });

  test('is not read again by a second order when nothing has been added', async () => {
    const blobs = newBlobs();
    const watched = watchedModel();
    const { store, analyse } = startAnalyser(blobs, watched);
    await store.append(chatKey, messages(3));
    await analyse(orderOf());
    assert.deepEqual(await analyse(orderOf()), { state: 'done', analysed: 0, reads: 0, batches: 0 });
    await store.append(chatKey, [messageOf(3)]);
    assert.deepEqual(await analyse(orderOf()), { state: 'done', analysed: 1, reads: 1, batches: 1 });
    assert.deepEqual(watched.batches.at(-1), ['message 3']);
  });

  test('delivered again, and again, is analysed once', async () => {
    const blobs = newBlobs();
    const watched = watchedModel();
    const { store, analyse } = startAnalyser(blobs, watched);
    const order = orderOf();
    for (let time = 0; time < 4; time += 1) {
      await store.append(chatKey, messages(5));
      await analyse(order);
    }
    assert.equal(watched.batches.length, 1);
    assert.equal(await analysisLines(store), 5);
  });

  test('tells the model who wrote, and the language of what was read before', async () => {
    const blobs = newBlobs();
    const watched = watchedModel();
    const { store, analyse } = startAnalyser(blobs, watched);
    await store.append(chatKey, [messageOf(1)]);
    await analyse(orderOf());
    await store.append(chatKey, [messageOf(2, { sender: { id: '8:acs:joe' } })]);
    await analyse(orderOf());
    assert.deepEqual(watched.asked, [
      { sender: 'Ada', prior: undefined },
      { sender: undefined, prior: 'en' },
    ]);
  });

  test('has an edited message analysed once more, and nothing that we sent or that has no words', async () => {
    const blobs = newBlobs();
    const watched = watchedModel();
    const { store, analyse } = startAnalyser(blobs, watched);
    const sent = messageOf(1, { sentBy: 'desk' });
    await store.append(chatKey, [
      sent,
      messageOf(2),
      messageOf(3, { text: ' ' }),
      messageOf(4, { text: '[image]' }),
    ]);
    await analyse(orderOf());
    const { composedAt: _, ...edited } = messageOf(2, { kind: 'edit', text: 'changed' });
    const version = String(Number(edited.version) + 60_000);
    const at = new Date(Number(version)).toISOString();
    await store.append(chatKey, [{ ...edited, id: `edit:2:${version}`, version, at }]);
    assert.deepEqual(await intentsIn(store), [
      ['1', undefined],
      ['2', undefined],
      ['3', undefined],
      ['4', undefined],
    ]);
    await analyse(orderOf());
    assert.deepEqual(watched.batches, [['message 2'], ['changed']]);
    assert.deepEqual((await intentsIn(store))[1], ['2', 'says changed']);
  });

  test('with messages of two years ago has those analysed, too', async () => {
    const blobs = newBlobs();
    const { store, analyse } = startAnalyser(blobs, watchedModel());
    const old = { at: '2024-01-02T03:04:05.000Z', composedAt: '2024-01-02T03:04:05.000Z' };
    await store.append(chatKey, [messageOf(0, { ...old, version: '1704164645000' })]);
    assert.equal((await analyse(orderOf())).analysed, 1);
    assert.deepEqual(await intentsIn(store), [['0', 'says message 0']]);
  });

  test('is read up to a limit: a text of a megabyte is cut, never in the middle of a character', async () => {
    const blobs = newBlobs();
    const watched = watchedModel();
    const { store, analyse } = startAnalyser(blobs, watched);
    await store.append(chatKey, [messageOf(0, { text: `x${'🎉'.repeat(500_000)}` })]);
    await analyse(orderOf());
    const read = watched.batches[0]?.[0] ?? '';
    assert.ok(read.length <= 4_000 && read.isWellFormed());
  });

  test('has only what is missing written where the provider has read it already', async () => {
    const blobs = newBlobs();
    const { store, analyse } = startAnalyser(blobs, watchedModel());
    const message = messageOf(0);
    await store.append(chatKey, [
      message,
      {
        kind: 'analysis',
        id: 'analysis:0:provider',
        conversation: chatKey.id,
        version: '1',
        at: message.at,
        messageId: '0',
        analysis: { by: 'provider', language: { code: 'de', confidence: 0.99 }, keyPhrases: ['parcel'] },
      },
    ]);
    assert.equal((await analyse(orderOf())).analysed, 1);
    const transcript = await store.read(conversationPath(chatKey));
    assert.deepEqual(transcript?.conversation.messages[0]?.analysis, {
      by: 'provider',
      language: { code: 'de', confidence: 0.99 },
      keyPhrases: ['parcel'],
      act: 'other',
      intent: 'says message 0',
    });
    const ours: unknown[] = [];
    await store.readEntries(conversationPath(chatKey), (entry) => {
      if (entry.kind === 'analysis' && entry.analysis.by === 'parley') ours.push(entry.analysis);
    });
    assert.deepEqual(ours, [{ by: 'parley', act: 'other', intent: 'says message 0' }]);
  });

  test('that is not there, or has no messages, costs nothing', async () => {
    const blobs = newBlobs();
    const watched = watchedModel();
    const { store, analyse } = startAnalyser(blobs, watched);
    assert.deepEqual(await analyse(orderOf()), { state: 'done', analysed: 0, reads: 0, batches: 0 });
    await store.append(chatKey, [
      {
        kind: 'topic',
        id: 't',
        conversation: chatKey.id,
        version: '1',
        at: '2026-11-23T09:00:00.000Z',
        topic: 'T',
      },
    ]);
    assert.equal((await analyse(orderOf())).analysed, 0);
    assert.equal(watched.batches.length, 0);
  });

  test('longer than one order may work is left to the next order, and lacks nothing in the end', async () => {
    const blobs = newBlobs();
    let now = Date.parse('2026-11-23T12:00:00Z');
    const watched = watchedModel(() => {
      now += 60_000;
    });
    const options = { model: watched.model, clock: () => new Date(now), milliseconds: 100_000 };
    const { store, analyse } = startAnalyser(blobs, options);
    await store.append(chatKey, messages(450));
    const outcomes = [await analyse(orderOf()), await analyse(orderOf()), await analyse(orderOf())];
    assert.deepEqual(
      outcomes.map(({ state, analysed }) => [state, analysed]),
      [
        ['unfinished', 200],
        ['unfinished', 200],
        ['done', 50],
      ],
    );
    assert.deepEqual(await intentsIn(store), everyMessage(450));
    for (const times of watched.timesRead().values()) assert.equal(times, 1);
  });
});

describe('orders that come at once', () => {
  test('are carried out by one of them: the others end at once, and what came meanwhile is not missed', async () => {
    const blobs = newBlobs();
    const { open, opened } = gate();
    let isReading = false;
    const watched = watchedModel(() => {
      isReading = true;
      return opened;
    });
    const one = startAnalyser(blobs, watched);
    const other = startAnalyser(blobs, watched);
    await one.store.append(chatKey, messages(3));
    const first = one.analyse(orderOf());
    await until(() => isReading);
    await one.store.append(chatKey, messages(2, 3));
    const left = await Promise.all(Array.from({ length: 6 }, () => other.analyse(orderOf())));
    for (const { state, reads } of left) assert.deepEqual([state, reads], ['left', 0]);
    open();
    assert.deepEqual(await first, { state: 'done', analysed: 5, reads: 2, batches: 2 });
    assert.deepEqual(await intentsIn(one.store), everyMessage(5));
    for (const times of watched.timesRead().values()) assert.equal(times, 1);
  });

  test('from four processes, with messages coming all the time, miss none and read none twice', async () => {
    const blobs = newBlobs();
    const watched = watchedModel(() => wait(3));
    const processes = Array.from({ length: 4 }, () => startAnalyser(blobs, watched));
    const lanes = processes.map(async ({ store, analyse }, lane) => {
      for (let round = 0; round < 25; round += 1) {
        await store.append(chatKey, messages(2, lane * 1_000 + round * 2));
        await analyse(orderOf());
      }
    });
    await Promise.all(lanes);
    const found = await intentsIn(processes[0]?.store ?? assert.fail());
    assert.equal(found.length, 200);
    for (const [id, intent] of found) assert.equal(intent, `says message ${id}`);
    for (const [text, times] of watched.timesRead()) assert.equal(times, 1, text);
  });
});

describe('an analysis that breaks off', () => {
  test('by a model that fails is done by the same order, come again; what was read before is not read again', async () => {
    const blobs = newBlobs();
    let isDown = true;
    const unavailable = new ParleyError('provider_unavailable', 'The model does not answer.');
    const watched = watchedModel((texts) => {
      if (isDown && texts.includes('message 100')) throw unavailable;
    });
    const { store, analyse } = startAnalyser(blobs, watched);
    await store.append(chatKey, messages(250));
    const order = orderOf();
    await assert.rejects(analyse(order), unavailable);
    assert.equal(await analysisLines(store), 100);
    isDown = false;
    assert.equal((await analyse(order)).analysed, 150);
    for (const times of watched.timesRead().values()) assert.equal(times, 1);
  });

  test('by a batch that fails for good does not hold up the batches after it', async () => {
    const blobs = newBlobs();
    const watched = watchedModel((texts) => {
      if (texts.includes('message 100')) throw new TypeError('cannot read this');
    });
    const { store, analyse } = startAnalyser(blobs, watched);
    await store.append(chatKey, messages(250));
    await assert.rejects(analyse(orderOf()), TypeError);
    assert.equal(await analysisLines(store), 150);
  });

  test('by a model that leaves a text out writes nothing of that batch', async () => {
    const blobs = newBlobs();
    const model = { method: 'extract' as const, analyse: async () => [] };
    const { store, analyse } = startAnalyser(blobs, { model });
    await store.append(chatKey, messages(2));
    await assert.rejects(analyse(orderOf()), /did not read every text/);
    assert.equal(await analysisLines(store), 0);
  });

  test('by a kill is done by the same order as soon as its claim has lapsed, and by nobody before', async () => {
    const blobs = newBlobs();
    const dead = new Promise<never>(() => {});
    const killed = startAnalyser(blobs, { ...watchedModel(() => dead), leaseMilliseconds: 1_000 });
    await killed.store.append(chatKey, messages(2));
    const order = orderOf();
    // It holds its claim by heartbeats until it is killed: here, until its requests no longer arrive.
    const abort = new AbortController();
    void killed.analyse(order, abort.signal).catch(() => {});
    await until(async () => (await blobs.analysis.read(`${conversationPath(chatKey)}.json`)) !== undefined);
    const name = `${conversationPath(chatKey)}.json`;
    const claim = JSON.parse((await blobs.analysis.read(name))?.text ?? '');
    // As the kill leaves it: nobody answers to that holder any more.
    const left = { ...claim, holder: 'killed', until: new Date(Date.now() + 1_500).toISOString() };
    await blobs.analysis.write(name, JSON.stringify(left), { contentType: 'application/json' });
    const watched = watchedModel();
    const next = startAnalyser(blobs, { model: watched.model, leaseMilliseconds: 1_000 });
    await next.store.append(chatKey, messages(1, 2));
    assert.equal((await next.analyse(orderOf())).state, 'left');
    const started = performance.now();
    assert.deepEqual(await next.analyse(order), { state: 'done', analysed: 3, reads: 1, batches: 1 });
    assert.ok(performance.now() - started > 500, 'did not wait for the claim to lapse');
    assert.deepEqual(await intentsIn(next.store), everyMessage(3));
    abort.abort();
  });

  test('between append and the end of its claim is not done twice', async () => {
    const blobs = newBlobs();
    const dying = watchedModel();
    const killed = startAnalyser(blobs, {
      model: dying.model,
      leaseMilliseconds: 300,
      append: async (store: TranscriptStore, ...all) => {
        await store.append(...all);
        throw new Error('killed after the append');
      },
    });
    await killed.store.append(chatKey, messages(2));
    const order = orderOf();
    await assert.rejects(killed.analyse(order), /killed/);
    const watched = watchedModel();
    assert.equal((await startAnalyser(blobs, watched).analyse(order)).analysed, 0);
    assert.equal(watched.batches.length, 0);
    assert.deepEqual(await intentsIn(killed.store), everyMessage(2));
  });

  test('by a claim that somebody took over writes nothing, and looks whether anything is left', async () => {
    const blobs = newBlobs();
    const { open, opened } = gate();
    let isReading = false;
    const slow = watchedModel(() => {
      isReading = true;
      return opened;
    });
    const stalled = startAnalyser(blobs, slow);
    await stalled.store.append(chatKey, messages(2));
    const first = stalled.analyse(orderOf());
    await until(() => isReading);
    // As an eraser does, or somebody after a stall of half a minute.
    await blobs.analysis.remove(`${conversationPath(chatKey)}.json`);
    await startAnalyser(blobs, watchedModel()).analyse(orderOf());
    open();
    assert.deepEqual(await first, { state: 'done', analysed: 0, reads: 1, batches: 1 });
    assert.equal(await analysisLines(stalled.store), 2);
    assert.deepEqual(await intentsIn(stalled.store), everyMessage(2));
  });

  test('an order that is given up frees the conversation, and tells whether others had relied on it', async () => {
    const blobs = newBlobs();
    const failing = watchedModel(() => {
      throw new TypeError('never');
    });
    const { store, analyse, giveUp, claims } = startAnalyser(blobs, failing);
    await store.append(chatKey, messages(1));
    const order = orderOf();
    await assert.rejects(analyse(order), TypeError);
    assert.equal(await giveUp(order), false);
    // Held by an order whose process was killed, while others left theirs to it.
    const signal = AbortSignal.timeout(10_000);
    const killed = orderOf();
    const claim = await claims.claim(killed, { signal });
    assert.ok(claim);
    assert.equal(await claims.claim(orderOf(), { signal }), undefined);
    assert.equal(await giveUp(killed), true);
    assert.equal(await giveUp(killed), false);
    const working = startAnalyser(blobs, watchedModel());
    assert.equal((await working.analyse(orderOf())).analysed, 1);
  });
});
