import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { appFolder } from '../../local/stack.ts';
import { withFolder } from './temporary-folder.ts';

/** Runs `work` with a new folder inside the repository, from where built files find the installed packages. */
export async function withBuildFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  // Git-ignored.
  const parent = join(appFolder, '.tmp');
  await mkdir(parent, { recursive: true });
  return withFolder(work, parent);
}
