import type { AnalysisEntry, Attachment, ContentEntry, TranscriptEntry } from '../transcripts/entry.ts';
import { isGreaterVersion } from '../transcripts/newer.ts';

/** What is to go of a conversation by its age. */
export interface Judgement {
  /** Nothing of it stays. */
  isWhole: boolean;
  /** How many messages go, deleted ones included. */
  messages: number;
  /** By message id. */
  isGone(messageId: string): boolean;
  /** Who is named in what goes, and nowhere in what stays. */
  identities: string[];
  /** Blobs of attachments that only messages name which go. */
  media: string[];
}

/** Takes the entries of a conversation, in any order and any number of times, and tells which of them are too old. */
export interface Inventory {
  add(entry: TranscriptEntry): void;
  /**
   * What was sent before a time; undefined where that is nothing. All about a message goes with it, and what is about no
   * message goes with the last one; of a conversation that never had any, once its last change is as old.
   */
  judge(keepFrom: string): Judgement | undefined;
  /** Analyses that name no message. */
  unnamed(): AnalysisEntry[];
}

/** What is known of a message. */
interface Known {
  /** The earliest time that tells when it was sent. */
  composedAt?: string;
  newest?: Pick<ContentEntry, 'version' | 'at'>;
  /** When something last happened to it. */
  changedAt: string;
  /** False where there are only receipts and the like of it. */
  isMessage: boolean;
  identities: string[];
  media: string[];
}

/** What an inventory needs to be told of an entry. */
export interface InventoryOptions {
  /** Everybody whom it names, as the index of people knows them. */
  namedIn(entry: TranscriptEntry): readonly string[];
  /** The blob of an attachment, whether or not it is there. */
  blobOf(attachment: Attachment): string;
}

export function createInventory({ namedIn, blobOf }: InventoryOptions): Inventory {
  const messages = new Map<string, Known>();
  const unnamed = new Map<string, AnalysisEntry>();
  /** Named in what is about no message. */
  const members = new Set<string>();
  /** Each identity once: nearly all messages are of a few people. */
  const identities = new Map<string, string>();
  let lastChange: string | undefined;

  const knownOf = (messageId: string): Known => {
    const known = messages.get(messageId);
    if (known) return known;
    const created: Known = { changedAt: '', isMessage: false, identities: [], media: [] };
    messages.set(messageId, created);
    return created;
  };
  const shared = (identity: string): string => {
    if (!identities.has(identity)) identities.set(identity, identity);
    return identities.get(identity) ?? identity;
  };

  return {
    add(entry) {
      if (lastChange === undefined || entry.at > lastChange) lastChange = entry.at;
      const messageId = messageOf(entry);
      if (messageId === undefined) {
        if (entry.kind === 'analysis') unnamed.set(entry.id, entry);
        else for (const identity of namedIn(entry)) members.add(identity);
        return;
      }
      const known = knownOf(messageId);
      addTimes(known, entry);
      addNew(known.identities, namedIn(entry).map(shared));
      addNew(known.media, attachmentsIn(entry).map(blobOf));
    },
    judge(keepFrom) {
      const all = [...messages];
      const old = all.filter(([, known]) => sentAt(known) < keepFrom);
      const young = all.filter(([, known]) => sentAt(known) >= keepFrom);
      const hadMessages = all.some(([, { isMessage }]) => isMessage);
      const isWhole = hadMessages
        ? !young.some(([, { isMessage }]) => isMessage)
        : lastChange !== undefined && lastChange < keepFrom;
      if (!isWhole && (!hadMessages || old.length === 0)) return undefined;
      const gone = new Map(isWhole ? all : old);
      const left = isWhole ? [] : young.map(([, known]) => known);
      const going = [...gone.values()];
      const named = going.flatMap((known) => known.identities);
      return {
        isWhole,
        messages: going.filter(({ isMessage }) => isMessage).length,
        isGone: (messageId) => gone.has(messageId),
        identities: isWhole
          ? without([...named, ...members], [])
          : without(named, [...members, ...left.flatMap((known) => known.identities)]),
        media: without(
          going.flatMap(({ media }) => media),
          left.flatMap(({ media }) => media),
        ),
      };
    },
    unnamed: () => [...unnamed.values()],
  };
}

function messageOf(entry: TranscriptEntry): string | undefined {
  return 'messageId' in entry ? entry.messageId : undefined;
}

function addTimes(known: Known, entry: TranscriptEntry): void {
  if (entry.at > known.changedAt) known.changedAt = entry.at;
  if (entry.kind === 'delete') known.isMessage = true;
  if (entry.kind !== 'message' && entry.kind !== 'edit') return;
  const { version, at, composedAt } = entry;
  known.isMessage = true;
  if (!known.newest || isLater(entry, known.newest)) known.newest = { version, at };
  if (composedAt !== undefined && (known.composedAt === undefined || composedAt < known.composedAt)) {
    known.composedAt = composedAt;
  }
}

/** In the order of the fold, as far as it has to do with time. */
function isLater(a: Pick<ContentEntry, 'version' | 'at'>, b: Pick<ContentEntry, 'version' | 'at'>): boolean {
  return a.version === b.version ? a.at > b.at : isGreaterVersion(a.version, b.version);
}

/** As the fold tells the time of a message; of one without content, when something last happened to it. */
function sentAt({ composedAt, newest, changedAt }: Known): string {
  return composedAt ?? newest?.at ?? changedAt;
}

function attachmentsIn(entry: TranscriptEntry): readonly Attachment[] {
  if (entry.kind === 'attachment') return [entry.attachment];
  return entry.kind === 'message' || entry.kind === 'edit' ? (entry.attachments ?? []) : [];
}

function addNew(list: string[], added: readonly string[]): void {
  for (const value of added) if (!list.includes(value)) list.push(value);
}

function without(values: readonly string[], stays: readonly string[]): string[] {
  const kept = new Set(stays);
  return [...new Set(values)].filter((value) => !kept.has(value));
}
