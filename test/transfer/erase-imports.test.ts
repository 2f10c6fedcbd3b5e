import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { ErasureScope } from '../../src/shared/erasers/eraser.ts';
import type { Container } from '../../src/shared/storage/container.ts';
import { createImportsEraser } from '../../src/shared/transfer/erase-imports.ts';
import type { ImportState } from '../../src/shared/transfer/import-state.ts';
import { assertNone, expireAll, namesIn, sweepAll } from '../erasers/run-eraser.ts';
import { simpleMatcher } from '../erasers/simple-matcher.ts';
import { useAzurite } from '../support/azurite.ts';
import { openMortalStorage } from '../support/mortal-storage.ts';
import { openBench, runSteps, start, tell } from './transfer-bench.ts';

const azurite = useAzurite();
const words = ['4:+15551230009', 'zebra quince'];
const scope: ErasureScope = {
  person: { identities: ['4:+15551230009'], matcher: simpleMatcher(...words) },
  conversations: [
    { channel: 'teams', id: 'gone', isWhole: true },
    { channel: 'teams', id: 'ops', isWhole: false },
  ],
};

const line = (changes: Record<string, unknown> = {}): string =>
  JSON.stringify({
    channel: 'teams',
    conversation: 'ops',
    at: '2026-11-23T09:00:00Z',
    sender: { id: 'mailto:ada@example.com' },
    text: 'The door is open.',
    ...changes,
  });

async function upload(container: Container, name: string, content: string | Buffer): Promise<void> {
  await container.client.createIfNotExists();
  await container.client.getBlockBlobClient(name).upload(content, Buffer.byteLength(content), {
    blobHTTPHeaders: { blobContentType: 'application/x-ndjson' },
    metadata: { from: 'elsewhere' },
  });
}

const textOf = async (container: Container, name: string): Promise<string | undefined> =>
  (await container.read(name))?.text;

const eraserOf = (container: Container, ahead = { milliseconds: 0 }, pageSize = 3) =>
  createImportsEraser(container, { clock: () => new Date(Date.now() + ahead.milliseconds), pageSize });

function waiting(ahead: { milliseconds: number }) {
  return (waitMilliseconds: number): void => {
    ahead.milliseconds += waitMilliseconds;
  };
}

const stateOf = (changes: Partial<ImportState>): ImportState => ({
  id: 'x',
  importer: 'file',
  source: 'history.jsonl',
  state: 'completed',
  startedAt: '2026-11-23T09:00:00.000Z',
  read: 7,
  added: 5,
  skipped: 2,
  forgotten: 0,
  failed: 0,
  problems: [],
  problemCount: 0,
  readAs: [],
  open: [],
  ...changes,
});

const isTheirs = (text: string): boolean =>
  words.some((word) => text.includes(word)) || /"conversation":"gone"/.test(text);

