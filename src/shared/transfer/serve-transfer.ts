import { randomBytes } from 'node:crypto';
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { DurableClient } from 'durable-functions';
import * as z from 'zod';
import { findStatus, isRunning } from '../durable/instances.ts';
import type { RunFiles } from '../durable/run-files.ts';
import { ParleyError } from '../errors.ts';
import { parseJson } from '../json.ts';

/** What imports and exports have in common for whoever asks for them. */
interface TransferState {
  id: string;
  state: 'running' | 'completed' | 'cancelled';
  endedAt?: string;
}

export interface TransferOptions<State extends TransferState> {
  /** The last part of the address, `import` or `export`. */
  name: 'import' | 'export';
  orchestrator: string;
  runs: RunFiles<State>;
  clock: () => Date;
  /** The first state, from the body of the request. Throws `bad_request`, `not_found` and the like. */
  begin(body: unknown, id: string): Promise<State>;
  report(state: State): object;
}

const transferId = z.string().regex(/^\d{8}-\d{6}-[0-9a-f]{8}$/);

/** The HTTP side of imports and exports: start, watch, cancel. */
export function serveTransfers<State extends TransferState>(options: TransferOptions<State>) {
  const { name, orchestrator, runs, clock, begin, report } = options;
  const instanceOf = (id: string): string => `${name}-${id}`;

  const find = async (request: HttpRequest) => {
    const id = transferId.safeParse(request.params.id);
    const stored = id.success ? await runs.read(id.data) : undefined;
    if (stored) return stored;
    throw new ParleyError('not_found', `There is no ${name} of that id. POST /api/${name} starts one.`);
  };

  /** `POST /api/{name}`. */
  async function start(
    request: HttpRequest,
    client: Pick<DurableClient, 'startNew'>,
  ): Promise<HttpResponseInit> {
    const id = newId(clock());
    const text = await request.text();
    const state = await begin(text.trim() === '' ? undefined : parseBody(text), id);
    await runs.save(id, state);
    await client.startNew(orchestrator, { instanceId: instanceOf(id), input: { id } });
    const url = new URL(`/api/${name}/${id}`, request.url);
    return { status: 202, headers: { location: url.href }, jsonBody: report(state) };
  }

  /** `GET /api/{name}/{id}`. */
  async function read(
    request: HttpRequest,
    client: Pick<DurableClient, 'getStatus'>,
  ): Promise<HttpResponseInit> {
    const { state } = await find(request);
    const told = report(state);
    if (state.state !== 'running') return { jsonBody: told };
    const status = await findStatus(client, instanceOf(state.id));
    if (status && isRunning(status)) return { jsonBody: told };
    // It may have ended between the two readings.
    const latest = (await runs.read(state.id))?.state ?? state;
    if (latest.state !== 'running') return { jsonBody: report(latest) };
    const reason = status
      ? String(status.output).slice(0, 500)
      : 'It was never started, or nothing is kept of why it ended.';
    return { jsonBody: { ...told, state: 'failed', reason } };
  }

  /** `DELETE /api/{name}/{id}`: it stops once the piece of work under way is done; what is done stays. */
  async function cancel(request: HttpRequest): Promise<HttpResponseInit> {
    for (let tries = 0; tries < 20; tries += 1) {
      const stored = await find(request);
      const { state } = stored;
      if (state.state !== 'running') return { jsonBody: report(state) };
      const cancelled: State = { ...state, state: 'cancelled', endedAt: clock().toISOString() };
      if (await runs.save(state.id, cancelled, stored)) return { jsonBody: report(cancelled) };
    }
    throw new ParleyError('in_progress', `The ${name} moves on too fast to be stopped. Try again.`);
  }

  return { start, read, cancel };
}

function parseBody(text: string): unknown {
  const body = parseJson(text);
  if (body !== undefined) return body;
  throw new ParleyError('bad_request', 'The body is not JSON.');
}

/** Sorts by time, and cannot be guessed into another one's place. */
function newId(now: Date): string {
  const [date, time] = now.toISOString().replaceAll(/[-:]/g, '').slice(0, 15).split('T');
  return `${date}-${time}-${randomBytes(4).toString('hex')}`;
}
