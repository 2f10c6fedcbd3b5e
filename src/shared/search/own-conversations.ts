import { listTogether } from '../people/list-together.ts';
import type { PeopleIndex } from '../people/people-index.ts';
import type { KnownCaller } from '../security/for-caller.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';

/** Whether a conversation, by its path, is one that somebody takes or took part in; all are an operator's. */
export async function ownConversations(
  caller: KnownCaller,
  people: Pick<PeopleIndex, 'list'>,
): Promise<(path: string) => boolean> {
  if (caller.kind === 'operator') return () => true;
  const paths = new Set<string>();
  for await (const { conversation } of listTogether(people, caller.identities)) {
    paths.add(conversationPath(conversation));
  }
  return (path) => paths.has(path);
}
