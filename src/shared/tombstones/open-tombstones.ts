import pMap from 'p-map';
import { ParleyError } from '../errors.ts';
import type { Container } from '../storage/container.ts';
import type { ConversationKey } from '../transcripts/entry.ts';
import { bury, conversationsFolder, generationBlob, identitiesFolder, never } from './blobs.ts';
import { createLookUp, isLater, type LookUp } from './look-up.ts';
import { createSealer, type Sealer } from './seal.ts';
import { type Snapshot, takeSnapshot } from './snapshot.ts';
import type { Tombstones } from './tombstones.ts';
import { createWatch, orAborted } from './watch.ts';

interface TombstoneOptions {
  /** The first one seals, all of them are looked for. Without one, nothing can be buried, and storage is asked nothing. */
  secrets: readonly string[];
  /** Within this time every process knows of what is buried: it looks four times as often, but at most twice a second. */
  settleSeconds: number;
  clock: () => Date;
}

const concurrency = 8;

/**
 * Opens the tombstones of a container: `identities/<seal>` and `conversations/<seal>`, with their time in the metadata, the
 * latter with the seals of single entries and messages as lines, and `generation`. A look is one small request, now and
 * then; only after a burial all tombstones are listed.
 */
export function openTombstones(
  container: Container,
  { secrets, settleSeconds, clock }: TombstoneOptions,
): Tombstones {
  const sealers = secrets.map(createSealer);
  const fingerprints = new Set(sealers.map(({ fingerprint }) => fingerprint));
  const watch = createWatch<{ snapshot: Snapshot; lookUp: LookUp }>(
    async (last) => {
      const snapshot = await takeSnapshot(container, last?.snapshot, fingerprints);
      return last?.snapshot === snapshot ? last : { snapshot, lookUp: createLookUp(snapshot, sealers) };
    },
    { milliseconds: Math.max(500, settleSeconds * 250), clock },
  );

  /** Undefined where nothing is buried. */
  const look = async (signal: AbortSignal | undefined): Promise<LookUp | undefined> => {
    if (sealers.length === 0) return undefined;
    const { snapshot, lookUp } = await watch.current(signal);
    return snapshot.isEmpty ? undefined : lookUp;
  };

  /** Writes tombstones and then, even where all of them stood already, the generation: an earlier try may have broken off. */
  const buryAll = async (
    toTombstone: (sealer: Sealer) => { names: Iterable<string>; until?: string; parts?: Iterable<string> },
  ): Promise<void> => {
    const [sealer] = sealers;
    if (!sealer) throw withoutSecret();
    const { names, until, parts = [] } = toTombstone(sealer);
    const tombstone = {
      // Throws where it is no time.
      until: until === undefined ? never : Date.parse(new Date(until).toISOString()),
      parts: new Set(parts),
    };
    await pMap(names, (name) => bury(container, name, tombstone, sealer.fingerprint), { concurrency });
    await container.write(generationBlob, clock().toISOString(), { contentType: 'text/plain' });
    watch.forget();
  };

  const buryParts = (
    kind: 'entry' | 'message',
    conversation: ConversationKey,
    ids: readonly string[],
  ): Promise<void> =>
    buryAll((sealer) => ({
      names: ids.length === 0 ? [] : [conversationBlob(sealer, conversation)],
      parts: ids.map((id) => sealer.part(kind, conversation, id)),
    }));

  return {
    isEmpty: async ({ signal } = {}) => (await look(signal)) === undefined,
    async admit(conversation, entries, { signal } = {}) {
      const lookUp = entries.length === 0 ? undefined : await look(signal);
      if (!lookUp) return [...entries];
      return entries.filter(await orAborted(lookUp.admissionTo(conversation), signal));
    },
    async admits({ conversation, identities = [], at }, { signal } = {}) {
      const lookUp = await look(signal);
      if (!lookUp) return true;
      const until = conversation ? lookUp.untilOfConversation(conversation) : never;
      return isLater(at, Math.max(until, ...identities.map(lookUp.untilOfIdentity)));
    },
    buryIdentities: (identities, until) =>
      buryAll((sealer) => ({
        names: new Set(identities.map((identity) => `${identitiesFolder}${sealer.identity(identity)}`)),
        until,
      })),
    buryConversation: (conversation, until) =>
      buryAll((sealer) => ({ names: [conversationBlob(sealer, conversation)], until })),
    buryEntries: (conversation, entryIds) => buryParts('entry', conversation, entryIds),
    buryMessages: (conversation, messageIds) => buryParts('message', conversation, messageIds),
  };
}

function conversationBlob(sealer: Sealer, conversation: ConversationKey): string {
  return `${conversationsFolder}${sealer.conversation(conversation)}`;
}

function withoutSecret(): ParleyError {
  return new ParleyError(
    'not_configured',
    'Nothing can be erased without the setting ERASURE_SECRET, because late events would bring it back: set it to a ' +
      'secret of at least 16 characters, and keep it.',
  );
}
