import type { TokenCredential } from '@azure/identity';
import { BlobServiceClient } from '@azure/storage-blob';
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

/** The identity library is large and only needed on Azure: it is loaded with the first token. */
function managedIdentity(clientId: string | undefined): TokenCredential {
  let credential: Promise<TokenCredential> | undefined;
  const load = async (): Promise<TokenCredential> => {
    const { DefaultAzureCredential } = await import('@azure/identity');
    return new DefaultAzureCredential(clientId ? { managedIdentityClientId: clientId } : {});
  };
  return {
    async getToken(scopes, options) {
      credential ??= load();
      return (await credential).getToken(scopes, options);
    },
  };
}
