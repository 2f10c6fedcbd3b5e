import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Container } from '../../src/shared/storage/container.ts';
import type { TranscriptEntry } from '../../src/shared/transcripts/entry.ts';
import { rewriteTranscript } from '../../src/shared/transcripts/rewrite.ts';
import { openTranscripts } from '../../src/shared/transcripts/store.ts';
import { useAzurite } from '../support/azurite.ts';
import { openMortalStorage } from '../support/mortal-storage.ts';
import { conversation, withoutJoe, wrote } from './entries.ts';

const azurite = useAzurite();
const key = { channel: 'chat', id: conversation };
const path = 'chat/19~3arewrite~40thread~2ev2';
const rewrite = (container: Container, change = withoutJoe, holder = 'run') =>
  rewriteTranscript(container, path, change, { holder });

interface Options {
  segmentBytes?: number;
  appendsPerSegment?: number;
}

function newTranscripts({ segmentBytes = 1024 ** 2, ...options }: Options = {}) {
  const container = azurite.newContainer();
  return { container, transcripts: openTranscripts(container, { segmentBytes, ...options }) };
}

async function segmentsIn(container: Container): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const { blobs } of container.pages()) {
    for (const { name, properties } of blobs) found.set(name, properties.etag);
  }
  return found;
}

async function textIn(container: Container): Promise<string> {
  const texts: string[] = [];
  for (const name of (await segmentsIn(container)).keys()) {
    texts.push((await container.read(name))?.text ?? '');
  }
  return texts.join('');
}

const texts = async ({ transcripts }: ReturnType<typeof newTranscripts>): Promise<string[]> =>
  (await transcripts.read(path))?.conversation.messages.map(({ text }) => text) ?? [];

describe('rewriting a transcript', () => {
  test('what goes is gone from storage, what is changed is changed, the rest stays to the letter', async () => {
    const { container, transcripts } = newTranscripts();
    await transcripts.append(key, [wrote('ada', 1), wrote('joe', 2), wrote('ada', 3, 'joe said so')]);
    const [before = ''] = (await textIn(container)).split('\n');
    const rewritten = await rewrite(container);
    assert.deepEqual(rewritten, { dropped: 1, changed: 1, changedIds: ['message:3:3'] });
    const after = await textIn(container);
    assert.equal(after.split('\n')[0], before);
    assert.doesNotMatch(after, /joe/);
    const read = await transcripts.read(path);
    assert.deepEqual(
      read?.conversation.messages.map(({ id, text }) => [id, text]),
      [
        ['1', 'ada 1'],
        ['3', '[erased] said so'],
      ],
    );
    const [listed] = await Array.fromAsync(transcripts.list());
    assert.deepEqual([listed?.key, listed?.version], [key, read?.version]);
    assert.deepEqual(await rewrite(container), { dropped: 0, changed: 0, changedIds: [] });
  });

  test('segments in which nothing changes are left alone, and one of which nothing stays leaves none', async () => {
    const { container, transcripts } = newTranscripts({ appendsPerSegment: 1 });
    for (const sender of ['ada', 'joe', 'grace']) await transcripts.append(key, [wrote(sender, 1)]);
    const before = await segmentsIn(container);
    assert.equal(before.size, 3);
    await rewrite(container);
    before.delete(`${path}/000002.jsonl`);
    assert.deepEqual(await segmentsIn(container), before);
  });

  test('lines that this version cannot read stay to the letter, unless they carry a trace', async () => {
    const { container, transcripts } = newTranscripts();
    await transcripts.append(key, [wrote('joe', 1)]);
    const blob = container.client.getAppendBlobClient(`${path}/000001.jsonl`);
    const lines = [
      '{"kind":"call",  "text":"hello"}',
      'no json \u2028 at all',
      '{"kind":"call","text":"joe"}',
    ];
    const block = Buffer.from(`${lines.join('\n')}\n`);
    await blob.appendBlock(block, block.length);
    const isTraced = (line: string) => line.includes('joe');
    const rewritten = await rewriteTranscript(container, path, withoutJoe, { holder: 'run', isTraced });
    assert.equal(rewritten.dropped, 2);
    assert.equal(await textIn(container), `${lines.slice(0, 2).join('\n')}\n`);
  });

  test('an entry that stays keeps what a later version told in it', async () => {
    const { container, transcripts } = newTranscripts();
    await transcripts.append(key, [wrote('joe', 1)]);
    const blob = container.client.getAppendBlobClient(`${path}/000001.jsonl`);
    const line = Buffer.from(`${JSON.stringify({ ...wrote('ada', 2), mood: 'fine' })}\n`);
    await blob.appendBlock(line, line.length);
    await rewrite(container);
    assert.equal(await textIn(container), line.toString());
  });

  test('lines of megabytes are copied whole', async () => {
    const { container, transcripts } = newTranscripts({ segmentBytes: 64 * 1024 ** 2 });
    const long = ['a', 'b', 'c', 'd', 'e'].map((letter) => letter.repeat(3_000_000));
    await transcripts.append(key, [
      wrote('joe', 0),
      ...long.map((text, index) => wrote('ada', index + 1, text)),
    ]);
    await rewrite(container);
    assert.deepEqual(await texts({ container, transcripts }), long);
    assert.equal((await segmentsIn(container)).size, 1);
  });

  test('a conversation that is not there is none', async () => {
    const { container } = newTranscripts();
    assert.deepEqual(await rewrite(container), { dropped: 0, changed: 0, changedIds: [] });
  });
});

