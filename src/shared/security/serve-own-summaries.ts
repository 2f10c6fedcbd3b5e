import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import pMap from 'p-map';
import { nextLink, readLimit } from '../http/paging.ts';
import { findConversations } from '../people/find-conversations.ts';
import { readSearch } from '../people/serve-conversations-with.ts';
import { answerSummary, noSummary } from '../summaries/serve.ts';
import { readConversationKey } from '../transcripts/conversation-address.ts';
import type { PersonCaller } from './caller.ts';
import type { SummaryFor } from './summary-for.ts';

type Dependencies = Parameters<typeof findConversations>[1] & { summaryFor: SummaryFor };

/** Each reads a transcript. */
const concurrency = 8;

/** `GET /api/summaries` for a person: of their own conversations, newest first; never written by a model for this. */
export function serveOwnSummaries(caller: PersonCaller, { summaryFor, ...dependencies }: Dependencies) {
  return async function ownSummaries(request: HttpRequest): Promise<HttpResponseInit> {
    const { conversations, next } = await findConversations(
      {
        identities: caller.identities,
        isForThemselves: true,
        ...readSearch(request),
        limit: readLimit(request, { usual: 20, most: 50 }),
      },
      dependencies,
    );
    const found = await pMap(
      conversations,
      async ({ conversation }) => ({
        conversation,
        summary: await summaryFor(caller, conversation, { isExtractEnough: true }),
      }),
      { concurrency },
    );
    const listed = found.flatMap(({ conversation, summary }) =>
      summary ? [{ ...conversation, headline: summary.headline, at: summary.at }] : [],
    );
    return { jsonBody: { summaries: listed, ...(next ? { nextLink: nextLink(request, next) } : {}) } };
  };
}

/** `GET /api/summaries/{channel}/{id}` for a person. */
export function serveOwnSummary(caller: PersonCaller, summaryFor: SummaryFor) {
  return async function ownSummary(request: HttpRequest): Promise<HttpResponseInit> {
    const summary = await summaryFor(caller, readConversationKey(request));
    if (!summary) throw noSummary();
    return answerSummary(request, summary);
  };
}
