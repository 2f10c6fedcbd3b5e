import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Container } from '../storage/container.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import type { AnalysisOrder } from './analysis-order.ts';
import { type ClaimState, openClaimFiles } from './claim-files.ts';
import { type AnalysisClaim, holdClaim } from './hold-claim.ts';

/** Who analyses which conversation, by conditional writes. */
export interface AnalysisClaims {
  /**
   * Claims the conversation of an order. Where somebody has it, they are told that there is more to do, and the order is
   * theirs: undefined. Only the same order, come again, waits until the claim of its earlier try has ended.
   */
  claim(order: AnalysisOrder, options: { signal: AbortSignal }): Promise<AnalysisClaim | undefined>;
  /** Ends the claim of an order that is given up. True where others had left their orders to it. */
  giveUp(order: AnalysisOrder, options: { signal: AbortSignal }): Promise<boolean>;
}

interface Options {
  clock: () => Date;
  leaseMilliseconds?: number;
}

/** A killed process holds a conversation up for so long. */
const usualLease = 30_000;
const betweenLooks = 1_000;

export function openAnalysisClaims(
  container: Container,
  { clock, leaseMilliseconds = usualLease }: Options,
): AnalysisClaims {
  const files = openClaimFiles(container);
  const nameOf = (order: AnalysisOrder): string => `${conversationPath(order)}.json`;
  const isLive = ({ until }: ClaimState): boolean => Date.parse(until) > clock().getTime();

  return {
    async claim(order, { signal }) {
      const name = nameOf(order);
      for (;;) {
        signal.throwIfAborted();
        const stored = await files.read(name, signal);
        const { state } = stored ?? {};
        if (!state || !isLive(state)) {
          const until = new Date(clock().getTime() + leaseMilliseconds).toISOString();
          const done = state?.done ?? 0;
          const claimed = { order: order.at, holder: randomUUID(), until, hasMore: false, done };
          const written = await files.write(name, claimed, stored, signal);
          if (written) return holdClaim(name, written, { files, clock, leaseMilliseconds });
        } else if (state.order === order.at) {
          await wait(betweenLooks, undefined, { signal });
        } else if (state.hasMore || (await files.write(name, { ...state, hasMore: true }, stored, signal))) {
          return undefined;
        }
      }
    },
    async giveUp(order, { signal }) {
      const name = nameOf(order);
      for (;;) {
        const stored = await files.read(name, signal);
        if (stored?.state?.order !== order.at) return false;
        const { state } = stored;
        const ended = { ...state, until: clock().toISOString(), hasMore: false };
        if (await files.write(name, ended, stored, signal)) return state.hasMore;
      }
    },
  };
}
