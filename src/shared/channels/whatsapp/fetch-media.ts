import type { AcsClients } from '../../acs/clients.ts';
import { ParleyError } from '../../errors.ts';
import { type FetchedMedia, MediaRefused } from '../channel.ts';

/**
 * Fetches what somebody sent us; ACS tells no media type for it. Throws `MediaRefused` where it is gone, and
 * `provider_unavailable` where trying again may help: an operator can mend even a refusal of the resource.
 */
export async function fetchWhatsAppMedia(
  reading: AcsClients,
  attachmentId: string,
  { signal }: { signal: AbortSignal },
): Promise<FetchedMedia> {
  // The SDK encodes an id, but these two mean another address even so.
  if (attachmentId === '.' || attachmentId === '..') throw new MediaRefused('its id cannot be one');
  const client = await reading.messages();
  const response = await client
    .path('/messages/streams/{id}', attachmentId)
    .get({ abortSignal: signal })
    .asNodeStream();
  const { status, headers, body } = response;
  if (status === '200' && body) return { size: sizeOf(headers), content: bytesOf(body) };
  body?.resume();
  if (['400', '404', '410'].includes(status)) {
    throw new MediaRefused(`WhatsApp no longer has it (${status})`);
  }
  throw new ParleyError('provider_unavailable', `WhatsApp does not hand the attachment out now (${status}).`);
}

/** Undefined where the length is that of a compressed body. */
function sizeOf(headers: Record<string, string | undefined>): number | undefined {
  const length = headers['content-encoding'] ? Number.NaN : Number(headers['content-length'] ?? Number.NaN);
  return Number.isSafeInteger(length) ? length : undefined;
}

async function* bytesOf(stream: NodeJS.ReadableStream): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) yield Buffer.from(chunk);
}
