import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../eval/rouge.ts', import.meta.url));
const run = (...args: string[]) => spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });

describe('npm run eval', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-eval-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  test('without a file, or with one that is missing, it says how to use it and exits 2', () => {
    for (const args of [[], [join(folder, 'missing.jsonl')]]) {
      const { status, stderr } = run(...args);
      assert.equal(status, 2);
      assert.match(stderr, /npm run eval -- <file\.jsonl>/);
    }
  });

  test('it prints the figures of the summary beside those of the first three turns', async () => {
    const file = join(folder, 'sample.jsonl');
    const dialogue =
      '#Person1#: The printer on the second floor is broken.\n#Person2#: I will call the technician.';
    await writeFile(file, JSON.stringify({ dialogue, summary: 'Person1 says the printer is broken.' }));
    const { status, stdout } = run(file);
    assert.equal(status, 0);
    assert.match(stdout, /offline summary( +\d+\.\d){3}\n/);
    assert.match(stdout, /first three turns( +\d+\.\d){3}\n/);
    assert.match(stdout, /1 dialogues, \d+\.\d ms each/);
  });
});