describe('files that were put there to be imported', () => {
  test('lose the lines that are theirs, to the byte no other, and keep their type and metadata', async () => {
    const container = azurite.newContainer();
    const stays = [
      line(),
      '',
      line({ text: 'Zebras … “quoted” \ud83d\ude00' }),
      '  ',
      '{"half',
      line({ conversation: 'gone2' }),
    ];
    const goes = [
      line({ text: 'a zebra quince' }),
      line({ sender: { id: '4:+15551230009' } }),
      line({ to: [{ id: '4:+15551230009' }] }),
      line({ conversation: 'gone' }),
      `{"half": "zebra quince`,
    ];
    const mixed = [
      stays[0],
      goes[0],
      stays[1],
      goes[1],
      stays[2],
      goes[2],
      stays[3],
      goes[3],
      stays[4],
      goes[4],
      stays[5],
    ];
    await upload(container, 'mixed.jsonl', mixed.join('\n'));
    await upload(container, 'calm.jsonl', stays.join('\n'));
    await upload(container, 'theirs.jsonl', `${goes.slice(0, 2).join('\n')}\n`);
    const calm = await container.read('calm.jsonl');
    const { removed } = await sweepAll(eraserOf(container), scope, { pieces: 1 });
    assert.equal(removed, 7);
    const left = await container.read('mixed.jsonl');
    assert.equal(left?.text, `${stays.join('\n')}\n`);
    assert.deepEqual(left?.metadata, { from: 'elsewhere' });
    const { contentType } = await container.client.getBlobClient('mixed.jsonl').getProperties();
    assert.equal(contentType, 'application/x-ndjson');
    assert.deepEqual(await container.read('calm.jsonl'), calm);
    assert.deepEqual(await namesIn(container), ['calm.jsonl', 'mixed.jsonl']);
    assert.equal((await sweepAll(eraserOf(container), scope)).removed, 0);
  });

  test('of another kind, of their name, or that cannot be rewritten go whole where they have a trace', async () => {
    const container = azurite.newContainer();
    await upload(container, 'table.csv', 'name,text\nJoe,"a zebra quince"\n');
    await upload(container, 'calm.csv', 'name,text\nAda,"the door"\n');
    await upload(container, 'list.json', JSON.stringify([{ text: 'zebra quince' }], null, 2));
    await upload(container, 'pretty.json', JSON.stringify({ text: 'zebra quince' }, null, 2));
    await upload(container, 'about zebra quince.jsonl', line());
    await upload(container, 'empty', '');
    await upload(container, 'bytes.zip', Buffer.from([0x50, 0x4b, 3, 4, 0, 255, 254, 10]));
    await upload(
      container,
      'long.jsonl',
      `${line()}\n{"text":"${'x'.repeat(33 * 1024 ** 2)} zebra quince"}\n`,
    );
    const append = container.client.getAppendBlobClient('appended.jsonl');
    await append.create();
    await append.appendBlock(
      line({ text: 'zebra quince' }),
      Buffer.byteLength(line({ text: 'zebra quince' })),
    );
    const { removed } = await sweepAll(eraserOf(container), scope);
    assert.equal(removed, 6);
    assert.deepEqual(await namesIn(container), ['bytes.zip', 'calm.csv', 'empty']);
  });

  test('a word that two pieces of a large file share is found', async () => {
    const container = azurite.newContainer();
    const piece = 4 * 1024 ** 2;
    for (const size of [piece - 6, piece - 64 * 1024 - 6, 2 * (piece - 64 * 1024) - 6]) {
      await upload(container, 'one line.txt', `x${'y'.repeat(size)}zebra quince${'z'.repeat(5_000_000)}`);
      assert.equal((await sweepAll(eraserOf(container), scope)).removed, 1, `at ${size}`);
    }
  });

  test('of hundreds of megabytes are rewritten within a small memory', async () => {
    const container = azurite.newContainer();
    await container.client.createIfNotExists();
    const bytes = 200 * 1024 ** 2;
    const plain = Buffer.from(`${line({ text: 'The door is open. '.repeat(200) })}\n`);
    const theirs = Buffer.from(`${line({ text: 'zebra quince' })}\n`);
    function* content(): Generator<Buffer> {
      for (let size = 0, number = 0; size < bytes; size += plain.length, number += 1) {
        yield plain;
        if (number % 1_000 === 0) yield theirs;
      }
    }
    await container.client
      .getBlockBlobClient('large.jsonl')
      .uploadStream(Readable.from(content()), 8 * 1024 ** 2, 4);
    const before = process.memoryUsage().rss;
    let most = before;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss);
    }, 20);
    // As often as an erasure that has a minute for each of its steps.
    const { removed, calls } = await sweepAll(eraserOf(container), scope, { pieces: 10 });
    clearInterval(watch);
    assert.ok(calls > 5, `${calls} calls`);
    assert.equal(removed, Math.ceil(Math.ceil(bytes / plain.length) / 1_000));
    const { contentLength } = await container.client.getBlobClient('large.jsonl').getProperties();
    assert.equal(contentLength, Math.ceil(bytes / plain.length) * plain.length);
    assert.ok(most - before < 150 * 1024 ** 2, `${Math.round((most - before) / 1024 ** 2)} MiB more`);
  });

  test('an upload at the same time is neither lost nor left unsearched', async () => {
    const container = azurite.newContainer();
    await upload(container, 'a.jsonl', `${line({ text: 'zebra quince' })}\n${line()}\n`);
    let requests = 0;
    const storage = openMortalStorage(azurite.connectionString(), {
      pass: async () => {
        requests += 1;
        // Between reading it and writing it anew.
        if (requests === 5)
          await upload(
            container,
            'a.jsonl',
            `${line({ text: 'new' })}\n${line({ text: 'zebra quince 2' })}\n`,
          );
      },
    });
    await sweepAll(eraserOf(storage.open(container.client.containerName)), scope);
    assert.equal(await textOf(container, 'a.jsonl'), `${line({ text: 'new' })}\n`);
  });

  test('an upload between two calls of a sweep is looked at anew', async () => {
    const container = azurite.newContainer();
    const long = `${line({ text: 'x'.repeat(3 * 1024 ** 2) })}\n`;
    const theirs = `${line({ text: 'zebra quince' })}\n`;
    await upload(container, 'a.jsonl', theirs + long.repeat(4));
    let uploads = 0;
    const { calls } = await sweepAll(eraserOf(container), scope, {
      pieces: 1,
      between: async () => {
        uploads += 1;
        if (uploads === 2) await upload(container, 'a.jsonl', long + theirs + long.repeat(2));
      },
    });
    assert.ok(calls > 3, `${calls} calls`);
    assert.equal(await textOf(container, 'a.jsonl'), long.repeat(3));
  });

  test('killed at any request and swept again, leaves every other line as it was', async () => {
    const stays = [line(), line({ text: 'More' })];
    for (let at = 1; at <= 9; at += 1) {
      const container = azurite.newContainer();
      await upload(container, 'a.jsonl', [stays[0], line({ text: 'zebra quince' }), stays[1]].join('\n'));
      const storage = openMortalStorage(azurite.connectionString(), {
        at,
        when: at % 2 ? 'before' : 'after',
      });
      const mortal = eraserOf(storage.open(container.client.containerName));
      await Promise.race([sweepAll(mortal, scope), storage.reaper.death]);
      await sweepAll(eraserOf(container), scope);
      assert.equal(await textOf(container, 'a.jsonl'), `${stays.join('\n')}\n`, `a kill at ${at}`);
    }
  });

  test('whatever lines a file has, exactly theirs go', async () => {
    const anyLine = fc.oneof(
      fc.constant(line()),
      fc.constant(line({ text: 'zebra quince' })),
      fc.constant(line({ conversation: 'gone' })),
      fc.string().map((text) => line({ text })),
      fc.json().map((json) => json.replaceAll('\n', ' ')),
      fc.constant(''),
      fc.constant('half of a zebra quince'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(anyLine, { maxLength: 12 }), async (lines) => {
        const container = azurite.newContainer();
        const all = [line({ text: 'first' }), ...lines];
        await upload(container, 'a.jsonl', `${all.join('\n')}\n`);
        await sweepAll(eraserOf(container), scope);
        const left = all.filter((one) => !isTheirs(one));
        assert.equal(await textOf(container, 'a.jsonl'), `${left.join('\n')}\n`);
      }),
      { numRuns: 40 },
    );
  });
});

