import { type Grounds, groundsOf } from '../../grounding/grounds.ts';
import type { Conversation } from '../../transcripts/conversation.ts';
import type { Stretch } from './write-lines.ts';

/** Up to so many messages, the grounds of a conversation are read once and as a whole. */
const mostAtOnce = 500;
/** What stands so near to a message that was cited counts as what its notes were made from. */
const nearby = 8;
const mostParticipants = 200;

/** What a call rests on: of a long conversation only what it shows, so that proving costs no more than asking. */
export type FindGrounds = (shown: { stretches: readonly Stretch[]; cited: ReadonlySet<number> }) => Grounds;

export function createFindGrounds(
  conversation: Conversation,
  { isTranslated = false }: { isTranslated?: boolean } = {},
): FindGrounds {
  if (conversation.messages.length <= mostAtOnce) {
    const whole = groundsOf(conversation, { isTranslated });
    return () => whole;
  }
  return ({ stretches, cited }) => groundsOf(partOf(conversation, { stretches, cited }), { isTranslated });
}

function partOf(
  conversation: Conversation,
  { stretches, cited }: { stretches: readonly Stretch[]; cited: ReadonlySet<number> },
): Conversation {
  const places = new Set<number>();
  const include = (from: number, to: number): void => {
    for (let place = Math.max(0, from); place < to; place += 1) places.add(place);
  };
  for (const { from, to } of stretches) include(from, to);
  for (const place of cited) include(place - nearby, place + nearby + 1);
  const messages = [...places]
    .sort((one, other) => one - other)
    .flatMap((place) => conversation.messages[place] ?? []);
  const writers = new Set(messages.map(({ sender }) => sender.id));
  const { participants } = conversation;
  const isCrowd = participants.length > mostParticipants;
  return {
    ...conversation,
    participants: isCrowd ? participants.filter(({ id }) => writers.has(id)) : participants,
    messages,
  };
}
