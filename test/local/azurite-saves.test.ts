import assert from 'node:assert/strict';
import fs, { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { trackSaves } from '../../local/azurite/track-saves.ts';

interface Adapter {
  fs: object;
}

interface Database {
  addCollection(name: string): { insert(document: object): void };
  saveDatabase(): void;
  close(closed: () => void): void;
}

/** What Azurite does with its database, LokiJS. */
interface Loki {
  new (file: string, options: { adapter: Adapter; autosave: boolean; autosaveInterval: number }): Database;
  LokiFsAdapter: new () => Adapter;
}

test('a save that is under way when Azurite closes is waited for', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-saves-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const allSaved = trackSaves();
  const Loki: Loki = createRequire(createRequire(import.meta.url).resolve('azurite/package.json'))('lokijs');
  const adapter = new Loki.LokiFsAdapter();
  let write = (): void => assert.fail('nothing was saved');
  const writeFile = (...all: Parameters<typeof fs.writeFile>): void => {
    write = () => fs.writeFile(...all);
  };
  adapter.fs = { ...fs, writeFile };

  const file = join(folder, 'database.json');
  const database = new Loki(file, { adapter, autosave: true, autosaveInterval: 60_000 });
  database.addCollection('blobs').insert({ name: 'acknowledged' });
  database.saveDatabase();
  await new Promise<void>((closed) => database.close(closed));
  assert.equal(existsSync(file), false, 'its own close waits for the disk: tracking saves is needed no more');

  const saved = allSaved();
  write();
  await saved;
  assert.ok(existsSync(file));
});
