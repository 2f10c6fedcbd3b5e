import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import type { DurableClient } from 'durable-functions';
import type { AskSettings } from '../ask-settings.ts';
import { findStatus, isRunning } from '../durable/instances.ts';
import type { StoredRun } from '../durable/run-files.ts';
import { ParleyError } from '../errors.ts';
import { negotiate } from '../http/negotiate.ts';
import type { Directory } from '../people/directory.ts';
import { actAs } from '../security/act-as.ts';
import type { KnownCaller } from '../security/for-caller.ts';
import type { Container } from '../storage/container.ts';
import type { AskFiles } from './ask-files.ts';
import type { AskState } from './ask-state.ts';
import { countAsking } from './limit-asking.ts';
import { readAsk } from './read-ask.ts';
import { understandByRules } from './understand-request.ts';

export const askOrchestrator = 'runAsk';

interface Dependencies {
  files: AskFiles;
  container: Container;
  directory: Pick<Directory, 'get' | 'personOf'>;
  settings: AskSettings;
  /** Where a request names none. */
  timeZone: string;
  clock: () => Date;
}

const beginning = { who: [], found: 0, done: 0, batches: 0, notes: 0, tokens: 0, leftOut: {} };

type Client = Pick<DurableClient, 'startNew' | 'getStatus'>;

/** The longest that an answer is waited for, in seconds, whatever `Prefer` says. */
const longestWait = 60;
const pollMilliseconds = 200;
const dayMilliseconds = 24 * 60 * 60_000;

/** `POST /api/ask` and `GET /api/ask/{id}`. */
export function serveAsk({ files, container, directory, settings, timeZone, clock }: Dependencies) {
  const { runs } = files;

  /** Starts a request; 200 with its answer where that comes within the time of `Prefer: wait=…`, else 202. */
  async function post(
    request: HttpRequest,
    caller: KnownCaller,
    { client, context }: { client: Client; context: Pick<InvocationContext, 'log'> },
  ): Promise<HttpResponseInit> {
    const body = readAsk(await request.text());
    const as = body.as === undefined ? undefined : await actAs(caller, body.as, { directory, log: context });
    const zone = body.timeZone ?? timeZone;
    if (caller.kind === 'operator' && !as) await refuseMe(body.request, zone);
    if (caller.kind === 'person') {
      await countAsking(caller.identities[0], { container, perHour: settings.perHour, clock });
    }
    const id = randomBytes(16).toString('base64url');
    const state: AskState = {
      id,
      state: 'running',
      startedAt: clock().toISOString(),
      request: body.request,
      people: body.people,
      timeZone: zone,
      phase: 'finding',
      ...beginning,
      asker:
        caller.kind === 'operator'
          ? { kind: 'operator', name: caller.name }
          : { kind: 'person', identities: [...caller.identities] },
      ...(as ? { as: [...as.identities] } : {}),
    };
    const stored = await runs.save(id, state);
    if (!stored) throw new Error('two requests have one id');
    await client.startNew(askOrchestrator, { instanceId: instanceOf(id), input: { id } });
    const location = new URL(`/api/ask/${id}`, request.url).href;
    const seconds = readWait(request);
    const ended = seconds > 0 ? await waitFor(stored, seconds) : stored;
    const told = await report(ended, client);
    const applied: Record<string, string> = seconds > 0 ? { 'preference-applied': `wait=${seconds}` } : {};
    return {
      status: told.state === 'running' ? 202 : 200,
      headers: { location, vary: 'Prefer', ...applied },
      jsonBody: told,
    };
  }

  /** For whoever asked, and operators. Whatever else there may be of that id is not there. */
  async function get(
    request: HttpRequest,
    caller: KnownCaller,
    { client }: { client: Client },
  ): Promise<HttpResponseInit> {
    const type = negotiate(request.headers.get('accept'), ['application/json', 'text/markdown']);
    const { id = '' } = request.params;
    const stored = /^[\w-]{22}$/.test(id) ? await runs.read(id) : undefined;
    if (!stored || !mayRead(caller, stored.state) || isForgotten(stored.state)) throw notFound();
    const told = await report(await waitFor(stored, readWait(request)), client);
    const headers = { vary: 'Accept, Prefer' };
    const markdown = told.output?.markdown;
    if (type === 'text/markdown' && markdown !== undefined) {
      return { headers: { ...headers, 'content-type': 'text/markdown; charset=utf-8' }, body: markdown };
    }
    return { headers, jsonBody: told };
  }

  /** Nobody is "me" to an operator's key. */
  async function refuseMe(text: string, zone: string): Promise<void> {
    const { isAboutMe } = await understandByRules(text, { now: clock(), timeZone: zone });
    if (!isAboutMe) return;
    throw new ParleyError(
      'bad_request',
      'The request says "me", and an operator is nobody in particular: name with "as" whom it means, by a number, a mail address, ' +
        "an identity or a person's id p_….",
    );
  }

  /** As it stands once it has ended, or the time is up. */
  async function waitFor(stored: StoredRun<AskState>, seconds: number): Promise<StoredRun<AskState>> {
    let latest = stored;
    for (const end = Date.now() + seconds * 1_000; latest.state.state === 'running' && Date.now() < end; ) {
      await wait(pollMilliseconds);
      latest = (await runs.read(stored.state.id)) ?? latest;
    }
    return latest;
  }

  async function report({ state }: StoredRun<AskState>, client: Client) {
    const { id, phase, found, done, reason } = state;
    const progress = { step: phase, found, done };
    if (state.state === 'completed') {
      const output = await files.readAnswer(id);
      // Erased between the two readings.
      if (!output) throw notFound();
      return { id, state: 'completed', progress, output };
    }
    if (state.state === 'failed') return { id, state: 'failed', progress, reason };
    const status = await findStatus(client, instanceOf(id));
    if (!status || isRunning(status)) return { id, state: 'running', progress };
    const latest = (await runs.read(id))?.state;
    // It ended between the two readings, and is told the next time.
    if (latest?.state !== 'running') return { id, state: 'running', progress };
    return { id, state: 'failed', progress, reason: 'It broke off; the log of the app says why. Ask again.' };
  }

  function isForgotten({ startedAt }: AskState): boolean {
    return clock().getTime() - Date.parse(startedAt) > settings.keepDays * dayMilliseconds;
  }

  return { post, get };
}

/**
 * Whoever is verified as who asked, as long as all the identities that it was answered for are theirs: numbers that several of
 * us answer for are no proof, and whoever answers for one no more reads no more of it.
 */
function mayRead(caller: KnownCaller, { asker }: AskState): boolean {
  if (caller.kind === 'operator') return true;
  if (asker.kind !== 'person') return false;
  const { identities } = caller;
  return identities[0] === asker.identities[0] && asker.identities.every((each) => identities.includes(each));
}

function instanceOf(id: string): string {
  return `ask-${id}`;
}

/** Seconds of `wait` in `Prefer` (RFC 7240, section 4.3), at most `longestWait`; 0 without. */
function readWait({ headers }: HttpRequest): number {
  const seconds = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,6})"?\s*(?:[,;]|$)/i.exec(
    headers.get('prefer') ?? '',
  )?.[1];
  return Math.min(longestWait, Number(seconds ?? 0));
}

function notFound(): ParleyError {
  return new ParleyError('not_found', 'There is no answer of that id. POST /api/ask asks for one.');
}
