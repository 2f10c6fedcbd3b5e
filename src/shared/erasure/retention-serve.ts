import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import * as z from 'zod';
import type { RunFiles } from '../durable/run-files.ts';
import { ParleyError } from '../errors.ts';
import { parseJson } from '../json.ts';
import type { RetentionPeriods } from './retention-periods.ts';
import { isUnderWay, type RetentionClient, retentionId, type Started } from './retention-start.ts';
import type { RetentionState } from './retention-state.ts';

interface Dependencies {
  runs: RunFiles<RetentionState>;
  periods: RetentionPeriods;
  start(client: RetentionClient, options: { isDryRun?: boolean }): Promise<Started>;
}

const runName = z.string().regex(/^\d{4}-\d{2}-\d{2}(-dry-run)?$/);
const startBody = z.strictObject({ dryRun: z.boolean().optional() });

const whyFailed =
  'Storage did not answer for minutes, or something went wrong that the log names. The next sweep does what is left.';

/** The HTTP side of sweeps by age. */
export function serveRetention({ runs, periods, start }: Dependencies) {
  /** `POST /api/retention/runs` with `{ "dryRun": true }` or nothing. */
  async function post(request: HttpRequest, client: RetentionClient): Promise<HttpResponseInit> {
    const { dryRun: isDryRun } = readBody(await request.text());
    if (!periods.isSet) {
      throw new ParleyError(
        'not_configured',
        'Everything is kept for ever: set RETENTION_DAYS, or RETENTION_DAYS_EMAIL and the like for one channel.',
      );
    }
    const { isNew, state } = await start(client, { isDryRun });
    const location = new URL(`/api/retention/runs/${nameOf(state)}`, request.url).href;
    return { status: isNew ? 202 : 200, headers: { location }, jsonBody: report(state) };
  }

  /** `GET /api/retention/runs/{id}`. */
  async function get(
    request: HttpRequest,
    client: Pick<RetentionClient, 'getStatus'>,
  ): Promise<HttpResponseInit> {
    const name = runName.safeParse(request.params.id);
    const found = name.success ? await read(retentionId(name.data), client) : undefined;
    if (found) return { jsonBody: report(found) };
    throw new ParleyError(
      'not_found',
      'There was no sweep of that name, which is a date such as 2026-11-23. POST /api/retention/runs starts one.',
    );
  }

  async function read(
    id: string,
    client: Pick<RetentionClient, 'getStatus'>,
  ): Promise<RetentionState | undefined> {
    const state = (await runs.read(id))?.state;
    if (state?.state !== 'running' || (await isUnderWay(client, id))) return state;
    // It may have ended between the two readings.
    const latest = (await runs.read(id))?.state ?? state;
    return latest.state === 'running' ? { ...latest, state: 'failed' } : latest;
  }

  return { post, get };
}

function nameOf({ id }: RetentionState): string {
  return id.slice(retentionId('').length);
}

function report(told: RetentionState): object {
  const { isDryRun, state, startedAt, endedAt, counts, removed, problems } = told;
  return {
    id: nameOf(told),
    ...(isDryRun ? { dryRun: true } : {}),
    state,
    startedAt,
    ...(endedAt === undefined ? {} : { endedAt }),
    ...counts,
    ...(isDryRun ? {} : { removed }),
    problems,
    ...(state === 'failed' ? { reason: whyFailed } : {}),
  };
}

function readBody(text: string): { dryRun?: boolean } {
  const body = startBody.safeParse(text.trim() === '' ? {} : parseJson(text));
  if (body.success) return body.data;
  throw new ParleyError('bad_request', 'The body must be empty or { "dryRun": true }.');
}
