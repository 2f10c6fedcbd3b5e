import * as z from 'zod';
import type { AcsRequest, RateLimit } from '../exchange.ts';

const versions = ['2021-03-07', '2021-09-07', '2023-11-07', '2024-03-07', '2025-03-15', '2025-03-15-preview'];

/** Operations for tokens with the scope `chat`, and those that weaker scopes may use too. */
export const forChat = { caller: 'user', versions, scopes: ['chat'] } as const;
export const forJoined = { caller: 'user', versions, scopes: ['chat', 'chat.join'] } as const;
export const forLimited = {
  caller: 'user',
  versions,
  scopes: ['chat', 'chat.join', 'chat.join.limited'],
} as const;

/** Names and values of the client's own. */
export const metadata = z.record(z.string(), z.string());

/** The user whose token a request has. */
export function userOf({ caller }: AcsRequest): string {
  if (caller.kind !== 'user') throw new Error('Chat is for users only');
  return caller.id;
}

const threadOf = ({ params }: AcsRequest): string => params.threadId ?? '';

/** Limits as ACS documents them: https://learn.microsoft.com/azure/communication-services/concepts/service-limits */
export const perUser = (most: number, seconds: number): RateLimit => ({ most, seconds, key: userOf });
export const perThread = (most: number, seconds: number): RateLimit => ({ most, seconds, key: threadOf });
export const perUserAndThread = (most: number, seconds: number): RateLimit => ({
  most,
  seconds,
  key: (request) => `${userOf(request)} ${threadOf(request)}`,
});
