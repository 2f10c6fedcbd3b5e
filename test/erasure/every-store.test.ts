import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { createServices } from '../../src/shared/services.ts';
import { readSettings } from '../../src/shared/settings.ts';

/** What all matches of a pattern in the sources of the app name. */
async function namesInSources(pattern: RegExp): Promise<string[]> {
  const found = new Set<string>();
  for (const entry of await readdir('src', { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
    const source = await readFile(join(entry.parentPath, entry.name), 'utf8');
    for (const [, name = ''] of source.matchAll(pattern)) found.add(name);
  }
  return [...found].sort();
}

const containers = await namesInSources(/openContainer\(\s*[\w.]+,\s*'([^']+)'/g);
const ofBindings = await namesInSources(/queueName:\s*'([^']+)'/g);
const queues = [
  ...new Set(ofBindings.flatMap((name) => [name, name.endsWith('-poison') ? name : `${name}-poison`])),
].sort();

describe('whatever stores something has an eraser', () => {
  const { erasers } = createServices(readSettings({}));
  const names = erasers.map(({ name }) => name).sort();

  test('every container that is opened and every queue that is bound, its poison too', () => {
    assert.ok(containers.length > 12 && queues.length >= 4, 'the sources were read');
    const stores = [...containers, ...queues.map((name) => `queue ${name}`)].sort();
    assert.deepEqual(names, stores);
  });

  test('no container is opened, and no queue bound, under a name that the sources do not spell out', async () => {
    const calls = await namesInSources(/openContainer\(\s*([\w.]+,\s*[^'\s][^,)]*)/g);
    assert.deepEqual(calls, []);
    assert.deepEqual(await namesInSources(/queueName:\s*([^'\s][^,}]*)/g), []);
  });

  test('each tells how it forgets a conversation or is swept, and the transcripts come last', () => {
    for (const { name, eraser } of erasers) {
      assert.ok(eraser.eraseConversation ?? eraser.sweep, `${name} forgets nothing`);
    }
    assert.equal(erasers[0]?.name, 'people');
    assert.equal(erasers.at(-1)?.name, 'transcripts');
  });
});
