import type { TouchedConversation } from '../erasers/eraser.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import { addTo } from './erase-conversation.ts';
import type { Forgotten } from './retention-conversation.ts';
import type { Due } from './retention-due.ts';
import type { AgeLook } from './retention-look.ts';
import type { RetentionState } from './retention-state.ts';

/** A conversation from which something is to go. */
export interface Going {
  due: Due;
  look: AgeLook;
}

const mostProblems = 20;

/**
 * What is about to be touched, and counts of it. One that was touched before is counted already, and is to be now what it
 * is found to be: what was to go whole may have been written to since.
 */
export function addGoing(state: RetentionState, going: readonly Going[]): RetentionState {
  const touched = new Map(state.touched.map((one) => [conversationPath(one), one]));
  const counts = { ...state.counts };
  for (const { due, look } of going) {
    const { isWhole = false, messages = 0 } = look.judgement ?? {};
    if (!touched.has(due.path)) {
      counts.messages += messages;
      counts.erased += isWhole ? 1 : 0;
      counts.shortened += isWhole ? 0 : 1;
    }
    touched.set(due.path, { ...due.key, isWhole });
  }
  return { ...state, counts, touched: [...touched.values()] };
}

/** What went, and that something of a conversation stayed that was to go whole. */
export function addForgotten(
  state: RetentionState,
  forgotten: readonly (Forgotten & Pick<Going, 'due'>)[],
): RetentionState {
  const removed = { ...state.removed };
  for (const { removed: went } of forgotten) {
    for (const [store, count] of Object.entries(went)) if (count > 0) addTo(removed, store, count);
  }
  const left = new Set(forgotten.filter(({ isWhole }) => !isWhole).map(({ due }) => due.path));
  const toldOf = (one: TouchedConversation): TouchedConversation =>
    left.has(conversationPath(one)) ? { ...one, isWhole: false } : one;
  return { ...state, removed, touched: state.touched.map(toldOf) };
}

/** The name of the error alone: it tells nothing of anybody. */
export function addProblem(
  state: RetentionState,
  { channel, error }: { channel: string; error: unknown },
): RetentionState {
  const problem = `${channel}: ${error instanceof Error ? error.name : 'unknown error'}`;
  const problems = [...new Set([...state.problems, problem])].slice(0, mostProblems);
  return { ...state, counts: { ...state.counts, failed: state.counts.failed + 1 }, problems };
}
