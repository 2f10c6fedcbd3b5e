import type * as z from 'zod';
import { parseJson } from '../json.ts';
import type { Container } from '../storage/container.ts';
import { storageUnavailable } from '../storage/storage-errors.ts';

/** What a JSON blob is to become: the very value where it stays as it is, another one, or nothing. */
export type ChangeValue<Value> = (value: Value) => Value | undefined;

interface Options<Value> {
  schema: z.ZodType<Value>;
  change: ChangeValue<Value>;
  /** Whether a blob goes that is not of the schema: damaged, or of another version. */
  isTraced: (text: string) => boolean;
  signal: AbortSignal;
}

/** Somebody else wrote first so often that it is no race. */
const mostTries = 8;

/** Changes or removes a JSON blob as it stands, whoever writes it at the same time. Returns 1 where it did, else 0. */
export async function changeJson<Value>(
  container: Container,
  name: string,
  { schema, change, isTraced, signal }: Options<Value>,
): Promise<number> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const blob = await container.read(name, { signal });
    if (!blob) return 0;
    const { etag, text } = blob;
    const { data: value } = schema.safeParse(parseJson(text));
    if (value === undefined && !isTraced(text)) return 0;
    const changed = value === undefined ? undefined : change(value);
    if (value !== undefined && changed === value) return 0;
    const isDone =
      changed === undefined
        ? await container.remove(name, { etag, signal })
        : await container.write(name, JSON.stringify(changed), {
            contentType: 'application/json',
            metadata: blob.metadata,
            replaces: { etag },
            signal,
          });
    if (isDone) return 1;
  }
  throw storageUnavailable(new Error('a blob changes faster than it is rewritten'));
}