describe('what tells of imports', () => {
  const put = (container: Container, id: string, state: ImportState | string) =>
    container.write(`runs/${id}.json`, typeof state === 'string' ? state : JSON.stringify(state), {
      contentType: 'application/json',
    });
  const read = async (container: Container, id: string) =>
    JSON.parse((await textOf(container, `runs/${id}.json`)) ?? 'null');

  test('goes where it has ended and names them; under way it is cleaned, or cancelled where it is about them', async () => {
    const container = azurite.newContainer();
    const [identity = ''] = words;
    await put(container, 'calm', stateOf({}));
    await put(container, 'theirs', stateOf({ source: { user: identity } }));
    await put(container, 'read-as-them', stateOf({ readAs: ['8:acs:ada', identity] }));
    await put(container, 'of-gone', stateOf({ problems: [{ where: 'gone', reason: 'x' }] }));
    await put(container, 'broken', `{"readAs":["${identity}`);
    const running = stateOf({
      state: 'running',
      open: [{ work: { where: 'x' }, notBefore: 0, failures: 0 }],
    });
    const readAs = ['8:acs:ada', identity];
    const problems = [
      { where: 'a', reason: `ask ${identity}` },
      { where: 'b', reason: 'x' },
    ];
    await put(container, 'goes-on', { ...running, readAs, problems });
    const open = [...running.open, { work: { where: 'y', as: identity }, notBefore: 0, failures: 0 }];
    await put(container, 'reads-as-them', { ...running, readAs, open });
    const ahead = { milliseconds: 0 };
    await sweepAll(eraserOf(container, ahead), scope, { between: waiting(ahead) });
    assert.ok(ahead.milliseconds > 0, 'those under way are looked at again');
    await assertNone(container, words);
    assert.deepEqual(await namesIn(container), [
      'runs/calm.json',
      'runs/goes-on.json',
      'runs/reads-as-them.json',
    ]);
    assert.deepEqual(await read(container, 'goes-on'), {
      ...running,
      readAs: ['8:acs:ada'],
      problems: [{ where: 'b', reason: 'x' }],
    });
    const cancelled = await read(container, 'reads-as-them');
    assert.deepEqual(
      [cancelled.state, cancelled.source, cancelled.open, cancelled.read],
      ['cancelled', '(erased)', [], 7],
    );
  });

  test('a step under way saves nothing over what was cleaned, and ends', async () => {
    const bench = openBench(azurite.connectionString(), { stepMilliseconds: 0 });
    await upload(bench.blobs.imports, 'zebra quince.jsonl', `${line()}\n`);
    const id = await start(bench, 'import', { file: 'zebra quince.jsonl' });
    const ahead = { milliseconds: 0 };
    await sweepAll(eraserOf(bench.blobs.imports, ahead), scope, { between: waiting(ahead) });
    await runSteps(bench, 'import', id);
    const told = await tell(bench, 'import', id);
    assert.deepEqual([told.state, told.source, told.added], ['cancelled', { file: '(erased)' }, 0]);
    await assertNone(bench.blobs.imports, words);
  });

  test('is not waited for where all have ended', async () => {
    const container = azurite.newContainer();
    await put(container, 'calm', stateOf({}));
    assert.deepEqual(await sweepAll(eraserOf(container), scope), { removed: 0, calls: 1 });
  });

  test('expires with the files once it is old enough, but not under way', async () => {
    const container = azurite.newContainer();
    await put(container, 'ended', stateOf({}));
    await put(container, 'running', stateOf({ state: 'running' }));
    await upload(container, 'a.jsonl', line());
    assert.equal((await expireAll(eraserOf(container), '2026-11-01T00:00:00.000Z')).removed, 0);
    assert.equal(
      (await expireAll(eraserOf(container), new Date(Date.now() + 60_000).toISOString())).removed,
      2,
    );
    assert.deepEqual(await namesIn(container), ['runs/running.json']);
  });

  test('nothing there and no container are nothing to do', async () => {
    assert.deepEqual(await sweepAll(eraserOf(azurite.newContainer()), scope), { removed: 0, calls: 1 });
  });
});