describe('rewriting a transcript while it is written to', () => {
  const people = fc.constantFrom('ada', 'joe', 'grace');
  /** In what order happens what: somebody writes, from one of two processes, or the rewriting goes on by one request. */
  const course = fc.array(fc.oneof(people, fc.constant('go on')), { minLength: 5, maxLength: 40 });

  test('no message is lost and none comes back, at whatever moment others are written', async () => {
    await fc.assert(
      fc.asyncProperty(course, fc.integer({ min: 1, max: 4 }), async (happenings, appendsPerSegment) => {
        const { container, transcripts } = newTranscripts({ appendsPerSegment });
        const other = openTranscripts(container, { segmentBytes: 1024 ** 2, appendsPerSegment });
        const gate = createGate(container);
        const written: TranscriptEntry[] = [wrote('ada', 0), wrote('joe', 1, 'first')];
        await transcripts.append(key, written);
        const rewriting = rewrite(gate.container);
        for (const [index, happening] of happenings.entries()) {
          if (happening === 'go on') {
            await gate.step();
            continue;
          }
          const entry = wrote(happening, index + 2);
          await (index % 2 === 0 ? transcripts : other).append(key, [entry]);
          written.push(entry);
        }
        gate.open();
        await rewriting;
        await rewrite(container);
        const expected = written.flatMap((entry) => withoutJoe(entry) ?? []).map(({ id }) => id);
        const messages = (await other.read(path))?.conversation.messages ?? [];
        assert.deepEqual(
          messages.map(({ id }) => `message:${id}:${id}`),
          expected,
        );
        assert.doesNotMatch(await textIn(container), /joe/);
      }),
      { numRuns: 60 },
    );
  });

  test('two who write without a pause do not keep it from its end', async () => {
    const { container, transcripts } = newTranscripts();
    const other = openTranscripts(container, { segmentBytes: 1024 ** 2 });
    await transcripts.append(key, [wrote('joe', 0), wrote('ada', 1)]);
    let isDone = false;
    let number = 2;
    const write = async (store: typeof transcripts) => {
      while (!isDone) {
        number += 1;
        await store.append(key, [wrote('grace', number)]);
      }
    };
    const writers = [write(transcripts), write(other)];
    const rewritten = await rewrite(container);
    isDone = true;
    await Promise.all(writers);
    assert.equal(rewritten.dropped, 1);
    assert.doesNotMatch(await textIn(container), /joe/);
    const { messages = [] } = (await transcripts.read(path))?.conversation ?? {};
    assert.equal(messages.length, number - 1);
  });
});

