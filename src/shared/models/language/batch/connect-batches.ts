import { isOfAzure, type ModelEndpoint } from '../../../model-settings.ts';
import { openClient } from '../connect.ts';
import { openIdentity } from '../identity.ts';
import { type Batches, openBatches } from './open-batches.ts';

/** For one request: a file of many megabytes takes its time. */
const timeoutMilliseconds = 180_000;

/** The batches of the endpoint. Its client, which is large, is loaded with the first request. */
export function connectBatches(endpoint: ModelEndpoint): Batches {
  const identity = endpoint.apiKey === undefined ? openIdentity(endpoint.clientId) : undefined;
  let opened: ReturnType<typeof openClient> | undefined;
  return openBatches({
    client: () => {
      opened ??= openClient(endpoint, identity, { timeout: timeoutMilliseconds });
      return opened;
    },
    path: isOfAzure(endpoint) ? '/chat/completions' : '/v1/chat/completions',
  });
}
