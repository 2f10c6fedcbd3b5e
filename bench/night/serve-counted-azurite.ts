// The storage of a measured night: serve-counted-azurite.ts <folder>. Counts the requests that reach it, by operation,
// and tells the counts to whoever asks.
import { subscribe } from 'node:diagnostics_channel';
import { IncomingMessage } from 'node:http';
import { openService } from '../../local/azurite/open-services.ts';
import { findByName } from './find-by-name.ts';
import { nameOperation } from './operation.ts';
import type { CountedReport } from './start-counted-azurite.ts';

const [folder = ''] = process.argv.slice(2);
const counts = new Map<string, number>();

// https://nodejs.org/api/diagnostics_channel.html#http: every request of every server of this process.
subscribe('http.server.request.start', (message) => {
  if (typeof message !== 'object' || message === null || !('request' in message)) return;
  const { request } = message;
  if (!(request instanceof IncomingMessage)) return;
  const name = nameOperation(request.method ?? '', request.url ?? '/');
  counts.set(name, (counts.get(name) ?? 0) + 1);
});

const report = (message: CountedReport): void => {
  process.send?.(message);
};

findByName();
const blob = await openService('blob', folder, 0);
const queue = await openService('queue', folder, 0);
process.on('message', () => report({ counts: Object.fromEntries(counts) }));
process.once('disconnect', async () => {
  await Promise.all([blob.close(), queue.close()]);
  process.exit(0);
});
report({ blobPort: blob.port, queuePort: queue.port });
