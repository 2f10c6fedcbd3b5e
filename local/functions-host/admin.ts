import { z } from 'zod';
import type { HostedFunction } from './check-functions.ts';
import { type HostRequest, type HostResponse, json } from './exchange.ts';

const noStore = { 'cache-control': 'no-store,no-cache', pragma: 'no-cache' };
const runBody = z.object({ input: z.string().default('') });

/** Serves `/admin`: ping, status, the list of functions, and running a timer by hand. */
export function createAdmin(
  functions: HostedFunction[],
  timers: { runByHand(hosted: HostedFunction): boolean },
): (request: HostRequest) => Promise<HostResponse> {
  return async function serveAdmin(request) {
    const [, area = '', name = ''] = request.path.toLowerCase().split('/').filter(Boolean);
    if (area === 'host' && name === 'ping') return { status: 200, headers: noStore };
    if (area === 'host' && name === 'status') return json(200, { state: 'Running', version: 'local' });
    if (area !== 'functions') return { status: 404 };
    if (name === '' && request.method === 'GET') return json(200, functions.map(describe));
    const hosted = functions.find((each) => each.name.toLowerCase() === name);
    if (!hosted || request.method !== 'POST') return { status: 404 };
    if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) return { status: 415 };
    runBody.parse(JSON.parse(request.body.toString()));
    if (timers.runByHand(hosted)) return { status: 202 };
    return json(501, { Message: `The local host runs only timers by hand, and "${hosted.name}" is none.` });
  };
}

function describe({ name, bindings }: HostedFunction) {
  return { name, config: { bindings: Object.values(bindings) } };
}
