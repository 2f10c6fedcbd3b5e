import { once } from 'node:events';
import * as z from 'zod';
import { AcsError, type AcsResponse, type ReceivedRequest } from '../exchange.ts';
import { errorResponse } from '../http/error-response.ts';

export const faultSettings = z.strictObject({
  /** Any where it is missing. */
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).optional(),
  /** Of the request, percent-decoded and without query; `*` stands for anything. */
  path: z.string().startsWith('/', 'must begin with / and may have *, such as /chat/threads/*/messages'),
  /** How many requests it befalls. */
  times: z.int().min(1).max(100_000).default(1),
  /** Whether the request takes effect: then only its answer is lost. */
  happens: z.boolean().default(false),
  answer: z.union(
    [
      z.literal('hang'),
      z.literal('break'),
      z.strictObject({
        status: z.int().min(400).max(599),
        retryAfterSeconds: z.int().min(0).optional(),
      }),
    ],
    'must be "hang", "break" (the connection) or { "status": 503 }',
  ),
});

export type Fault = z.output<typeof faultSettings>;
type Serve = (request: ReceivedRequest) => Promise<AcsResponse>;

export interface Faults {
  add(fault: Fault): void;
  /** Those still to come, `times` counted down. */
  list(): Fault[];
  /** Forgets all, and breaks off the requests that hang. */
  clear(): void;
  /** Lets the faults befall what `serve` answers, all but the emulator's own addresses. */
  befall(serve: Serve): Serve;
}

/** What goes wrong on request; a restart forgets it. */
export function createFaults(): Faults {
  let faults: Fault[] = [];
  let hanging = new AbortController();

  function take({ method, target }: ReceivedRequest): Fault | undefined {
    const path = decode(target.split('?')[0] ?? '');
    if (path === '/emulator' || path.startsWith('/emulator/')) return undefined;
    const fault = faults.find(
      (each) => (each.method ?? method) === method && patternOf(each.path).test(path),
    );
    if (!fault) return undefined;
    fault.times -= 1;
    if (fault.times === 0) faults = faults.filter((each) => each !== fault);
    return fault;
  }

  return {
    add(fault) {
      faults.push({ ...fault });
    },
    list: () => structuredClone(faults),
    clear() {
      faults = [];
      hanging.abort();
      hanging = new AbortController();
    },
    befall: (serve) =>
      async function serveOrFail(request) {
        const fault = take(request);
        if (!fault) return serve(request);
        if (fault.happens) await serve(request);
        if (fault.answer === 'hang') await once(hanging.signal, 'abort');
        if (fault.answer === 'hang' || fault.answer === 'break') return { status: 500, isCut: true };
        const { status, retryAfterSeconds } = fault.answer;
        const headers =
          retryAfterSeconds === undefined ? undefined : { 'retry-after': String(retryAfterSeconds) };
        return errorResponse(
          new AcsError(status, 'RequestedFault', 'The emulator was asked to fail here.', headers),
        );
      },
  };
}

function patternOf(path: string): RegExp {
  const parts = path.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
