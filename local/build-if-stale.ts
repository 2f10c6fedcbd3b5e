import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Builds the app unless its build is newer than everything it is made from. */
export async function buildIfStale(appFolder: string, log: (line: string) => void): Promise<void> {
  const built = await modifiedAt(join(appFolder, 'dist', 'app.cjs'));
  if (built > (await newestSource(appFolder))) return;
  log('Building the app.');
  // Loaded only when needed: the bundler takes longer to load than everything else here.
  const { buildApp } = await import('./build.ts');
  await buildApp();
}

async function newestSource(appFolder: string): Promise<number> {
  const sources = await readdir(join(appFolder, 'src'), { recursive: true });
  const paths = ['package.json', 'package-lock.json', ...sources.map((name) => join('src', name))];
  return Math.max(...(await Promise.all(paths.map((path) => modifiedAt(join(appFolder, path))))));
}

/** In milliseconds since 1970; 0 for what does not exist. */
async function modifiedAt(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found?.mtimeMs ?? 0;
}
