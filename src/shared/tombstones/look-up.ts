import type { ConversationKey, TranscriptEntry } from '../transcripts/entry.ts';
import { peopleOf, timeOf } from './about-entry.ts';
import { never } from './blobs.ts';
import type { Sealer } from './seal.ts';
import type { Snapshot } from './snapshot.ts';

/** Answers from one snapshot. Times are milliseconds since 1970, `never` where nothing is buried. */
export interface LookUp {
  untilOfConversation(conversation: ConversationKey): number;
  untilOfIdentity(identity: string): number;
  /** Makes the test whether an entry of a conversation may be kept. */
  admissionTo(conversation: ConversationKey): Promise<(entry: TranscriptEntry) => boolean>;
}

/** Some 5 MB: who writes now, and where. */
const mostRemembered = 10_000;

export function createLookUp(snapshot: Snapshot, sealers: readonly Sealer[]): LookUp {
  // A seal costs more than all else.
  const untilOfIdentity = remembering((identity: string) =>
    Math.max(never, ...sealers.map((sealer) => snapshot.untilOfIdentity(sealer.identity(identity)))),
  );
  const sealsOf = remembering((text: string) => sealers.map((sealer) => sealer.conversation(fromText(text))));
  const untilOfConversation = (conversation: ConversationKey): number =>
    Math.max(never, ...sealsOf(toText(conversation)).map(snapshot.untilOfConversation));

  /** Tells whether an entry, or the message that it belongs to, is buried by its id. */
  const partTestOf = async (conversation: ConversationKey): Promise<(entry: TranscriptEntry) => boolean> => {
    const seals = sealsOf(toText(conversation));
    if (!seals.some(snapshot.hasParts)) return () => false;
    const parts = await Promise.all(seals.map(snapshot.partsOf));
    const isBuried = (kind: 'entry' | 'message', id: string): boolean =>
      sealers.some((sealer, place) => parts[place]?.has(sealer.part(kind, conversation, id)));
    return (entry) =>
      isBuried('entry', entry.id) ||
      ('messageId' in entry && entry.messageId !== undefined && isBuried('message', entry.messageId));
  };

  return {
    untilOfConversation,
    untilOfIdentity,
    async admissionTo(conversation) {
      const isPartBuried = await partTestOf(conversation);
      const until = untilOfConversation(conversation);
      return (entry) => {
        const last = Math.max(until, ...peopleOf(entry).map(untilOfIdentity));
        return isLater(timeOf(entry), last) && !isPartBuried(entry);
      };
    },
  };
}

/** False for a time that cannot be read, where anything is buried. */
export function isLater(time: string, until: number): boolean {
  return until === never || Date.parse(time) > until;
}

/** Begins anew when it is too much. */
function remembering<Value>(compute: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    const remembered = known.get(text);
    if (remembered !== undefined) return remembered;
    const computed = compute(text);
    if (known.size >= mostRemembered) known.clear();
    known.set(text, computed);
    return computed;
  };
}

function toText({ channel, id }: ConversationKey): string {
  return `${channel}/${id}`;
}

/** Names of channels have no slash. */
function fromText(text: string): ConversationKey {
  const slash = text.indexOf('/');
  return { channel: text.slice(0, slash), id: text.slice(slash + 1) };
}
