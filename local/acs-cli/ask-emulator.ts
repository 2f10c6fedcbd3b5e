import * as z from 'zod';
import { readAnnouncement } from '../acs/announce-emulator.ts';
import { ExplainedError } from '../explained-error.ts';

const failure = z.object({ error: z.object({ message: z.string() }) });
const greeting = z.object({ emulator: z.string() });

export const defaultPort = 7080;

/** Asks the running emulator; throws `ExplainedError` with what it answered where that is no success. */
export type Ask = (
  method: 'GET' | 'PUT' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
) => Promise<unknown>;

/** Asks the emulator where the settings say, else where one was announced, else at the usual port. */
export function askEmulator(environment: NodeJS.ProcessEnv, dataFolder: string): Ask {
  let found: Promise<string> | undefined;
  return async (method, path, body) => {
    found ??= findEmulator(environment, dataFolder);
    return ask(await found, method, path, body);
  };
}

async function findEmulator(
  { ACS_EMULATOR_URL, ACS_PORT }: NodeJS.ProcessEnv,
  dataFolder: string,
): Promise<string> {
  const usual = `http://127.0.0.1:${defaultPort}`;
  const addresses = ACS_EMULATOR_URL
    ? [ACS_EMULATOR_URL]
    : ACS_PORT
      ? [`http://127.0.0.1:${ACS_PORT}`]
      : [readAnnouncement(dataFolder) ?? usual, usual];
  for (const url of new Set(addresses)) {
    if (await isEmulator(url)) return url;
  }
  throw new ExplainedError(
    `No ACS emulator answers at ${addresses[0]}.\n` +
      'If npm start runs, set PARLEY_DATA or ACS_PORT here as they are set there, or ACS_EMULATOR_URL to the address that it prints.\n' +
      'To start another emulator, in another terminal: npm run acs',
  );
}

async function isEmulator(url: string): Promise<boolean> {
  try {
    const response = await fetch(new URL('/emulator', url), { signal: AbortSignal.timeout(5_000) });
    return greeting.safeParse(await response.json()).success;
  } catch {
    return false;
  }
}

async function ask(url: string, method: string, path: string, body: unknown): Promise<unknown> {
  const response = await fetch(new URL(`/emulator${path}`, url), {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  }).catch(() => {
    throw new ExplainedError(`The ACS emulator at ${url} does not answer any more.`);
  });
  const text = await response.text();
  const answer: unknown = text === '' ? undefined : JSON.parse(text);
  if (response.ok) return answer;
  throw new ExplainedError(
    failure.safeParse(answer).data?.error.message ?? `It answered ${response.status}.`,
  );
}
