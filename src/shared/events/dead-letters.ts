import { createHash } from 'node:crypto';
import * as z from 'zod';
import { toIsoTime } from '../channels/times.ts';
import { parseJson } from '../json.ts';
import type { Container } from '../storage/container.ts';

const deadLetter = z.object({ reason: z.string(), receivedAt: z.string(), original: z.unknown() });

export interface DeadLetter extends z.infer<typeof deadLetter> {
  /** `<date>/<sha256>`, for reading, replaying and removing it. */
  name: string;
  /** True where the blob holds something else: then that is the original, as text, and was received when it was written. */
  isDamaged?: true;
}

export interface DeadLetterPage {
  deadLetters: Omit<DeadLetter, 'original'>[];
  next?: string;
}

const damaged =
  'This dead letter is damaged: it is not as Parley writes them, and cannot be replayed. Remove it in the container.';

/** What could not be understood, kept whole until somebody has replayed or removed it. */
export interface DeadLetterStore {
  /** The same original a second time makes no second dead letter. */
  put(original: unknown, reason: string, options?: { signal?: AbortSignal }): Promise<void>;
  get(name: string): Promise<DeadLetter | undefined>;
  remove(name: string): Promise<boolean>;
  page(options: { limit: number; from?: string }): Promise<DeadLetterPage>;
  names(): AsyncGenerator<string>;
}

export function openDeadLetters(container: Container, { clock }: { clock: () => Date }): DeadLetterStore {
  const get = async (name: string): Promise<DeadLetter | undefined> => {
    const blob = await container.read(`${name}.json`);
    if (!blob) return undefined;
    const { data } = deadLetter.safeParse(parseJson(blob.text));
    if (data) return { name, ...data };
    return { name, reason: damaged, receivedAt: blob.lastModified, original: blob.text, isDamaged: true };
  };
  return {
    get,
    async put(original, reason, { signal } = {}) {
      const receivedAt = clock().toISOString();
      const text = toText(original);
      const name = `${(timeOf(original) ?? receivedAt).slice(0, 10)}/${createHash('sha256').update(text).digest('hex')}`;
      const body = `{"reason":${JSON.stringify(reason)},"receivedAt":"${receivedAt}","original":${text}}`;
      await container.write(`${name}.json`, body, {
        contentType: 'application/json',
        replaces: 'none',
        signal,
      });
    },
    remove: (name) => container.remove(`${name}.json`),
    async page({ limit, from }) {
      for await (const { blobs, next } of container.pages({ from, pageSize: limit })) {
        const letters = await Promise.all(blobs.map(({ name }) => get(withoutEnding(name))));
        const deadLetters = letters.flatMap((letter) => (letter ? [summaryOf(letter)] : []));
        return { deadLetters, ...(next ? { next } : {}) };
      }
      return { deadLetters: [] };
    },
    async *names() {
      for await (const { blobs } of container.pages()) yield* blobs.map(({ name }) => withoutEnding(name));
    },
  };
}

/** Parsing takes any depth, writing does not. */
function toText(original: unknown): string {
  try {
    return JSON.stringify(original) ?? 'null';
  } catch {
    return JSON.stringify('The original was nested too deeply to be kept.');
  }
}

/** The event's own time, so that a delivery repeated after midnight finds the first one. */
function timeOf(original: unknown): string | undefined {
  const event = z.object({ eventTime: z.unknown(), time: z.unknown() }).partial().safeParse(original).data;
  return toIsoTime(event?.eventTime ?? event?.time);
}

function withoutEnding(name: string): string {
  return name.replace(/\.json$/, '');
}

function summaryOf({ name, reason, receivedAt }: DeadLetter): Omit<DeadLetter, 'original'> {
  return { name, reason, receivedAt };
}
