import { BlobServiceClient } from '@azure/storage-blob';
import { managedIdentity } from '../managed-identity.ts';
import type { StorageSettings } from '../settings.ts';

/**
 * The blob service of the account. `maxTries` counts the first one: 2 where a caller waits for the answer (a webhook
 * must answer within 10 s), more in the background. The first retry comes after 200 ms.
 */
export function createBlobService(
  storage: StorageSettings,
  { maxTries }: { maxTries: number },
): BlobServiceClient {
  const options = { retryOptions: { maxTries, retryDelayInMs: 200, maxRetryDelayInMs: 5_000 } };
  return 'connectionString' in storage
    ? BlobServiceClient.fromConnectionString(storage.connectionString, options)
    : new BlobServiceClient(
        storage.blobServiceUri,
        managedIdentity(storage.managedIdentityClientId),
        options,
      );
}
