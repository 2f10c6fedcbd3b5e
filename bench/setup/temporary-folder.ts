import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onEarlyEnd } from './clean-up.ts';

const removal = { recursive: true, force: true, maxRetries: 5 };

/** Runs `work` with a new folder, which is removed afterwards whatever happens. */
export async function withFolder<Result>(
  work: (folder: string) => Promise<Result>,
  parent = tmpdir(),
): Promise<Result> {
  const folder = await mkdtemp(join(parent, 'parley-bench-'));
  const cleaned = onEarlyEnd(() => rmSync(folder, removal));
  try {
    return await work(folder);
  } finally {
    await rm(folder, removal);
    cleaned();
  }
}
