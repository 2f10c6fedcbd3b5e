import { startAzurite } from '../../local/azurite/start-azurite.ts';
import { createBlobService } from '../../src/shared/storage/blob-service.ts';
import { type Container, openContainer } from '../../src/shared/storage/container.ts';
import { withFolder } from './temporary-folder.ts';

export interface Storage {
  connectionString: string;
  /** Opens a container with the client that handlers use. */
  container(name: string): Container;
}

/** Runs `work` with an empty Azurite, which ends with it. */
export function withAzurite<Result>(work: (storage: Storage) => Promise<Result>): Promise<Result> {
  return withFolder(async (folder) => {
    const { connectionString, stop } = await startAzurite({ folder, log: console.error });
    try {
      const service = createBlobService({ connectionString }, { maxTries: 2 });
      return await work({ connectionString, container: (name) => openContainer(service, name) });
    } finally {
      await stop();
    }
  });
}
