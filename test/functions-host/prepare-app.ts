import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** A folder with an app in it, and one for the host's data; both go away after the test. */
export interface PreparedApp {
  appFolder: string;
  dataFolder: string;
}

/** Puts one of the apps beside this file, or the given source, into a folder of its own. */
export function prepareApp(
  context: TestContext,
  app: { file: string } | { source: string },
  hostJson = {},
): PreparedApp {
  const folder = mkdtempSync(join(tmpdir(), 'parley-host-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const appFolder = join(folder, 'app');
  mkdirSync(appFolder);
  symlinkSync(join(import.meta.dirname, '../../node_modules'), join(appFolder, 'node_modules'));
  if ('file' in app) copyFileSync(join(import.meta.dirname, 'apps', app.file), join(appFolder, 'app.cjs'));
  else writeFileSync(join(appFolder, 'app.cjs'), app.source);
  writeFileSync(join(appFolder, 'package.json'), JSON.stringify({ main: 'app.cjs' }));
  writeFileSync(join(appFolder, 'host.json'), JSON.stringify({ version: '2.0', ...hostJson }));
  return { appFolder, dataFolder: join(folder, 'data') };
}
