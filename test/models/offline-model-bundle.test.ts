import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const offlineModel = fileURLToPath(
  new URL('../../src/shared/models/offline/offline-model.ts', import.meta.url),
);

describe('the offline model in the bundle that is deployed', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-bundle-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  test('summarizes, and loads the language parts only when it does', async () => {
    const entry = join(folder, 'entry.ts');
    const bundle = join(folder, 'app.cjs');
    await writeFile(
      entry,
      `import { extractSummary } from ${JSON.stringify(offlineModel)};
       const before = process.memoryUsage().heapUsed;
       const message = { id: 'm1', at: '2025-01-01T00:00:00.000Z', sender: { id: 'a', name: 'Ann' }, text: "The printer is broken. I'll call the technician tomorrow." };
       extractSummary({ channel: 'chat', id: 'c', participants: [], messages: [message] })
         .then((content) => console.log(JSON.stringify({ content, before, after: process.memoryUsage().heapUsed })));`,
    );
    await build({
      entryPoints: [entry],
      outfile: bundle,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      logLevel: 'silent',
    });
    const { stdout, stderr } = spawnSync(process.execPath, [bundle], { encoding: 'utf8' });
    assert.equal(stderr, '');
    const { content } = JSON.parse(stdout);
    assert.equal(content.actionItems[0].text, "I'll call the technician tomorrow.");
    assert.equal(content.language, 'en');
  });

  test('no source imports a language part at the start', async () => {
    const sources = ['read-english.ts', 'identify-language.ts'].map((name) =>
      fileURLToPath(new URL(`../../src/shared/analysis/${name}`, import.meta.url)),
    );
    for (const source of sources) {
      assert.doesNotMatch(await readFile(source, 'utf8'), /^import (?!type)[^;]*'(?:wink|eld)/m);
    }
  });
});
