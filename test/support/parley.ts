import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';

export interface Parley {
  url: string;
  /** Its log so far. */
  lines: string[];
  /** SIGKILL to its whole process group, as when a machine runs out of memory. */
  kill(): Promise<void>;
  /** As Ctrl-C does. */
  stop(): Promise<void>;
}

/**
 * Runs `local/start.ts` as `npm start` does, on any free port, in a process group of its own. Messages are analysed only
 * where `environment` says so: tests compare transcripts with what they put in.
 */
export async function startParley(folder: string, environment: Record<string, string> = {}): Promise<Parley> {
  const { AzureWebJobsStorage: _, ...inherited } = process.env;
  const child = spawn(process.execPath, ['local/start.ts'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...inherited,
      PORT: '0',
      ACS_PORT: '0',
      PARLEY_DATA: folder,
      ANALYSIS: 'off',
      ...environment,
    },
  });
  const lines: string[] = [];
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ready = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        const url = /^Parley is running at (\S+)$/.exec(line)?.[1];
        if (url) resolve(url);
      });
    }
    ended.then(() => reject(new Error(`Parley ended before it was ready:\n${lines.join('\n')}`)));
    const late = () => reject(new Error(`Parley was not ready within a minute:\n${lines.join('\n')}`));
    setTimeout(late, 60_000).unref();
  });
  const signal = async (name: NodeJS.Signals): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null && child.pid) process.kill(-child.pid, name);
    await ended;
  };
  const url = await ready;
  return { url, lines, kill: () => signal('SIGKILL'), stop: () => signal('SIGINT') };
}

export async function newFolder(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-test-'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON; undefined where it is none. */
  json: unknown;
}

export async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parse(text) };
}

export function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return ask(url, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });
}

/** Asks again until `isDone` holds. Throws with the last answer when that takes longer than two minutes. */
export async function askUntil(
  url: string,
  isDone: (answer: Answer) => boolean,
  { everyMilliseconds = 250 }: { everyMilliseconds?: number } = {},
): Promise<Answer> {
  for (const end = performance.now() + 120_000; ; ) {
    const answer = await ask(url);
    if (isDone(answer)) return answer;
    if (performance.now() > end) throw new Error(`${url} still answers ${answer.status} ${answer.text}`);
    await wait(everyMilliseconds);
  }
}

/** What the address of a run tells once that is not running any more. */
export async function reportOf(url: string): Promise<Record<string, unknown>> {
  const { json } = await askUntil(
    url,
    ({ json: report }) => (report as { state?: string }).state !== 'running',
  );
  return json as Record<string, unknown>;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
