import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Chunk, findFile, type LinePosition, readChunk } from '../../src/shared/transfer/read-chunk.ts';
import { useAzurite } from '../support/azurite.ts';
import { type Bench, foldAll, openBench, run, runSteps, start, tell } from './transfer-bench.ts';

const azurite = useAzurite();

const line = (changes: Record<string, unknown> = {}) => ({
  channel: 'teams',
  conversation: 'ops',
  messageId: '1',
  at: '2026-11-23T09:00:00Z',
  sender: { id: 'mailto:ada@example.com', name: 'Ada' },
  text: 'The door is open.',
  ...changes,
});

async function upload({ blobs }: Bench, name: string, content: string | Buffer): Promise<void> {
  await blobs.imports.client.createIfNotExists();
  await blobs.imports.client.getBlockBlobClient(name).upload(content, Buffer.byteLength(content));
}

async function importText(bench: Bench, content: string | Buffer, name = 'history.jsonl') {
  await upload(bench, name, content);
  return run(bench, 'import', { file: name });
}

const toText = (lines: readonly unknown[]): string => lines.map((one) => `${JSON.stringify(one)}\n`).join('');

describe('a file of lines', () => {
  test('of any system becomes transcripts, and the same file again adds nothing', async () => {
    const bench = openBench(azurite.connectionString());
    const lines = [
      line(),
      line({ messageId: undefined, at: '2026-11-23T10:00:30+01:00', text: 'Closed it.', replyTo: '1' }),
      line({ conversation: 'dev', text: undefined, html: '<b>Ship</b> it', subject: 'Release' }),
      line({ channel: 'email', conversation: '<a@b>', to: [{ id: 'mailto:joe@example.com' }] }),
    ];
    const first = await importText(bench, toText(lines));
    assert.deepEqual(
      [first.state, first.read, first.added, first.skipped, first.problems],
      ['completed', 4, 4, 0, []],
    );
    const folds = await foldAll(bench);
    assert.deepEqual(
      folds.get('teams/ops')?.messages.map(({ at, text, replyTo }) => [at, text, replyTo]),
      [
        ['2026-11-23T09:00:00.000Z', 'The door is open.', undefined],
        ['2026-11-23T09:00:30.000Z', 'Closed it.', '1'],
      ],
    );
    const [shipped] = folds.get('teams/dev')?.messages ?? [];
    assert.deepEqual(
      [shipped?.text, shipped?.html, shipped?.subject],
      ['Ship it', '<b>Ship</b> it', 'Release'],
    );
    assert.equal(folds.size, 3);
    const again = await run(bench, 'import', { file: 'history.jsonl' });
    assert.deepEqual([again.read, again.added], [4, 0]);
    assert.deepEqual(await foldAll(bench), folds);
    const parts: string[] = [];
    for await (const { conversation } of bench.people.list('mailto:ada@example.com'))
      parts.push(conversation.id);
    assert.deepEqual(parts.sort(), ['<a@b>', 'dev', 'ops']);
  });

  test('loses only its bad lines, each named by its number and without a word of its text', async () => {
    const bench = openBench(azurite.connectionString());
    const entry = { kind: 'message', id: 'message:z:1', version: '1', at: '2026-11-23T09:00:00Z' };
    const bad: [string | Buffer, RegExp][] = [
      ['{"half":', /is not JSON/],
      ['Zebra', /is not JSON/],
      ['"Zebra"', /is not an object/],
      ['[]', /is not an object/],
      [Buffer.from([0xff, 0xfe, 0x00]), /is not UTF-8/],
      [JSON.stringify(line({ channel: 'Zebra Quince' })), /^channel: must be/],
      [JSON.stringify(line({ conversation: '' })), /^conversation: is empty/],
      [JSON.stringify(line({ conversation: '\ud800' })), /^conversation: is not well-formed/],
      [JSON.stringify(line({ conversation: 'Zebra'.repeat(2_000) })), /^conversation: is too long/],
      [JSON.stringify(line({ at: 'Zebra o’clock' })), /^at: must be a time/],
      [JSON.stringify(line({ at: undefined })), /^at: must be a time/],
      [JSON.stringify(line({ at: '2026-02-30T09:00:00Z' })), /^at: must be a time/],
      [JSON.stringify(line({ at: '9999-12-31T23:00:00-12:00' })), /^at: must be a time/],
      [JSON.stringify(line({ sender: 'Zebra' })), /^sender: /],
      [JSON.stringify(line({ text: undefined })), /has neither text nor html/],
      [JSON.stringify(line({ zebra: 1 })), /has a field that is not known/],
      [JSON.stringify(line({ sender: { id: 'a', zebra: 1 } })), /sender has a field that is not known/],
      [JSON.stringify(line({ metadata: { Zebra: 1 } })), /^metadata: /],
      [
        JSON.stringify(line({ attachments: [{ id: 'a', type: 'b', blob: 'chat/Zebra/1' }] })),
        /attachments has a/,
      ],
      [JSON.stringify(line({ kind: 'zebra' })), /^kind: /],
      [JSON.stringify({ ...line(), kind: 'message', id: 'message:1:1', version: '007' }), /^version: /],
      [`{"text":"${'Zebra'.repeat(7_000_000)}"}`, /is longer than 32 MiB/],
      [
        JSON.stringify(line({ ...entry, original: 'deep' })).replace(
          '"deep"',
          '['.repeat(1e5) + ']'.repeat(1e5),
        ),
        /cannot be kept/,
      ],
    ];
    const content = Buffer.concat(
      bad.flatMap(([text], index) => [
        Buffer.from(text),
        Buffer.from(`\r\n\n${JSON.stringify(line({ messageId: String(index) }))}\n`),
      ]),
    );
    const report = await importText(bench, content);
    assert.equal(report.state, 'completed');
    assert.deepEqual([report.read, report.skipped, report.added], [bad.length * 2, bad.length, bad.length]);
    for (const [index, [, reason]] of bad.entries()) {
      const problem = report.problems?.[index];
      assert.match(problem?.reason ?? '', reason);
      if (problem?.reason !== 'cannot be kept')
        assert.equal(problem?.where, `history.jsonl line ${index * 3 + 1}`);
    }
    assert.doesNotMatch(JSON.stringify(report.problems), /zebra/i);
    assert.equal((await foldAll(bench)).get('teams/ops')?.messages.length, bad.length);
  });

  test('is read in pieces of any size as if it were one', async () => {
    const { blobs } = openBench(azurite.connectionString());
    await blobs.imports.client.createIfNotExists();
    const texts = fc.array(
      fc.oneof(fc.constant(''), fc.string({ maxLength: 40 }), fc.constant('é\u2028'.repeat(20))),
    );
    const read = async (content: Buffer, chunkBytes: number): Promise<string[]> => {
      const blob = blobs.imports.client.getBlockBlobClient('pieces');
      await blob.upload(content, content.length);
      const facts = await findFile(blobs.imports, 'pieces');
      assert.ok(facts);
      const lines: string[] = [];
      let position: LinePosition | undefined = { offset: 0, line: 1 };
      while (position) {
        const options = { signal: AbortSignal.timeout(60_000), chunkBytes };
        const chunk: Chunk = await readChunk(blobs.imports, 'pieces', facts, position, options);
        for (const { number, bytes } of chunk.lines) {
          assert.equal(number, lines.length + 1);
          lines.push(bytes.toString('utf8'));
        }
        position = chunk.next;
      }
      return lines;
    };
    await fc.assert(
      fc.asyncProperty(
        texts,
        fc.integer({ min: 1, max: 60 }),
        fc.boolean(),
        async (lines, chunkBytes, isEnded) => {
          const content = Buffer.from(`${lines.join('\n')}${isEnded ? '\n' : ''}`);
          const expected = content.toString('utf8').split('\n');
          if (expected.at(-1) === '') expected.pop();
          assert.deepEqual(await read(content, chunkBytes), expected);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('is one of the container imports, whatever its name says', async () => {
    const bench = openBench(azurite.connectionString());
    const { client } = bench.blobs.transcripts;
    await importText(bench, toText([line()]));
    for (const way of ['../', './../', 'folder/../../', '..\\'])
      await assert.rejects(
        start(bench, 'import', { file: `${way}${client.containerName}/teams/ops/000001.jsonl` }),
        { code: 'bad_request' },
        way,
      );
  });

  test('that changes while it is read is given up, and says what to do', async () => {
    const bench = openBench(azurite.connectionString());
    await upload(bench, 'moving', toText([line()]));
    const id = await start(bench, 'import', { file: 'moving' });
    await upload(bench, 'moving', toText([line(), line({ messageId: '2' })]));
    await runSteps(bench, 'import', id);
    const report = await tell(bench, 'import', id);
    assert.deepEqual([report.failed, report.added], [1, 0]);
    assert.match(report.problems?.[0]?.reason ?? '', /Import it again/);
    assert.equal((await run(bench, 'import', { file: 'moving' })).added, 2);
  });

  test('of random bytes harms nothing', async () => {
    const bench = openBench(azurite.connectionString());
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), fc.json(), async (bytes, json) => {
        const content = Buffer.concat([bytes, Buffer.from(`\n${json}\n${JSON.stringify(line())}\n`)]);
        const report = await importText(bench, content);
        assert.deepEqual([report.state, report.failed], ['completed', 0]);
      }),
      { numRuns: 20 },
    );
    assert.equal((await foldAll(bench)).get('teams/ops')?.messages.length, 1);
  });
});
