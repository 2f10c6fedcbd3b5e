import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { ExplainedError } from '../explained-error.ts';

const pollMilliseconds = 250;

const nightRun = z.object({
  night: z.string(),
  state: z.enum(['running', 'completed', 'failed']),
  found: z.number().default(0),
  done: z.number().default(0),
  failed: z.number().default(0),
});

export type NightRun = z.infer<typeof nightRun>;

/** Sends a request and returns the response; any other than a 2xx fails with what was asked and what was answered. */
async function request(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  if (response.ok) return response;
  const { pathname } = new URL(url);
  throw new ExplainedError(
    `${init.method ?? 'GET'} ${pathname} answered ${response.status}: ${(await response.text()) || 'nothing more'}`,
  );
}

const answered = z.object({ output: z.object({ status: z.literal('answered'), markdown: z.string() }) });

/** Posts JSON. */
export function post(
  url: string,
  body: unknown,
  signal: AbortSignal,
  headers: Record<string, string> = {},
): Promise<Response> {
  return request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal,
  });
}

export async function readJson(url: string, signal: AbortSignal): Promise<unknown> {
  return (await request(url, { signal })).json();
}

/** The answer to a request in plain words, as Markdown; rejects where there is none within half a minute. */
export async function askInWords(
  url: string,
  body: { request: string; as: string },
  signal: AbortSignal,
): Promise<string> {
  const answer: unknown = await (await post(`${url}/api/ask`, body, signal, { prefer: 'wait=30' })).json();
  const found = answered.safeParse(answer).data;
  if (!found) throw new ExplainedError(`POST /api/ask came to no answer: ${JSON.stringify(answer)}`);
  return found.output.markdown;
}

/** What a page says to people. */
export async function readMarkdown(url: string, signal: AbortSignal): Promise<string> {
  const response = await request(url, { headers: { accept: 'text/markdown' }, signal });
  return response.text();
}

/** Starts the night's summaries and resolves when they are made; rejects when the run failed. */
export async function runNight(url: string, signal: AbortSignal): Promise<NightRun> {
  const started = await post(`${url}/api/summaries/runs`, {}, signal);
  const status = started.headers.get('location');
  if (status === null) throw new ExplainedError('POST /api/summaries/runs answered without a Location.');
  for (;;) {
    const response = await request(status, { signal });
    const answer: unknown = await response.json();
    const run = nightRun.parse(answer);
    if (run.state === 'completed') return run;
    if (run.state === 'failed') throw new ExplainedError(`The night failed: ${JSON.stringify(answer)}`);
    await wait(pollMilliseconds);
  }
}
