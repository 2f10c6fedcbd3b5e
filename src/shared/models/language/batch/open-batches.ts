import type { OpenAI } from 'openai';
import * as z from 'zod';
import { parseJson } from '../../../json.ts';

/** A batch at the endpoint, by its own ids. */
export interface Ticket {
  batch: string;
  inputFile: string;
}

/** Whether a batch is under way, and what may be read of it. `ended` may be of a batch that did nothing, or not all. */
export interface BatchState {
  state: 'running' | 'ended';
  /** As the endpoint calls it: `completed`, `cancelled`, `expired`, `failed`, … */
  status: string;
  /** Files of answers, and of requests that failed. */
  resultFiles: string[];
}

/** One request of a batch: the body of a chat completion, under an id of ours. */
export interface BatchRequest {
  id: string;
  body: Record<string, unknown>;
}

/** What became of one request: the body of a completion, or none where it failed. */
export interface BatchAnswer {
  id: string;
  completion?: unknown;
}

interface Options {
  signal?: AbortSignal;
}

/**
 * Batches of chat completions, as OpenAI and Azure OpenAI carry them out at half the price within a day. Everything can be
 * done again: what a key has begun is found by it. Errors are those of the client.
 */
export interface Batches {
  /** Begins the batch of a key, or finds it where it was begun before. `sinceSeconds` is when that may have been, Unix time. */
  submit(
    key: string,
    requests: readonly BatchRequest[],
    options: Options & { sinceSeconds: number },
  ): Promise<Ticket>;
  state(ticket: Ticket, options?: Options): Promise<BatchState>;
  /** In any order; each request at most once. */
  answers(state: BatchState, options?: Options): AsyncGenerator<BatchAnswer>;
  /** Stops what has not begun; the batch then ends by itself. */
  cancel(ticket: Ticket, options?: Options): Promise<void>;
  /**
   * Cancels the batch of a key where it runs, and deletes all files that there are of it. Not done while a batch is ending,
   * for up to ten minutes: it may leave answers yet; call it again.
   */
  remove(
    key: string,
    options: Options & { sinceSeconds: number },
  ): Promise<{ removed: number; isDone: boolean }>;
}

export interface BatchesOptions {
  /**
   * Without a deployment of its own: with one the Azure client would ask below `/deployments/<name>/batches`, where there is
   * nothing.
   */
  client: () => Promise<OpenAI>;
  /** Azure: `/chat/completions`; OpenAI: `/v1/chat/completions`. */
  path: string;
}

/** The statuses from which a batch moves on by itself. */
const running = new Set(['validating', 'in_progress', 'finalizing', 'cancelling']);

/** Clocks differ. */
const skewSeconds = 600;

const created = z.object({ id: z.string(), created_at: z.number() });
const batchForm = created.extend({
  status: z.string(),
  input_file_id: z.string(),
  output_file_id: z.string().nullish(),
  error_file_id: z.string().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
});
const fileForm = created.extend({ filename: z.string() });
const answerForm = z.object({
  custom_id: z.string(),
  response: z.object({ status_code: z.number(), body: z.unknown() }).nullish(),
});

type Batch = z.infer<typeof batchForm>;

