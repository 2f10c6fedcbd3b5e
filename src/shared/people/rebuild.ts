import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import pMap from 'p-map';
import { nextLink, readCursor } from '../http/paging.ts';
import { listingPosition } from '../storage/list-folders.ts';
import type { TranscriptEntry } from '../transcripts/entry.ts';
import type { ListedConversation } from '../transcripts/list.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import type { PeopleIndex } from './people-index.ts';

interface Dependencies {
  transcripts: Pick<TranscriptStore, 'list' | 'readEntries'>;
  people: Pick<PeopleIndex, 'note'>;
  clock: () => Date;
}

/** Begins nothing new after this long, so that the answer comes before whoever asks gives up. */
const usualMilliseconds = 20_000;
const concurrency = 4;

/**
 * `POST /api/people/rebuild?cursor=`: notes the people of transcripts that were there before the index was, as far as time
 * allows; `nextLink` is where to post again. Done twice, it changes nothing.
 */
export function rebuildPeople(
  { transcripts, people, clock }: Dependencies,
  { milliseconds = usualMilliseconds }: { milliseconds?: number } = {},
) {
  return async function rebuild(request: HttpRequest): Promise<HttpResponseInit> {
    const end = clock().getTime() + milliseconds;
    let last = readCursor(request, listingPosition);
    let conversations = 0;
    for await (const some of inTens(transcripts.list({ after: last }))) {
      if (conversations > 0 && clock().getTime() >= end) {
        return { jsonBody: { conversations, nextLink: nextLink(request, last) } };
      }
      await pMap(some, noteConversation, { concurrency });
      conversations += some.length;
      last = some.at(-1)?.position;
    }
    return { jsonBody: { conversations } };
  };

  async function noteConversation({ path, key, segments }: ListedConversation): Promise<void> {
    const entries: TranscriptEntry[] = [];
    await transcripts.readEntries(path, (entry) => entries.push(withoutText(entry)), { segments });
    const id = entries[0]?.conversation ?? key.id;
    await people.note({ ...key, id }, entries);
  }
}

/** Who takes part is told beside the text, and the text of a long conversation would fill the memory. */
function withoutText(entry: TranscriptEntry): TranscriptEntry {
  if (entry.kind !== 'message' && entry.kind !== 'edit') return entry;
  const { html: _, quoted: __, original: ___, metadata: ____, ...rest } = entry;
  return { ...rest, text: '' };
}

async function* inTens<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item[]> {
  let some: Item[] = [];
  for await (const item of items) {
    some.push(item);
    if (some.length < 10) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}
