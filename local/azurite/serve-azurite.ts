// The program of the Azurite process: serve-azurite.ts <folder> <blob port> <queue port>, ports 0 for any free one.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { holdLock } from '../hold-lock.ts';
import type { AzuriteReport } from './azurite-report.ts';
import type { OpenService } from './open-services.ts';
import { trackSaves } from './track-saves.ts';

const lockPollMilliseconds = 50;

/** Several times as long as Azurite takes to save its index. */
const clearMilliseconds = 30_000;

/** Settles when this process is to end. The channel closes with the parent, even when that was killed. */
const asked = new Promise<void>((resolve) => {
  process.once('disconnect', resolve);
  process.once('SIGTERM', resolve);
  process.once('SIGINT', resolve);
  if (!process.connected) resolve();
});

/** Tells the parent, if it is still there. */
function report(message: AzuriteReport, sent: () => void = () => {}): void {
  if (process.connected) process.send?.(message, sent);
  else sent();
}

async function waitForLock(file: string): Promise<void> {
  if (holdLock(file)) return;
  report({ state: 'waiting' });
  while (!holdLock(file)) await wait(lockPollMilliseconds);
}

/** One at a time; what fails is tried again the next time. */
let clearingUnderWay = Promise.resolve();
function clearAll(services: readonly OpenService[], how = {}): Promise<void> {
  clearingUnderWay = clearingUnderWay.then(async () => {
    for (const { clearExtents } of services) await clearExtents(how).catch((error) => console.error(error));
  });
  return clearingUnderWay;
}

async function serve(folder: string, blobPort: number, queuePort: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const locked = await Promise.race([
    waitForLock(join(folder, 'azurite.lock')).then(() => true),
    asked.then(() => false),
  ]);
  if (!locked) return;

  // Loaded late, so that a parent that is gone by then costs nothing.
  const allSaved = trackSaves();
  const { openService } = await import('./open-services.ts');
  const blob = await openService('blob', folder, blobPort);
  const queue = await openService('queue', folder, queuePort);
  const services = [blob, queue];
  report({ state: 'ready', blobPort: blob.port, queuePort: queue.port });
  const clearing = setInterval(() => void clearAll(services), clearMilliseconds);

  const collapsed = services.map(
    ({ httpServer }) => new Promise<void>((resolve) => httpServer.once('close', resolve)),
  );
  await Promise.race([asked, ...collapsed]);
  clearInterval(clearing);
  // All of them end, whatever happens to one.
  const endings = await Promise.allSettled(services.map((service) => service.close()));
  await allSaved();
  if (endings.every(({ status }) => status === 'fulfilled')) await clearAll(services, { isSaved: true });
  for (const ending of endings) if (ending.status === 'rejected') throw ending.reason;
}

const [folder = '', blobPort = '0', queuePort = '0'] = process.argv.slice(2);
try {
  await serve(folder, Number(blobPort), Number(queuePort));
  process.exit(0);
} catch (error) {
  console.error(error);
  const reason = error instanceof Error ? error.message : String(error);
  report({ state: 'failed', reason }, () => process.exit(1));
}
