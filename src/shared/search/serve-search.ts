import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { ParleyError } from '../errors.ts';
import { readLimit } from '../http/paging.ts';
import { readPeriod } from '../http/read-time.ts';
import type { PeopleIndex } from '../people/people-index.ts';
import type { KnownCaller } from '../security/for-caller.ts';
import type { Catalogue } from '../summaries/catalogue.ts';
import type { CatalogueEntry } from '../summaries/catalogue-entry.ts';
import type { Summary } from '../summaries/summary.ts';
import { readChannel } from '../transcripts/serve.ts';
import { findSummaries } from './find-summaries.ts';
import { ownConversations } from './own-conversations.ts';
import { type ReadWholeParts, readWhole } from './read-whole.ts';
import { queryWords, searchWords } from './search-words.ts';

interface Dependencies extends ReadWholeParts {
  catalogue: Pick<Catalogue, 'read'>;
  people: Pick<PeopleIndex, 'list'>;
}

const longestQuery = 300;
const mostWords = 12;
const mostSentences = 3;

/**
 * `GET /api/search?q=&channel=&since=&until=&limit=`: conversations whose summaries have the words of `q`, the best first.
 * A person finds those of which they may see every message.
 */
export function serveSearch(dependencies: Dependencies) {
  const { catalogue, people } = dependencies;
  return async function search(request: HttpRequest, caller: KnownCaller): Promise<HttpResponseInit> {
    const words = readQuery(request);
    const limit = readLimit(request, { usual: 10, most: 50 });
    const isAsked = readScope(request);
    const isOwn = await ownConversations(caller, people);
    const found = await findSummaries(() => catalogue.read(), words, {
      isWanted: (entry) => isAsked(entry) && isOwn(entry.path),
    });
    const results = [];
    for (const { entry, score } of found) {
      const summary = await readWhole(caller, entry, dependencies);
      if (!summary) continue;
      results.push({ ...toResult(summary, words), score: Number(score.toPrecision(4)) });
      if (results.length === limit) break;
    }
    return { jsonBody: { results } };
  };
}

function toResult(summary: Summary, words: readonly string[]) {
  const { conversation, headline, period } = summary;
  const wanted = new Set(words);
  const telling = summary.summary.filter(({ text }) => searchWords(text).some((word) => wanted.has(word)));
  const sentences = (telling.length > 0 ? telling : summary.summary).slice(0, mostSentences);
  return { conversation, headline, sentences, period };
}

function readQuery(request: HttpRequest): string[] {
  const query = request.query.get('q') ?? '';
  const words = query.length > longestQuery ? [] : queryWords(query);
  if (words.length > 0) return words.slice(0, mostWords);
  throw new ParleyError(
    'bad_request',
    `q must have at least one word to look for, and at most ${longestQuery} characters.`,
  );
}

/** By channel, and by when something was said. */
function readScope(request: HttpRequest): (entry: CatalogueEntry) => boolean {
  const channel = readChannel(request);
  const { since, until } = readPeriod(request);
  return ({ conversation, period }) =>
    (channel === undefined || conversation.channel === channel) &&
    (since === undefined || period.to >= since) &&
    (until === undefined || period.from <= until);
}
