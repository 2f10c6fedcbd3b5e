import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Conversation } from '../../src/shared/transcripts/conversation.ts';
import { conversationPath } from '../../src/shared/transcripts/conversation-path.ts';
import { type TranscriptEntry, transcriptEntry } from '../../src/shared/transcripts/entry.ts';
import { createFold } from '../../src/shared/transcripts/fold.ts';
import { hashText } from '../../src/shared/transcripts/match-texts.ts';
import { newer } from '../../src/shared/transcripts/newer.ts';
import { useAzurite } from '../support/azurite.ts';
import { daysAgo } from './retention-entries.ts';
import { openParts } from './retention-parts.ts';

const azurite = useAzurite();
const key = { channel: 'whatsapp', id: 'channel:person' };
const keepFrom = daysAgo(90);

/** Around the time that counts, some of them within the hour in which an analysis finds its text. */
const times = fc
  .oneof(fc.integer({ min: 85 * 24, max: 95 * 24 }), fc.integer({ min: 90 * 24 - 2, max: 90 * 24 + 2 }))
  .map((hours) => daysAgo(hours / 24));
const versions = fc.integer({ min: 1, max: 4 }).map(String);
const messageIds = fc.constantFrom('a', 'b', 'c', 'd');
const people = fc
  .constantFrom('8:acs:ada', '8:acs:joe', '8:acs:grace')
  .map((id) => ({ id, name: id.slice(6) }));
const texts = fc.constantFrom('Hello', 'Thanks');
const attachments = fc.constantFrom('1', '2').map((id) => ({ id, type: 'image/png' }));

const happening = { conversation: fc.constant(key.id), version: versions, at: times };
const content = {
  messageId: messageIds,
  sender: people,
  text: texts,
  composedAt: fc.option(times, { nil: undefined }),
  attachments: fc.option(fc.array(attachments, { maxLength: 2 }), { nil: undefined }),
};
const analysis = fc.record({
  by: fc.constantFrom('provider', 'parley'),
  intent: fc.string({ maxLength: 3 }),
});

const entries = fc.array(
  fc
    .oneof(
      fc.record({ kind: fc.constantFrom('message', 'edit'), ...happening, ...content }),
      fc.record({ kind: fc.constantFrom('message', 'edit'), ...happening, ...content }),
      fc.record({ kind: fc.constant('delete'), ...happening, messageId: messageIds }),
      fc.record({
        kind: fc.constant('receipt'),
        ...happening,
        messageId: messageIds,
        recipient: people.map(({ id }) => id),
        status: fc.constantFrom('sent', 'delivered', 'failed'),
      }),
      fc.record({
        kind: fc.constant('reaction'),
        ...happening,
        messageId: messageIds,
        sender: people,
        emoji: fc.constant('👍'),
      }),
      fc.record({
        kind: fc.constant('attachment'),
        ...happening,
        messageId: messageIds,
        attachment: attachments,
      }),
      fc.record({ kind: fc.constant('analysis'), ...happening, messageId: messageIds, analysis }),
      fc
        .record({ kind: fc.constant('analysis'), ...happening, sender: people, text: texts, analysis })
        .map(({ sender, text, ...rest }) => ({
          ...rest,
          matches: { sender: sender.id, textHash: hashText(text), length: text.length, at: rest.at },
        })),
      fc.record({
        kind: fc.constant('participant'),
        ...happening,
        participant: people,
        change: fc.constantFrom('added', 'removed'),
      }),
      fc.record({ kind: fc.constant('topic'), ...happening, topic: fc.string({ maxLength: 5 }) }),
      fc.record({ kind: fc.constant('thread'), ...happening, change: fc.constantFrom('created', 'deleted') }),
    )
    .map((entry) =>
      // As it comes back from storage.
      transcriptEntry.parse(
        JSON.parse(JSON.stringify({ id: `${entry.kind}:${JSON.stringify(entry)}`, ...entry })),
      ),
    ),
  { minLength: 1, maxLength: 25 },
);

function fold(all: readonly TranscriptEntry[]): Conversation {
  const state = createFold(key);
  for (const entry of all) state.add(entry);
  return state.result();
}

/** When a message was sent, from all that is told of it; undefined where that is no more than receipts and the like. */
function sentAt(messageId: string, all: readonly TranscriptEntry[]): string | undefined {
  const about = all.filter((entry) => 'messageId' in entry && entry.messageId === messageId);
  const contents = about.filter((entry) => entry.kind === 'message' || entry.kind === 'edit');
  const [composedAt] = contents.flatMap((entry) => entry.composedAt ?? []).sort();
  if (composedAt !== undefined) return composedAt;
  const newest = contents.reduce<(typeof contents)[number] | undefined>(newer, undefined);
  if (newest) return newest.at;
  const isDeleted = about.some(({ kind }) => kind === 'delete');
  return isDeleted
    ? about
        .map(({ at }) => at)
        .sort()
        .at(-1)
    : undefined;
}

/** What is to be left of a conversation: its fold, filtered by time. */
function expectedOf(all: readonly TranscriptEntry[]): Conversation | undefined {
  const before = fold(all);
  const sent = ['a', 'b', 'c', 'd'].flatMap((id) => sentAt(id, all) ?? []);
  const isYoung = sent.length > 0 ? sent.some((at) => at >= keepFrom) : all.some(({ at }) => at >= keepFrom);
  if (!isYoung) return undefined;
  const messages = before.messages.filter(({ at }) => at >= keepFrom);
  const registered = new Set(
    all.flatMap((entry) => (entry.kind === 'participant' ? entry.participant.id : [])),
  );
  const participants = before.participants.filter(
    ({ id }) => registered.has(id) || messages.some(({ sender }) => sender.id === id),
  );
  return { ...before, messages, participants };
}

/** A name may have been told only by what has gone. */
function withoutNames({ participants, ...rest }: Conversation) {
  return { ...rest, participants: participants.map(({ id }) => id) };
}

test('what a conversation says after a sweep is what it said before, filtered by time', async () => {
  let gone = 0;
  let shortened = 0;
  await fc.assert(
    fc.asyncProperty(entries, fc.integer({ min: 1, max: 3 }), async (all, appendsPerSegment) => {
      const parts = openParts({ open: () => azurite.newContainer(), appendsPerSegment });
      for (let start = 0; start < all.length; start += 5) {
        await parts.transcripts.append(key, all.slice(start, start + 5));
      }
      await parts.transcripts.append(key, all.slice(0, 2));
      const told = await parts.sweep();
      const after = await parts.transcripts.read(conversationPath(key));
      const expected = expectedOf(all);
      assert.deepEqual(after && withoutNames(after.conversation), expected && withoutNames(expected));
      const left: TranscriptEntry[] = [];
      await parts.transcripts.readEntries(conversationPath(key), (entry) => left.push(entry));
      const isOld = (entry: TranscriptEntry): boolean =>
        'messageId' in entry &&
        entry.messageId !== undefined &&
        (sentAt(entry.messageId, all) ?? entry.at) < keepFrom;
      assert.equal(left.filter(isOld).filter(({ kind }) => kind === 'message' || kind === 'edit').length, 0);
      const again = await parts.sweep();
      assert.deepEqual([again.messages, again.erased, again.shortened], [0, 0, 0]);
      gone += told.erased;
      shortened += told.shortened;
    }),
    { numRuns: 40 },
  );
  assert.ok(gone > 5 && shortened > 5, `${gone} went whole, ${shortened} in part`);
});