describe('rewriting a transcript that breaks off', () => {
  test('killed before or after any of its requests, and done again, it loses nothing and brings nothing back', async () => {
    let deaths = 0;
    for (const when of ['before', 'after'] as const) {
      for (let at = 1; ; at += 1) {
        const { container, transcripts } = newTranscripts({ appendsPerSegment: 2 });
        for (const [index, sender] of ['ada', 'joe', 'joe', 'grace', 'ada'].entries()) {
          await transcripts.append(key, [wrote(sender, index)]);
        }
        const { open, reaper } = openMortalStorage(azurite.connectionString(), { at, when });
        await Promise.race([rewrite(open(container.client.containerName)), reaper.death]);
        await transcripts.append(key, [wrote('grace', 5)]);
        await rewrite(container);
        assert.deepEqual(await texts({ container, transcripts }), ['ada 0', 'grace 3', 'ada 4', 'grace 5']);
        assert.doesNotMatch(await textIn(container), /joe/);
        if (!reaper.hasStruck()) break;
        deaths += 1;
      }
    }
    assert.ok(deaths > 20, `${deaths} deaths`);
  });
});

describe('two who rewrite the same transcript', () => {
  const without = (name: string) => (entry: TranscriptEntry) =>
    'sender' in entry && entry.sender.id === name ? undefined : entry;

  test('each has a segment to itself, and what one took out does not come back by the other', async () => {
    const { container, transcripts } = newTranscripts();
    await transcripts.append(key, [wrote('ada', 1), wrote('joe', 2), wrote('grace', 3)]);
    const gate = createGate(container);
    const first = rewriteTranscript(gate.container, path, without('joe'), { holder: 'first' });
    // Listed, looked through, leased and read.
    for (let step = 0; step < 4; step += 1) await gate.step();
    const second = () => rewriteTranscript(container, path, without('grace'), { holder: 'second' });
    await assert.rejects(second, /does not answer in time/);
    gate.open();
    await first;
    assert.equal((await second()).dropped, 1);
    assert.deepEqual(await texts({ container, transcripts }), ['ada 1']);
    assert.doesNotMatch(await textIn(container), /joe|grace/);
  });

  test('many at once come to the end when each tries again', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const { container, transcripts } = newTranscripts({ appendsPerSegment: 3 });
    for (let number = 0; number < 30; number += 1) {
      await transcripts.append(key, [wrote(names[number % 6] ?? '', number)]);
    }
    const persist = async (name: string): Promise<void> => {
      for (;;) {
        try {
          const { dropped } = await rewrite(container, without(name), name);
          if (dropped === 0) return;
        } catch (error) {
          if (!(error instanceof Error && /in time/.test(error.message))) throw error;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    };
    await Promise.all(names.slice(1).map(persist));
    assert.deepEqual(
      await texts({ container, transcripts }),
      [0, 6, 12, 18, 24].map((number) => `a ${number}`),
    );
    assert.doesNotMatch(await textIn(container), /"[b-f]"/);
  });
});

/** A container whose requests wait until they are let through, one by one. */
function createGate(container: Container) {
  const waiting: (() => void)[] = [];
  let isOpen = false;
  let wake = () => {};
  const pass = async () => {
    if (isOpen) return;
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      wake();
    });
  };
  const gated = openMortalStorage(azurite.connectionString(), { pass });
  return {
    container: gated.open(container.client.containerName),
    /** Lets one request through, if one comes within a moment. */
    async step() {
      if (waiting.length === 0) {
        await Promise.race([
          new Promise<void>((resolve) => {
            wake = resolve;
          }),
          new Promise((resolve) => setTimeout(resolve, 30)),
        ]);
      }
      waiting.shift()?.();
      // What it is answered may have it send the next.
      await new Promise((resolve) => setTimeout(resolve, 10));
    },
    open() {
      isOpen = true;
      for (const go of waiting.splice(0)) go();
    },
  };
}
