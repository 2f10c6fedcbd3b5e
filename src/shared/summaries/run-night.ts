import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { type DurableClient, OrchestrationRuntimeStatus } from 'durable-functions';
import * as z from 'zod';
import { findStatus, hasStatus, isRunning, type Status } from '../durable/instances.ts';
import { ParleyError } from '../errors.ts';
import { parseJson } from '../json.ts';
import type { DigestStore } from './digest.ts';
import { type NightState, nightState } from './orchestrate-night.ts';

export const orchestratorName = 'summarizeNight';

const dateName = z.iso.date();
const startBody = z.strictObject({ night: dateName.optional() });

/** What `GET /api/summaries/runs/{night}` answers. */
interface NightReport {
  night: string;
  state: 'running' | 'completed' | 'failed';
  found: number;
  done: number;
  failed: number;
  left: number;
  /** Address of the digest, once there is one. */
  digest?: string;
  /** Why it failed, as the host tells it. */
  reason?: string;
}

/** Starts the night of a date, or joins it where it is running already: there are never two of one date at once. */
export async function startNight(client: DurableClient, night: string): Promise<'started' | 'joined'> {
  const instanceId = `night-${night}`;
  const input: NightState = { night, plan: 0, done: 0, failed: 0 };
  const status = await findStatus(client, instanceId);
  if (status && isRunning(status)) return 'joined';
  try {
    await client.startNew(orchestratorName, { instanceId, input });
    return 'started';
  } catch (error) {
    if (hasStatus(error, 409)) return 'joined';
    throw error;
  }
}

/** `POST /api/summaries/runs` with `{ "night": "2026-11-23" }` or nothing, which means today (UTC). */
export async function postNight(
  request: HttpRequest,
  client: DurableClient,
  clock: () => Date,
): Promise<HttpResponseInit> {
  const night = readBody(await request.text()).night ?? today(clock);
  const outcome = await startNight(client, night);
  const url = new URL(`/api/summaries/runs/${night}`, request.url);
  return {
    status: outcome === 'started' ? 202 : 200,
    headers: { location: url.href },
    jsonBody: { night, state: 'running' },
  };
}

/** `GET /api/summaries/runs/{night}`. */
export async function getNight(
  request: HttpRequest,
  client: DurableClient,
  digests: DigestStore,
): Promise<HttpResponseInit> {
  const night = readDate(request.params.night);
  const url = new URL(`/api/digests/${night}`, request.url).href;
  const status = await findStatus(client, `night-${night}`);
  if (status) return { jsonBody: reportOf(night, status, url) };
  const stored = (await digests.get(night))?.digest;
  if (!stored) {
    throw new ParleyError('not_found', `No night ran for ${night}. POST /api/summaries/runs starts one.`);
  }
  const { found, done, failed } = stored;
  return {
    jsonBody: { night, state: 'completed', found, done, failed: failed.length, left: 0, digest: url },
  };
}

export function today(clock: () => Date): string {
  return clock().toISOString().slice(0, 10);
}

/** A date as in `2026-11-23`. Throws `bad_request`. */
export function readDate(text: string | undefined): string {
  const date = dateName.safeParse(text);
  if (date.success) return date.data;
  throw new ParleyError('bad_request', 'The date must be one there is, written as in 2026-11-23.');
}

/** Progress is in the custom status; before its first and after its last round, in the input and the output. */
function reportOf(night: string, status: Status, digest: string): NightReport {
  const told = [status.output, status.customStatus, status.input].map(
    (value) => nightState.safeParse(value).data,
  );
  const progress = told.find((value) => value !== undefined);
  const { done = 0, failed = 0, run } = progress ?? {};
  const found = run?.found ?? 0;
  const state = stateOf(status);
  return {
    night,
    state,
    found,
    done,
    failed,
    left: Math.max(0, found - done - failed),
    ...(state === 'completed' ? { digest } : {}),
    ...(state === 'failed' ? { reason: String(status.output).slice(0, 500) } : {}),
  };
}

function stateOf(status: Status): NightReport['state'] {
  if (status.runtimeStatus === OrchestrationRuntimeStatus.Completed) return 'completed';
  return isRunning(status) ? 'running' : 'failed';
}

function readBody(text: string): z.infer<typeof startBody> {
  const body = startBody.safeParse(text.trim() === '' ? {} : parseJson(text));
  if (body.success) return body.data;
  throw new ParleyError(
    'bad_request',
    'The body must be empty or { "night": "2026-11-23" }, with a date there is.',
  );
}
