import type { HttpRequest } from '@azure/functions';
import { ParleyError } from '../errors.ts';

/** The body as it came. Throws `length_required` for none, and `too_large`, which calls it `what`, above `most` bytes. */
export async function readBody(
  request: HttpRequest,
  { what, most }: { what: string; most: number },
): Promise<Buffer> {
  const body = Buffer.from(await request.arrayBuffer());
  if (body.length === 0) {
    throw new ParleyError(
      'length_required',
      'No body arrived. Send it with Content-Length: the Functions host hands a chunked body on empty.',
    );
  }
  if (body.length > most) {
    throw new ParleyError(
      'too_large',
      `${what} may have ${most / 1024 ** 2} MiB; this one has ${body.length} bytes.`,
    );
  }
  return body;
}
