import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import type { AcsSettings } from '../acs-settings.ts';
import { ParleyError } from '../errors.ts';
import { endpointOf, httpClientOf } from './clients.ts';
import { refusalError } from './provider-errors.ts';

/** Within the patience of whoever sends a request. */
const patience = 8_000;

/**
 * Whether the chat endpoint of our resource takes a token for one of a user of its own; without a resource it takes none. Throws
 * `provider_unavailable` where it gives no clear answer. A request by hand: the SDK would try again, and load itself.
 */
export function createAcceptsChatToken(
  settings: Pick<AcsSettings, 'resource' | 'emulatorUrl'>,
): (token: string) => Promise<boolean> {
  const { resource } = settings;
  if (!resource) return async () => false;
  const client = httpClientOf(settings);
  const url = new URL('/chat/threads?maxPageSize=1&api-version=2025-03-15', endpointOf(resource)).href;

  return async function acceptsChatToken(token) {
    const { status, headers } = await ask(token);
    if (status === 200) return true;
    if (status === 401 || status === 403) return false;
    throw refusalError({
      status: status < 500 && status !== 429 ? 502 : status,
      retryAfter: headers.get('retry-after'),
    });
  };

  async function ask(token: string) {
    const headers = createHttpHeaders({ authorization: `Bearer ${token}`, accept: 'application/json' });
    try {
      return await client.sendRequest(
        createPipelineRequest({ url, headers, abortSignal: AbortSignal.timeout(patience) }),
      );
    } catch (error) {
      throw new ParleyError(
        'provider_unavailable',
        'The chat service that vouches for your token does not answer. Send the same request again later.',
        { cause: error },
      );
    }
  }
}
