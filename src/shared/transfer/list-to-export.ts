import { listTogether } from '../people/list-together.ts';
import type { PeopleIndex } from '../people/people-index.ts';
import { listingPosition } from '../storage/list-folders.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import type { ToExport } from './export-conversation.ts';
import type { ExportState } from './export-state.ts';

export interface ListDependencies {
  transcripts: Pick<TranscriptStore, 'list'>;
  people: Pick<PeopleIndex, 'list'>;
}

/** A conversation and where the listing goes on after it. */
export type Listed = ToExport & { position: unknown };

/** Streams the conversations of an export in an order that stays, from its position on. */
export async function* listToExport(
  { scope, identities, position }: Pick<ExportState, 'scope' | 'identities' | 'position'>,
  { transcripts, people }: ListDependencies,
): AsyncGenerator<Listed> {
  if ('conversation' in scope) {
    if (position !== undefined) return;
    const key = scope.conversation;
    yield { key, path: conversationPath(key), position: true };
    return;
  }
  if ('with' in scope) {
    // An export that another version began knows the identity by its scope alone.
    for await (const { conversation: key } of listTogether(people, identities ?? [scope.with])) {
      const path = conversationPath(key);
      if (typeof position !== 'string' || path > position) yield { key, path, position: path };
    }
    return;
  }
  const after = position === undefined ? undefined : listingPosition.parse(position);
  const channel = 'channel' in scope ? scope.channel : undefined;
  yield* transcripts.list({ channel, after });
}
