import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { type Azurite, startAzurite } from '../../local/azurite/start-azurite.ts';
import { createBlobService } from '../../src/shared/storage/blob-service.ts';
import { type Container, openContainer } from '../../src/shared/storage/container.ts';

/** Starts an empty Azurite for the tests of a file and stops it after them. */
export function useAzurite() {
  let folder = '';
  let azurite: Azurite | undefined;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-test-'));
    azurite = await startAzurite({ folder, log: () => {} });
  });
  after(async () => {
    await azurite?.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const connectionString = (): string => {
    if (!azurite) throw new Error('Azurite is there once the tests run');
    return azurite.connectionString;
  };
  return {
    connectionString,
    /** A container of a new name on each call, so that tests do not see one another's blobs. */
    newContainer: (): Container =>
      openContainer(
        createBlobService({ connectionString: connectionString() }, { maxTries: 2 }),
        uniqueName(),
      ),
  };
}

let counter = 0;

function uniqueName(): string {
  counter += 1;
  return `test-${process.pid}-${counter}`;
}