/** Opens the batches of an endpoint. */
export function openBatches({ client: open, path }: BatchesOptions): Batches {
  /** All that was made since then, the newest first: nothing else is looked through. */
  async function* newest<Item extends { created_at: number }>(
    listing: AsyncIterable<unknown>,
    form: z.ZodType<Item>,
    sinceSeconds: number,
  ): AsyncGenerator<Item> {
    for await (const listed of listing) {
      const item = form.safeParse(listed).data;
      if (item && item.created_at < sinceSeconds - skewSeconds) return;
      if (item) yield item;
    }
  }

  async function batchesOf(
    key: string,
    client: OpenAI,
    since: number,
    signal?: AbortSignal,
  ): Promise<Batch[]> {
    const found: Batch[] = [];
    for await (const batch of newest(client.batches.list({}, { signal }), batchForm, since)) {
      if (batch.metadata?.parley === key) found.push(batch);
    }
    return found;
  }

  async function filesOf(
    key: string,
    client: OpenAI,
    since: number,
    signal?: AbortSignal,
  ): Promise<string[]> {
    const found: string[] = [];
    const listing = client.files.list({ purpose: 'batch', order: 'desc' }, { signal });
    for await (const file of newest(listing, fileForm, since)) {
      if (file.filename === nameOf(key)) found.push(file.id);
    }
    return found;
  }

  async function upload(
    key: string,
    requests: readonly BatchRequest[],
    client: OpenAI,
    signal?: AbortSignal,
  ) {
    const lines = requests.map(
      ({ id, body }) => `${JSON.stringify({ custom_id: id, method: 'POST', url: path, body })}\n`,
    );
    const file = new File(lines, nameOf(key), { type: 'application/jsonl' });
    return (await client.files.create({ file, purpose: 'batch' }, { signal })).id;
  }

  return {
    async submit(key, requests, { sinceSeconds, signal }) {
      const client = await open();
      const [begun] = await batchesOf(key, client, sinceSeconds, signal);
      if (begun) return { batch: begun.id, inputFile: begun.input_file_id };
      const [uploaded] = await filesOf(key, client, sinceSeconds, signal);
      const inputFile = uploaded ?? (await upload(key, requests, client, signal));
      const body = {
        input_file_id: inputFile,
        endpoint: path,
        completion_window: '24h',
        metadata: { parley: key },
      };
      const batch = batchForm.parse(await client.post('/batches', { body, signal }));
      return { batch: batch.id, inputFile };
    },
    async state({ batch: id }, { signal } = {}) {
      const client = await open();
      const batch = batchForm.parse(await client.batches.retrieve(id, { signal }));
      const files = [batch.output_file_id, batch.error_file_id].filter((file) => file != null && file !== '');
      return {
        state: running.has(batch.status) ? 'running' : 'ended',
        status: batch.status,
        resultFiles: files.filter((file) => file != null),
      };
    },
    async *answers({ resultFiles }, { signal } = {}) {
      const client = await open();
      const seen = new Set<string>();
      for (const file of resultFiles) {
        const text = await (await client.files.content(file, { signal })).text();
        for (const line of text.split('\n')) {
          const answer = answerForm.safeParse(parseJson(line)).data;
          if (!answer || seen.has(answer.custom_id)) continue;
          seen.add(answer.custom_id);
          const { custom_id: id, response } = answer;
          yield response?.status_code === 200 ? { id, completion: response.body } : { id };
        }
      }
    },
    async cancel({ batch }, { signal } = {}) {
      const client = await open();
      await ignoring([404, 409, 400], () => client.batches.cancel(batch, { signal }));
    },
    async remove(key, { sinceSeconds, signal }) {
      const client = await open();
      const files = new Set(await filesOf(key, client, sinceSeconds, signal));
      let isDone = true;
      for (const batch of await batchesOf(key, client, sinceSeconds, signal)) {
        if (running.has(batch.status)) {
          isDone = false;
          await ignoring([404, 409, 400], () => client.batches.cancel(batch.id, { signal }));
        }
        for (const file of [batch.input_file_id, batch.output_file_id, batch.error_file_id]) {
          if (file) files.add(file);
        }
      }
      let removed = 0;
      for (const file of files) {
        if (await ignoring([404], () => client.files.delete(file, { signal }))) removed += 1;
      }
      return { removed, isDone };
    },
  };
}

const nameOf = (key: string): string => `parley-${key}.jsonl`;

/** False where the endpoint answered one of these: what was asked for is so already. */
async function ignoring(statuses: readonly number[], work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    const status = error instanceof Error && 'status' in error ? error.status : undefined;
    if (typeof status === 'number' && statuses.includes(status)) return false;
    throw error;
  }
}
