import { createHash } from 'node:crypto';
import type { SummaryContent } from '../models/summary-content.ts';
import { maskSecrets } from '../redaction/mask-secrets.ts';
import type { Conversation } from '../transcripts/conversation.ts';
import type { Person } from '../transcripts/entry.ts';
import type { Transcript } from '../transcripts/read.ts';
import type { Summary } from './summary.ts';

/** A summary of a transcript with at least one message: what the model found, and what can be counted. */
export function composeSummary(
  transcript: Transcript,
  content: SummaryContent,
  { at, ...made }: Pick<Summary, 'method' | 'model' | 'usage' | 'cost'> & { at: Date },
): Summary {
  const { conversation } = transcript;
  const { channel, id, messages } = conversation;
  const [first] = messages;
  if (!first) throw new Error('a conversation without messages has no summary');
  return {
    conversation: { channel, id },
    source: sourceOf(transcript),
    at: at.toISOString(),
    ...made,
    ...content,
    participants: countMessages(conversation),
    period: { from: first.at, to: messages.at(-1)?.at ?? first.at },
    messageCount: messages.length,
  };
}

export function sourceOf({ version, segments, length }: Transcript): Summary['source'] {
  return { version, segments, length };
}

/** Equal exactly when a summary would read the same: receipts and repeated deliveries leave it as it is. */
export function contentDigest({ topic, participants, messages }: Conversation): string {
  const read = [
    topic ?? null,
    participants,
    messages.map(({ id, at, sender, text }) => [id, at, sender, text]),
  ];
  return createHash('sha256').update(JSON.stringify(read)).digest('hex');
}

/** Who takes part or wrote, most messages first; in names, too, nothing is shown that must not leave. */
function countMessages({ participants, messages }: Conversation): Summary['participants'] {
  const counts = new Map(participants.map((person) => [person.id, { ...masked(person), messages: 0 }]));
  for (const { sender } of messages) {
    const count = counts.get(sender.id) ?? { ...masked(sender), messages: 0 };
    count.messages += 1;
    counts.set(sender.id, count);
  }
  return [...counts.values()].sort((a, b) => b.messages - a.messages || (a.id < b.id ? -1 : 1));
}

const masked = (person: Person): Person =>
  person.name === undefined ? person : { ...person, name: maskSecrets(person.name) };
