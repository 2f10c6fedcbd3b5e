import { HttpRequest, type HttpResponseInit } from '@azure/functions';
import type { Output } from '../../src/shared/ask/answer.ts';
import type { openAsking } from '../../src/shared/ask/open-asking.ts';
import type { Operator, PersonCaller } from '../../src/shared/security/caller.ts';
import { createServices } from '../../src/shared/services.ts';
import { readSettings } from '../../src/shared/settings.ts';
import type { ConversationKey, Person, TranscriptEntry } from '../../src/shared/transcripts/entry.ts';

export const operator: Operator = { kind: 'operator', name: 'tests' };

export function person(first: string, ...more: string[]): PersonCaller {
  return { kind: 'person', identities: [first, ...more] };
}

export interface Told {
  id: string;
  state: string;
  progress: { step: string; found: number; done: number };
  reason?: string;
  output?: Output;
}

/** All of Parley on a storage account, asked without a host: whoever asks has been verified, and steps are run by hand. */
export function makeAsking(
  connectionString: string,
  environment: Record<string, string> = {},
  options: Parameters<typeof createServices>[1] = {},
) {
  const settings = readSettings({ AzureWebJobsStorage: connectionString, ...environment });
  const services = createServices(settings, options);
  const { asking, transcripts, people } = services;
  const started: string[] = [];
  const logged: string[] = [];
  const client = {
    startNew: async (_: string, { input }: { input?: unknown } = {}) => {
      started.push((input as { id: string }).id);
      return '';
    },
    getStatus: async () => ({ runtimeStatus: 'Running' }) as never,
  };
  const context = { log: (line: string) => logged.push(line) };
  const post = (
    body: unknown,
    caller: PersonCaller | Operator,
    headers: Record<string, string> = {},
  ): Promise<HttpResponseInit> => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const request = new HttpRequest({
      method: 'POST',
      url: 'http://localhost/api/ask',
      headers,
      body: { string: text },
    });
    return asking.post(request, caller, { client, context });
  };
  const get = (
    id: string,
    caller: PersonCaller | Operator,
    accept = 'application/json',
  ): Promise<HttpResponseInit> =>
    asking.get(
      new HttpRequest({
        method: 'GET',
        url: `http://localhost/api/ask/${id}`,
        params: { id },
        headers: { accept },
      }),
      caller,
      { client },
    );
  const run = async (
    id: string,
    step: ReturnType<typeof openAsking>['step'] = asking.step,
  ): Promise<void> => {
    while (!(await step({ id })).isDone);
  };
  return {
    services,
    started,
    logged,
    post,
    get,
    run,
    async say(key: ConversationKey, ...entries: TranscriptEntry[]) {
      await transcripts.append(key, entries);
      await people.note(key, entries);
    },
    /** Asks, runs it to its end and reads the answer as the same caller. */
    async ask(body: object | string, caller: PersonCaller | Operator): Promise<Output> {
      const request = typeof body === 'string' ? { request: body } : body;
      const { id } = (await post(request, caller)).jsonBody as Told;
      await run(id);
      const told = (await get(id, caller)).jsonBody as Told;
      if (!told.output) throw new Error(`it ${told.state}: ${told.reason}`);
      return told.output;
    },
  };
}

let count = 0;

/** A message; `minute` counts from 2026-11-02 09:00 UTC. */
export function message(
  { id: conversation }: ConversationKey,
  sender: Person,
  text: string,
  minute: number,
  more: { to?: Person[]; sentBy?: string } = {},
): TranscriptEntry {
  const at = timeAt(minute);
  const messageId = `m${minute}`;
  count += 1;
  const version = String(Date.parse(at) + count);
  return {
    kind: 'message',
    id: `message:${messageId}:${version}`,
    conversation,
    version,
    at,
    messageId,
    sender,
    text,
    ...more,
  };
}

export function joining(
  { id: conversation }: ConversationKey,
  participant: Person,
  minute: number,
  change: 'added' | 'removed' = 'added',
): TranscriptEntry {
  const at = timeAt(minute);
  count += 1;
  return {
    kind: 'participant',
    id: `participant:${participant.id}:${count}`,
    conversation,
    version: String(Date.parse(at) + count),
    at,
    participant,
    change,
  };
}

export function timeAt(minute: number): string {
  return new Date(Date.UTC(2026, 10, 2, 9, minute)).toISOString();
}
