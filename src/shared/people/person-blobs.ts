import { createHash } from 'node:crypto';
import * as z from 'zod';
import { parseJson } from '../json.ts';
import type { Container } from '../storage/container.ts';
import { encodeName } from '../transcripts/conversation-path.ts';

/** A record as it is kept. */
export const storedPerson = z.object({
  id: z.string(),
  name: z.string().optional(),
  role: z.enum(['customer', 'staff', 'self']),
  /** Those that the person claims: theirs is each whose link names them. */
  identities: z.array(z.string()),
  answersFor: z.array(z.string()).optional(),
  /** No operator has said anything of them: made because somebody looked, or learnt where we send. */
  made: z.literal(true).optional(),
});
export type StoredPerson = z.infer<typeof storedPerson>;

const link = z.object({ identity: z.string(), person: z.string() });

export interface Stored<Value> {
  value: Value;
  etag: string;
}

interface Options {
  signal?: AbortSignal;
}

export const personsPrefix = 'persons/';

/** The blobs `persons/<id>.json` and `identities/<identity>.json`, each written over what was read only. */
export function openPersonBlobs(container: Container) {
  return {
    readPerson: (id: string, options?: Options) => read(personName(id), storedPerson, options),
    /** False where somebody else wrote since. */
    writePerson: (person: StoredPerson, over: Stored<StoredPerson> | undefined, options?: Options) =>
      write(personName(person.id), person, over, options, { identities: person.identities.map(mark).join() }),
    /** Whatever it says, unless `only` that version is meant. */
    removePerson: (id: string, only?: Stored<StoredPerson>) => container.remove(personName(id), only),
    /** The person whom an identity is linked to. */
    async readLink(identity: string, options?: Options): Promise<Stored<string> | undefined> {
      const stored = await read(linkName(identity), link, options);
      return stored && { value: stored.value.person, etag: stored.etag };
    },
    /** A new version in any case: whoever read the old one cannot write over it any more. */
    writeLink: (identity: string, person: string, over: Stored<string> | undefined, options?: Options) =>
      write(linkName(identity), { identity, person }, over, options),
    removeLink: (identity: string, only: Stored<string>) => container.remove(linkName(identity), only),
  };

  async function read<Value>(
    name: string,
    schema: z.ZodType<Value>,
    options?: Options,
  ): Promise<Stored<Value> | undefined> {
    const blob = await container.read(name, options);
    return blob && { value: schema.parse(parseJson(blob.text)), etag: blob.etag };
  }

  function write(
    name: string,
    value: object,
    over: { etag: string } | undefined,
    { signal }: Options = {},
    metadata: Record<string, string> = {},
  ): Promise<boolean> {
    const replaces = over ? { etag: over.etag } : 'none';
    const contentType = 'application/json';
    return container.write(name, JSON.stringify(value), { contentType, replaces, metadata, signal });
  }
}

export type PersonBlobs = ReturnType<typeof openPersonBlobs>;

/** By the marks of its identities a listing shows which records may name an identity. */
export function namesAny(
  metadata: Record<string, string> | undefined,
  identities: readonly string[],
): boolean {
  const marks = new Set(metadata?.identities?.split(','));
  return identities.some((identity) => marks.has(mark(identity)));
}

function mark(identity: string): string {
  return createHash('sha256').update(identity).digest('base64url').slice(0, 12);
}

function personName(id: string): string {
  return `${personsPrefix}${id}.json`;
}

function linkName(identity: string): string {
  return `identities/${encodeName(identity)}.json`;
}
