import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { runScript } from './run-program.ts';
import { temporaryFolder } from './temporary-folder.ts';

test('the demo shows a digest and two summaries, and leaves nothing behind', async (t) => {
  const folder = await temporaryFolder(t);
  const demo = runScript(t, 'local/demo.ts', { environment: { TMPDIR: folder } });
  assert.equal(await demo.ended, 0, demo.output());
  assert.match(demo.output(), /^ {3}(\d+) conversations had changed, \1 were summarized/m);
  assert.match(demo.output(), /GET \/api\/digests\/\d{4}-\d\d-\d\d\n {3}│ # /);
  assert.equal(demo.output().match(/GET \/api\/summaries\/chat\/\S+\n {3}│ # /g)?.length, 2);
  assert.match(demo.output(), /^ {3}summaries\/chat\/\S+\/summary\.md$/m);
  assert.equal(demo.output(), stripVTControlCharacters(demo.output()), 'no colours outside a terminal');
  assert.deepEqual(await readdir(folder), []);
});

test('a demo that is kept goes on running, says what to try, and ends with Ctrl-C', async (t) => {
  const folder = await temporaryFolder(t);
  const demo = runScript(t, 'local/demo.ts', { args: ['--keep'], environment: { TMPDIR: folder } });
  await demo.says('npm start');
  const [, url] = /curl '(http:\S+\/api\/conversations)'/.exec(demo.output()) ?? [];
  assert(url);
  assert.equal((await fetch(url)).status, 200);
  demo.signalGroup('SIGINT');
  assert.equal(await demo.ended, 0, demo.output());
  assert.equal((await readdir(folder)).length, 1, 'the data stays');
});
