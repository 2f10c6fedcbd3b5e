import * as z from 'zod';
import type { ProviderErasure } from '../channels/eraser-at-provider.ts';
import type { TouchedConversation } from '../erasers/eraser.ts';
import type { Traces } from '../erasers/matcher.ts';
import { parseJson } from '../json.ts';
import type { Container } from '../storage/container.ts';
import { listingPosition } from '../storage/list-folders.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';

const tracesSchema = z.object({
  identities: z.array(z.string()),
  names: z.array(z.string()),
  texts: z.array(z.string()),
});

const key = { channel: z.string(), id: z.string() };

const batchSchema = z.object({
  conversations: z.array(
    z.object({
      ...key,
      isWhole: z.boolean(),
      /** All conversations that are one with it, itself among them, as far as they are touched with it. */
      parts: z.array(z.object(key)),
    }),
  ),
  position: listingPosition.optional(),
});

/** Conversations that are about to be touched, and where the listing of transcripts goes on after them. */
export type Batch = z.infer<typeof batchSchema>;

const foundSchema = z.object({
  /** Paths of the conversations that they took part in. */
  conversations: z.array(z.string()),
  /** Identities beside those of theirs, in messages of theirs. */
  identities: z.array(z.string()),
});
export type Found = z.infer<typeof foundSchema>;

const providerSchema = z.object({
  identities: z.array(z.string()),
  messages: z.array(z.object({ conversation: z.string(), messageId: z.string(), sender: z.string() })),
});

export interface Touched {
  conversations: TouchedConversation[];
  /** Conversations of several parts count once. */
  erased: number;
  redacted: number;
}

/**
 * What an erasure keeps beside its state while it runs: it tells whom the erasure is about, and goes with its end.
 */
export interface ErasureFiles {
  readTraces(id: string): Promise<Traces>;
  writeTraces(id: string, traces: Traces): Promise<void>;
  readFound(id: string): Promise<Found>;
  writeFound(id: string, found: Found): Promise<void>;
  /** What is to go at the provider of a channel: written once, and read each time that it is asked. */
  readAtProvider(id: string, channel: string): Promise<ProviderErasure | undefined>;
  writeAtProvider(id: string, channel: string, erasure: ProviderErasure): Promise<void>;
  readBatch(id: string, number: number): Promise<Batch | undefined>;
  writeBatch(id: string, number: number, batch: Batch): Promise<void>;
  /** Of all batches before this number, each once; `parts` each for itself. */
  touched(id: string, batches: number): Promise<Touched>;
  removeAll(id: string): Promise<void>;
  /** Makes a run the one that erases a subject, unless there is one; returns the id of the one there is. */
  claim(subject: string, id: string): Promise<string>;
  findClaim(subject: string): Promise<string | undefined>;
  /** Ends the claim of a run. */
  release(subject: string, id: string): Promise<void>;
}

const claimSchema = z.object({ id: z.string() });
const nothing: Traces = { identities: [], names: [], texts: [] };

export function openErasureFiles(container: Container): ErasureFiles {
  const read = async <T>(name: string, schema: z.ZodType<T>): Promise<T | undefined> => {
    const blob = await container.read(name);
    return blob && schema.parse(parseJson(blob.text));
  };
  const write = (name: string, value: unknown, replaces?: 'none'): Promise<boolean> =>
    container.write(name, JSON.stringify(value), {
      contentType: 'application/json',
      ...(replaces ? { replaces } : {}),
    });
  const batchName = (id: string, number: number): string =>
    `work/${id}/touched/${String(number).padStart(6, '0')}.json`;
  const findClaim = async (subject: string): Promise<string | undefined> =>
    (await read(`claims/${subject}`, claimSchema))?.id;

  return {
    readTraces: async (id) => (await read(`work/${id}/traces.json`, tracesSchema)) ?? nothing,
    async writeTraces(id, traces) {
      await write(`work/${id}/traces.json`, traces);
    },
    readFound: async (id) =>
      (await read(`work/${id}/found.json`, foundSchema)) ?? { conversations: [], identities: [] },
    async writeFound(id, found) {
      await write(`work/${id}/found.json`, found);
    },
    readAtProvider: (id, channel) => read(`work/${id}/provider/${channel}.json`, providerSchema),
    async writeAtProvider(id, channel, erasure) {
      await write(`work/${id}/provider/${channel}.json`, erasure);
    },
    readBatch: (id, number) => read(batchName(id, number), batchSchema),
    async writeBatch(id, number, batch) {
      await write(batchName(id, number), batch);
    },
    async touched(id, batches) {
      const found = new Map<string, TouchedConversation>();
      const whole = new Set<string>();
      const places = new Set<string>();
      for (let number = 0; number < batches; number += 1) {
        const batch = await read(batchName(id, number), batchSchema);
        for (const { parts, isWhole, ...conversation } of batch?.conversations ?? []) {
          const place = conversationPath(conversation);
          places.add(place);
          if (isWhole) whole.add(place);
          for (const part of parts) {
            const path = conversationPath(part);
            found.set(path, { ...part, isWhole: isWhole || (found.get(path)?.isWhole ?? false) });
          }
        }
      }
      const conversations = [...found.values()];
      return { conversations, erased: whole.size, redacted: places.size - whole.size };
    },
    async removeAll(id) {
      await container.removeAll(`work/${id}/`);
    },
    findClaim,
    async claim(subject, id) {
      for (;;) {
        if (await write(`claims/${subject}`, { id }, 'none')) return id;
        const holder = await findClaim(subject);
        if (holder !== undefined) return holder;
      }
    },
    async release(subject, id) {
      const name = `claims/${subject}`;
      const blob = await container.read(name);
      const holder = blob && claimSchema.safeParse(parseJson(blob.text)).data;
      if (blob && holder?.id === id) await container.remove(name, { etag: blob.etag });
    },
  };
}
