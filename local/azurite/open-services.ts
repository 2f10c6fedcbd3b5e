import type { Server } from 'node:http';
import { join } from 'node:path';
import BlobConfiguration from 'azurite/dist/src/blob/BlobConfiguration.js';
import BlobServer from 'azurite/dist/src/blob/BlobServer.js';
import QueueConfiguration from 'azurite/dist/src/queue/QueueConfiguration.js';
import QueueServer from 'azurite/dist/src/queue/QueueServer.js';
import { createExtentClearing } from './clear-extents.ts';

const keepAliveSeconds = 5;
const writesAtOnce = { blob: 50, queue: 1 };
/** Longer than any request that goes on; what is left then belongs to a client that went away. */
const requestsUnderWayMilliseconds = 5_000;

export interface OpenService {
  port: number;
  /** Emitted as `close` when the service ends, also when it does so by itself after an error of its garbage collection. */
  httpServer: Server;
  /** Answers what was asked, then saves the index: nothing that was acknowledged is lost. */
  close(): Promise<void>;
  /** See `createExtentClearing`. */
  clearExtents: ReturnType<typeof createExtentClearing>;
}

/**
 * Opens one of Azurite's services on 127.0.0.1 (port 0: any free one), with its data below `folder` under the names
 * that Azurite's own command line gives them.
 *
 * Its classes rather than its command line: that also starts the table service, tells no free port that it chose, and
 * saves its index on SIGTERM before it answered the requests under way.
 */
export async function openService(
  kind: 'blob' | 'queue',
  folder: string,
  port: number,
): Promise<OpenService> {
  const [Configuration, Service] =
    kind === 'blob'
      ? [BlobConfiguration.default, BlobServer.default]
      : [QueueConfiguration.default, QueueServer.default];
  const service = new Service(
    new Configuration(
      '127.0.0.1',
      port,
      keepAliveSeconds,
      join(folder, `__azurite_db_${kind}__.json`),
      join(folder, `__azurite_db_${kind}_extent__.json`),
      [
        {
          locationId: 'Default',
          locationPath: join(folder, `__${kind}storage__`),
          maxConcurrency: writesAtOnce[kind],
        },
      ],
      false, // access log
      undefined,
      false, // debug log
      undefined,
      false, // loose
      true, // skip the check of the API version, which refuses SDKs newer than this Azurite
    ),
  );
  await service.start();
  const clearExtents = createExtentClearing({
    stored: service.metadataStore.db,
    extents: service.extentMetadataStore.db,
    folder: join(folder, `__${kind}storage__`),
  });
  return {
    clearExtents,
    port: listeningPort(service.httpServer),
    httpServer: service.httpServer,
    close: async () => {
      await finishRequests(service.httpServer);
      await service.close();
    },
  };
}

async function finishRequests(httpServer: Server): Promise<void> {
  const finished = new Promise((resolve) => httpServer.close(resolve));
  const impatience = setTimeout(() => httpServer.closeAllConnections(), requestsUnderWayMilliseconds);
  await finished;
  clearTimeout(impatience);
}

function listeningPort(httpServer: Server): number {
  const address = httpServer.address();
  if (address === null || typeof address === 'string') throw new Error('Azurite listens on no port.');
  return address.port;
}
