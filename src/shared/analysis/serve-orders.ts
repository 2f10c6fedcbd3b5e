import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { ParleyError } from '../errors.ts';
import { readConversationKey } from '../transcripts/conversation-address.ts';
import type { ConversationKey } from '../transcripts/entry.ts';
import type { Together } from '../transcripts/read-together.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import { readUnread } from './read-unread.ts';

interface Dependencies {
  transcripts: Pick<TranscriptStore, 'list' | 'readEntries'>;
  /** The ids under which a conversation is stored, which may have begun as several. */
  together: Together;
}

/** Reading a conversation of 100,000 messages takes a second or two. */
const patience = 60_000;

/** `POST /api/analysis/{channel}/{id}`: orders what of a conversation is not analysed, whatever the setting `ANALYSIS` says. */
export function orderMissingAnalysis(
  { transcripts, together }: Dependencies,
  order: (conversations: ConversationKey[]) => void,
) {
  return async function missingAnalysis(request: HttpRequest): Promise<HttpResponseInit> {
    const key = readConversationKey(request);
    const signal = AbortSignal.timeout(patience);
    const unread: { part: ConversationKey; count: number }[] = [];
    for (const id of await together(key, { signal })) {
      const part = { channel: key.channel, id };
      const read = await readUnread(part, transcripts, { signal });
      if (typeof read === 'object') unread.push({ part, count: read.unread.messages.length });
    }
    if (unread.length === 0) {
      throw new ParleyError(
        'not_found',
        'There is no such conversation. GET /api/conversations lists those there are.',
      );
    }
    const missing = unread.filter(({ count }) => count > 0);
    if (missing.length > 0) order(missing.map(({ part }) => part));
    return { status: 202, jsonBody: { ordered: missing.reduce((sum, { count }) => sum + count, 0) } };
  };
}
