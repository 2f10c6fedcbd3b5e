import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { type DurableClient, OrchestrationRuntimeStatus } from 'durable-functions';
import * as z from 'zod';
import { findStatus, hasStatus, isRunning, type Status } from '../durable/instances.ts';
import { ParleyError } from '../errors.ts';
import { parseJson } from '../json.ts';
import type { Usage } from '../models/language/allowance.ts';
import { type DigestStore, type Tokens, toUsage } from './digest.ts';
import { newDryRun } from './orchestrate-dry-run.ts';
import { newNight, nightState } from './orchestrate-night.ts';
import { dryRunSuffix, reportDryRun } from './report-dry-run.ts';

export const orchestratorName = 'summarizeNight';
export const dryRunOrchestratorName = 'estimateNight';

const dateName = z.iso.date();
const startBody = z.strictObject({ night: dateName.optional(), dryRun: z.boolean().optional() });

export interface NightOptions {
  clock: () => Date;
  /** Dates the night: an IANA name. */
  timeZone: string;
  /** Tokens that a run may spend; absent: as many as it takes. */
  budget?: number;
  /** How long a run waits for calls in batches; absent: there are none. */
  batch?: { hours: number };
  /** What such use of the model costs, in US dollars. */
  costOf?: (usage: Usage) => number | undefined;
}

/** What `GET /api/summaries/runs/{night}` answers. */
interface NightReport {
  night: string;
  state: 'running' | 'completed' | 'failed';
  found: number;
  done: number;
  failed: number;
  /** For which there were not tokens enough; they come first in the next night. */
  postponed: number;
  left: number;
  /** Of these, how many wait for a batch, while it is waited for. */
  waiting?: number;
  /** What the run, or all of the date where only the digest is left, used of the model. */
  tokens: Tokens;
  /** US dollars, where the price of the model is known. */
  cost?: number;
  /** Address of the digest, once there is one. */
  digest?: string;
  /** Why it failed, as the host tells it. */
  reason?: string;
}

/** Starts the night of a date, or joins it where it is running already: there are never two of one date at once. */
export function startNight(
  client: DurableClient,
  night: string,
  options: Pick<NightOptions, 'budget' | 'batch'>,
): Promise<'started' | 'joined'> {
  return start(client, orchestratorName, { instanceId: `night-${night}`, input: newNight(night, options) });
}

/** Only counts what the night of a date would take, beside one that may be running. */
function startDryRun(client: DurableClient, night: string): Promise<'started' | 'joined'> {
  const name = `${night}${dryRunSuffix}`;
  return start(client, dryRunOrchestratorName, { instanceId: `night-${name}`, input: newDryRun(name) });
}

async function start(
  client: DurableClient,
  name: string,
  options: { instanceId: string; input: unknown },
): Promise<'started' | 'joined'> {
  const status = await findStatus(client, options.instanceId);
  if (status && isRunning(status)) return 'joined';
  try {
    await client.startNew(name, options);
    return 'started';
  } catch (error) {
    if (hasStatus(error, 409)) return 'joined';
    throw error;
  }
}

/** `POST /api/summaries/runs` with `{ "night": "2026-11-23", "dryRun": true }`; no night means today. */
export async function postNight(
  request: HttpRequest,
  client: DurableClient,
  options: NightOptions,
): Promise<HttpResponseInit> {
  const { night = today(options), dryRun = false } = readBody(await request.text());
  const outcome = dryRun ? await startDryRun(client, night) : await startNight(client, night, options);
  const name = dryRun ? `${night}${dryRunSuffix}` : night;
  const url = new URL(`/api/summaries/runs/${name}`, request.url);
  return {
    status: outcome === 'started' ? 202 : 200,
    headers: { location: url.href },
    jsonBody: { night, ...(dryRun ? { dryRun } : {}), state: 'running' },
  };
}

/** `GET /api/summaries/runs/{night}`, of a night or a dry run. */
export async function getNight(
  request: HttpRequest,
  client: DurableClient,
  digests: DigestStore,
  options: NightOptions,
): Promise<HttpResponseInit> {
  const { night: name = '' } = request.params;
  const isDryRun = name.endsWith(dryRunSuffix);
  const night = readDate(isDryRun ? name.slice(0, -dryRunSuffix.length) : name);
  const status = await findStatus(client, `night-${name}`);
  if (isDryRun) return { jsonBody: reportDryRun(night, status, options) };
  const url = new URL(`/api/digests/${night}`, request.url).href;
  const stored = (await digests.get(night))?.digest;
  if (status) return { jsonBody: reportOf(night, status, url, options) };
  if (!stored) {
    throw new ParleyError('not_found', `No night ran for ${night}. POST /api/summaries/runs starts one.`);
  }
  const { found, done, failed, postponedCount, tokens, cost } = stored;
  const report: NightReport = {
    night,
    state: 'completed',
    found,
    done,
    failed: failed.length,
    postponed: postponedCount,
    left: 0,
    tokens,
    ...(cost === undefined ? {} : { cost }),
    digest: url,
  };
  return { jsonBody: report };
}

/** The date on which it is now, as in `2026-11-23`. */
export function today({ clock, timeZone }: Pick<NightOptions, 'clock' | 'timeZone'>): string {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(clock());
  const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}

/** A date as in `2026-11-23`. Throws `bad_request`. */
export function readDate(text: string | undefined): string {
  const date = dateName.safeParse(text);
  if (date.success) return date.data;
  throw new ParleyError('bad_request', 'The date must be one there is, written as in 2026-11-23.');
}

/** Progress is in the custom status; before its first and after its last round, in the input and the output. */
function reportOf(night: string, status: Status, digest: string, { costOf }: NightOptions): NightReport {
  const told = [status.output, status.customStatus, status.input].map(
    (value) => nightState.safeParse(value).data,
  );
  const { run, done, failed, postponed, tokens, batch } =
    told.find((value) => value !== undefined) ?? newNight(night);
  const found = run?.found ?? 0;
  const state = stateOf(status);
  const cost = tokens.calls > 0 ? costOf?.(toUsage(tokens)) : undefined;
  return {
    night,
    state,
    found,
    done,
    failed,
    postponed,
    left: Math.max(0, found - done - failed - postponed),
    ...(batch && batch.phase !== 'answer' ? { waiting: batch.waiting } : {}),
    tokens,
    ...(cost === undefined ? {} : { cost }),
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
    'The body must be empty or { "night": "2026-11-23", "dryRun": false }, with a date there is; both may be left out.',
  );
}
