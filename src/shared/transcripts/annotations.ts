import type { Delivery, Message } from './conversation.ts';
import type { AttachmentEntry, ReactionEntry, ReceiptEntry } from './entry.ts';
import { compareText, newer } from './newer.ts';

export type AnnotationEntry = ReceiptEntry | ReactionEntry | AttachmentEntry;

/** What is told of messages beside their content, in any order, before or after them. */
export interface Annotations {
  add(entry: AnnotationEntry): void;
  /** The message with what is known of it. */
  annotate(message: Message): Message;
}

interface Known {
  receipts: Map<string, ReceiptEntry>;
  reactions: Map<string, ReactionEntry>;
  attachments: Map<string, AttachmentEntry>;
}

/** Reports come late and in any order: the furthest counts. A failure after a delivery is a bounce. */
const progress = ['sent', 'delivered', 'read', 'clicked', 'failed'];

export function createAnnotations(): Annotations {
  const known = new Map<string, Known>();

  const of = (messageId: string): Known => {
    const found = known.get(messageId);
    if (found) return found;
    const empty = { receipts: new Map(), reactions: new Map(), attachments: new Map() };
    known.set(messageId, empty);
    return empty;
  };

  return {
    add(entry) {
      const { receipts, reactions, attachments } = of(entry.messageId);
      switch (entry.kind) {
        case 'receipt':
          receipts.set(entry.recipient ?? '', further(receipts.get(entry.recipient ?? ''), entry));
          return;
        case 'reaction':
          reactions.set(entry.sender.id, newer(reactions.get(entry.sender.id), entry));
          return;
        case 'attachment':
          attachments.set(entry.attachment.id, newer(attachments.get(entry.attachment.id), entry));
      }
    },
    annotate(message) {
      const found = known.get(message.id);
      if (!found) return message;
      const delivery = sorted(found.receipts).map(toDelivery);
      const reactions = sorted(found.reactions).flatMap(({ sender, emoji, at }) =>
        emoji === undefined ? [] : [{ sender, emoji, at }],
      );
      const attachments = (message.attachments ?? []).map(
        (attachment) => found.attachments.get(attachment.id)?.attachment ?? attachment,
      );
      return {
        ...message,
        ...(attachments.length > 0 ? { attachments } : {}),
        ...(delivery.length > 0 ? { delivery } : {}),
        ...(reactions.length > 0 ? { reactions } : {}),
      };
    },
  };
}

function further(current: ReceiptEntry | undefined, entry: ReceiptEntry): ReceiptEntry {
  if (!current) return entry;
  const step = progress.indexOf(entry.status) - progress.indexOf(current.status);
  if (step === 0) return newer(current, entry);
  return step > 0 ? entry : current;
}

function toDelivery({ recipient, status, at, code, reason }: ReceiptEntry): Delivery {
  return {
    ...(recipient === undefined ? {} : { recipient }),
    status,
    at,
    ...(code === undefined ? {} : { code }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function sorted<Entry>(entries: ReadonlyMap<string, Entry>): Entry[] {
  return [...entries].sort(([a], [b]) => compareText(a, b)).map(([, entry]) => entry);
}
