import { createBlobService } from '../../src/shared/storage/blob-service.ts';
import { type Container, openContainer } from '../../src/shared/storage/container.ts';
import { openTombstones } from '../../src/shared/tombstones/open-tombstones.ts';
import type { Tombstones } from '../../src/shared/tombstones/tombstones.ts';

/** Visibly no secret of anybody. */
export const fakeSecret = 'fake-secret-of-a-test-1';

/** What an app has without ERASURE_SECRET: keeps everything, and asks storage nothing. */
export const nothingBuried: Tombstones = openTombstones(
  openContainer(
    createBlobService({ connectionString: 'UseDevelopmentStorage=true' }, { maxTries: 1 }),
    'none',
  ),
  { secrets: [], settleSeconds: 1, clock: () => new Date() },
);

/** As one process opens them; each call is another process. */
export function openAsProcess(
  container: Container,
  { secrets = [fakeSecret], settleSeconds = 1, clock = () => new Date() } = {},
): Tombstones {
  return openTombstones(container, { secrets, settleSeconds, clock });
}
