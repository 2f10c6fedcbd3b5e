import { createHash } from 'node:crypto';
import type { BlobItem } from '@azure/storage-blob';
import pMap from 'p-map';
import * as z from 'zod';
import { parseJson } from '../json.ts';
import type { Container } from '../storage/container.ts';
import { decodeName, encodeName } from '../transcripts/conversation-path.ts';
import { decode, encode, longestValue } from './index-blob.ts';
import { isCalled, searchWords, wordsOf } from './name-words.ts';

/** Who is called so: an identity that was seen with the name, or a person to whom an operator gave it. */
export type Named = { identity: string } | { person: string };
export type FoundName = Named & { name: string };

/** Where a search goes on: the token of a page, and the last that was seen on it. */
export const namePosition = z.object({ page: z.string().optional(), after: z.string() });
export type NamePosition = z.infer<typeof namePosition>;

/** What one listing of up to 5,000 names gives; it may be nothing. */
export interface NamePage {
  found: (FoundName & { position: NamePosition })[];
  /** Where the page after it begins. */
  next?: NamePosition;
}

interface Options {
  signal?: AbortSignal;
}

/** By which names somebody is found. Errors are those of the storage client. */
export interface NameIndex {
  /** When it returns, that is durable. */
  keep(who: Named, name: string, options?: Options): Promise<void>;
  /** Everybody of whose name each word of `text` begins a word; those who have several such names may come again. */
  search(text: string, options?: Options & { from?: NamePosition }): AsyncGenerator<NamePage>;
  /** Returns how many blobs went. */
  removeAll(who: Named): Promise<number>;
}

const stored = z.union([
  z.object({ identity: z.string(), name: z.string() }),
  z.object({ person: z.string(), name: z.string() }),
]);

/** Written down, because another version may divide names into other words. */
const removable = z.object({ entries: z.array(z.string()) }).catch({ entries: [] });

const concurrency = 8;

/**
 * Opens the index: `by-name/<word>/<who>/<name>` for each word of a name, and `names/<who>/<name>`, by which all that there
 * is of somebody is found again. The latter is written first and removed last.
 */
export function openNameIndex(container: Container, { pageSize }: { pageSize?: number } = {}): NameIndex {
  return {
    async keep(who, name, { signal } = {}) {
      const metadata = toMetadata(who, name);
      const write = (blob: string, content: object) =>
        container.write(blob, JSON.stringify(content), { contentType: 'application/json', metadata, signal });
      const entries = wordsOf(name).map((word) => entryName(word, who, name));
      await write(`${folderOf(who)}${lastPart(name)}`, { ...who, name, entries });
      await pMap(entries, (entry) => write(entry, { ...who, name }), { concurrency });
    },
    async *search(text, { from, signal } = {}) {
      const words = searchWords(text);
      const [longest] = words.toSorted((a, b) => b.length - a.length);
      if (longest === undefined) return;
      let page = from?.page;
      const prefix = `by-name/${encodeName(longest)}`;
      for await (const { blobs, next } of container.pages({ prefix, from: page, pageSize, signal })) {
        const found: NamePage['found'] = [];
        for (const blob of blobs) {
          if (from && blob.name <= from.after) continue;
          const one = fromListing(blob) ?? (await read(blob.name, signal));
          if (!one || !isCalled(one.name, words) || !isFirst(blob.name, one.name, longest)) continue;
          found.push({ ...one, position: positionOf(page, endOf(blob.name)) });
        }
        page = next;
        yield { found, ...(next === undefined ? {} : { next: positionOf(next, '') }) };
      }
    },
    async removeAll(who) {
      let removed = 0;
      const remove = async (blob: string) => {
        if (await container.remove(blob)) removed += 1;
      };
      for await (const { blobs } of container.pages({ prefix: folderOf(who) })) {
        for (const { name: blob } of blobs) {
          const content = await container.read(blob);
          const { entries } = removable.parse(content && parseJson(content.text));
          await pMap(entries, remove, { concurrency });
          await remove(blob);
        }
      }
      return removed;
    },
  };

  async function read(blob: string, signal: AbortSignal | undefined): Promise<FoundName | undefined> {
    const content = await container.read(blob, { signal });
    return content && stored.safeParse(parseJson(content.text)).data;
  }
}

function entryName(word: string, who: Named, name: string): string {
  return `by-name/${encodeName(word)}/${subjectOf(who)}/${lastPart(name)}`;
}

function folderOf(who: Named): string {
  return `names/${subjectOf(who)}/`;
}

function lastPart(name: string): string {
  return createHash('sha256').update(name).digest('base64url').slice(0, 16);
}

/** No identity's name in storage begins as that of a person. */
function subjectOf(who: Named): string {
  return 'person' in who ? `~p${who.person}` : encodeName(who.identity);
}

function toMetadata(who: Named, name: string): Record<string, string> {
  const isHashed = 'identity' in who && decodeName(encodeName(who.identity)) === undefined;
  const values = { name: encode(name), ...(isHashed ? { identity: encode(who.identity) } : {}) };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value.length <= longestValue));
}

/** Undefined where the metadata had no room. */
function fromListing({ name: blob, metadata }: BlobItem): FoundName | undefined {
  const subject = blob.split('/').at(-2) ?? '';
  if (metadata?.name === undefined) return undefined;
  const name = decode(metadata.name);
  if (subject.startsWith('~p')) return { person: subject.slice(2), name };
  const identity = decodeName(subject) ?? (metadata.identity && decode(metadata.identity));
  return identity === undefined ? undefined : { identity, name };
}

function positionOf(page: string | undefined, after: string): NamePosition {
  return page === undefined ? { after } : { page, after };
}

/** Of several words of one name that fit, one gives the name. */
function isFirst(blob: string, name: string, lookedFor: string): boolean {
  const fitting = wordsOf(name).filter((word) => word.startsWith(lookedFor));
  return blob.split('/')[1] === fitting.map(encodeName).sort()[0];
}

/** Past all that one word gives of one subject: further names of theirs do not make them come again. */
function endOf(blob: string): string {
  return `${blob.slice(0, blob.lastIndexOf('/') + 1)}~`;
}
