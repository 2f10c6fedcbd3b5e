import { parseJson } from '../json.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import type { ErasureScope } from './eraser.ts';

/** Tells what is of somebody, or of conversations that were touched. */
export interface TraceFinder {
  /** By the path of `conversationPath`. */
  isWhole(path: string): boolean;
  isTouched(path: string): boolean;
  /** Whether a text names the person, or has words of theirs. */
  isTraced(text: string, options?: { isTheirs?: boolean }): boolean;
  /**
   * Whether a JSON text does, or has the id of a conversation of which nothing stays as one of its values. What is no JSON
   * is searched for ids in quotation marks.
   */
  isTracedJson(text: string): boolean;
}

export function openTraceFinder({ person, conversations }: ErasureScope): TraceFinder {
  const touched = new Set(conversations.map(conversationPath));
  const whole = conversations.filter(({ isWhole }) => isWhole);
  const wholePaths = new Set(whole.map(conversationPath));
  const wholeIds = new Set(whole.map(({ id }) => id));
  const isTraced: TraceFinder['isTraced'] = (text, options) => person?.matcher.isIn(text, options) ?? false;

  return {
    isWhole: (path) => wholePaths.has(path),
    isTouched: (path) => touched.has(path),
    isTraced,
    isTracedJson(text) {
      if (isTraced(text)) return true;
      const value = wholeIds.size > 0 ? parseJson(text) : undefined;
      if (value !== undefined) return textsIn(value).some((one) => wholeIds.has(one));
      return [...wholeIds].some((id) => text.includes(JSON.stringify(id)));
    },
  };
}

/** Every text in a JSON value, names of members included; of any depth. */
export function textsIn(value: unknown): string[] {
  const texts: string[] = [];
  for (const open = [value]; open.length > 0; ) {
    const next = open.pop();
    if (typeof next === 'string') texts.push(next);
    else if (typeof next === 'object' && next !== null) {
      for (const [name, member] of Object.entries(next).reverse()) {
        open.push(member);
        if (!Array.isArray(next)) open.push(name);
      }
    }
  }
  return texts;
}
