import type { QueueClient } from '@azure/storage-queue';
import { managedIdentity } from '../managed-identity.ts';
import type { StorageSettings } from '../settings.ts';

/** Opens a queue of the account once it is needed: functions put and take messages by their bindings. */
export function createQueueOpener(storage: StorageSettings): (name: string) => Promise<QueueClient> {
  const retryOptions = { maxTries: 4, retryDelayInMs: 200, maxRetryDelayInMs: 5_000 };
  const load = async () => {
    // Only erasing needs it.
    const { QueueServiceClient } = await import('@azure/storage-queue');
    return 'connectionString' in storage
      ? QueueServiceClient.fromConnectionString(storage.connectionString, { retryOptions })
      : new QueueServiceClient(storage.queueServiceUri, managedIdentity(storage.managedIdentityClientId), {
          retryOptions,
        });
  };
  let service: ReturnType<typeof load> | undefined;
  return async (name) => {
    service ??= load();
    return (await service).getQueueClient(name);
  };
}
