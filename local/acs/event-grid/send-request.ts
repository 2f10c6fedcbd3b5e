import type { Answer } from './judge-attempt.ts';

/** Ends all requests when Event Grid stops; each alone ends after `milliseconds`. */
export interface Patience {
  stopping: AbortSignal;
  milliseconds: number;
}

interface Received {
  status: number;
  headers: Headers;
  /** The beginning, where it is long. */
  text: string;
}

/** More than any answer to a handshake has. */
const mostAnswerBytes = 64 * 1024;

/** One request, without redirects, as Event Grid makes them. Throws the reason of `stopping` once that is aborted. */
export async function sendRequest(
  url: string,
  request: { method: string; headers: Record<string, string>; body?: string },
  { stopping, milliseconds }: Patience,
): Promise<Received | Exclude<Answer, { status: number }>> {
  const late = AbortSignal.timeout(milliseconds);
  try {
    const signal = AbortSignal.any([stopping, late]);
    const response = await fetch(url, { ...request, redirect: 'manual', signal });
    return { status: response.status, headers: response.headers, text: await beginningOf(response) };
  } catch {
    stopping.throwIfAborted();
    return { outcome: late.aborted ? 'TimedOut' : 'ConnectionFailed' };
  }
}

/** An answer without end must not fill the memory: what is beyond the first bytes stays unread. */
async function beginningOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > mostAnswerBytes) break;
  }
  return Buffer.concat(chunks).toString();
}
