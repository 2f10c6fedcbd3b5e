import * as z from 'zod';
import type { ErasureScope } from '../erasers/eraser.ts';
import type { TraceFinder } from '../erasers/find-traces.ts';
import { parseJson } from '../json.ts';

/** Those of some lines that stay, in their order; the same list where all do. */
export type FilterLines = (lines: readonly Buffer[]) => readonly Buffer[];

const place = z.object({ channel: z.string(), conversation: z.string() });

/**
 * Makes what takes the lines of a history (see docs/transfer.md) that name the person, have words of theirs, or are of a
 * conversation of which nothing stays.
 */
export function createLineFilter({ conversations }: ErasureScope, { isTraced }: TraceFinder): FilterLines {
  const touched = new Map(
    conversations.map(({ channel, id, isWhole }) => [keyOf({ channel, conversation: id }), isWhole]),
  );

  /** Whether the conversation of a line went whole; undefined where nothing of it went. */
  const wentWhole = (text: string): boolean | undefined => {
    const told = touched.size > 0 ? place.safeParse(parseJson(text)).data : undefined;
    return told && touched.get(keyOf(told));
  };

  return (lines) => {
    const texts = lines.map((line) => line.toString('utf8'));
    const verdicts = texts.map(wentWhole);
    // Most have no trace: they are searched together.
    const others = texts.filter((_, at) => verdicts[at] === undefined).join('\n');
    const areOthersTraced = isTraced(others);
    const stays = (_: Buffer, at: number): boolean => {
      const isWhole = verdicts[at];
      const text = texts[at] ?? '';
      if (isWhole === undefined) return !areOthersTraced || !isTraced(text);
      return !isWhole && !isTraced(text, { isTheirs: true });
    };
    const left = lines.filter(stays);
    return left.length === lines.length ? lines : left;
  };
}

function keyOf({ channel, conversation }: z.infer<typeof place>): string {
  return `${channel}\n${conversation}`;
}
