import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const announcement = z.object({ url: z.url(), pid: z.int() });

/** Where the emulator that keeps its state under `dataFolder` says its address. */
function fileIn(dataFolder: string): string {
  return join(dataFolder, 'acs', 'emulator.json');
}

/** Lets the commands find the emulator that this process runs; the returned function withdraws that. */
export function announceEmulator(dataFolder: string, url: string): () => void {
  const file = fileIn(dataFolder);
  mkdirSync(join(dataFolder, 'acs'), { recursive: true });
  writeFileSync(file, JSON.stringify({ url, pid: process.pid }));
  return () => {
    // Another one may have been started since.
    if (read(file)?.pid === process.pid) rmSync(file, { force: true });
  };
}

/** The address that was announced last, which may be that of one that was killed since. */
export function readAnnouncement(dataFolder: string): string | undefined {
  return read(fileIn(dataFolder))?.url;
}

function read(file: string): z.output<typeof announcement> | undefined {
  try {
    return announcement.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
