import type { ConversationKey } from '../transcripts/entry.ts';
import type { PeopleIndex } from './people-index.ts';
import type { TakingPart } from './taking-part.ts';

/** The conversations of a channel in which an identity has written; the one that they joined last stands at the end. */
export async function whereTheyWrite(
  identity: string,
  { people, channel, signal }: { people: Pick<PeopleIndex, 'list'>; channel: string; signal?: AbortSignal },
): Promise<ConversationKey[]> {
  const found: TakingPart[] = [];
  for await (const takingPart of people.list(identity, { channel, signal })) {
    if (takingPart.periods.length > 0) found.push(takingPart);
  }
  return found
    .sort((a, b) => (lastJoined(a) < lastJoined(b) ? -1 : 1))
    .map(({ conversation }) => conversation);
}

function lastJoined({ periods }: TakingPart): string {
  return periods.at(-1)?.from ?? '';
}
