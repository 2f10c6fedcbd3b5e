import { addUsage, noUsage, type Usage } from '../language/allowance.ts';
import { sumOf } from './cut-stretches.ts';
import { notesOutput, summaryOutput } from './make-request.ts';
import type { Note } from './notes.ts';
import { costsOfNotes, type Sizes } from './sizes.ts';
import type { Stretch } from './write-lines.ts';
import type { Writing } from './writing.ts';

/** Notes that replace others may be so much of what a call holds: each round makes them fewer. */
export const condensedShare = 1 / 3;

/** Tokens of the notes that one call leaves of a full one. */
export const mostCondensed = ({ room, window }: Sizes): number =>
  Math.min(notesOutput(window), Math.floor(room.condense * condensedShare));

/** What notes of all stretches, and the summary of these and of `notes`, use where every answer is as long as it may be. */
export function estimateNotes(
  { stretches, notes }: { stretches: readonly Stretch[]; notes: readonly Note[] },
  writing: Writing,
  sizes: Sizes,
): Usage {
  const { fixed, room, window } = sizes;
  let usage: Usage = {
    calls: stretches.length,
    inputTokens: stretches.reduce((sum, stretch) => sum + fixed.take + sumOf(writing.costs, stretch), 0),
    outputTokens: stretches.length * notesOutput(window),
  };
  const kept = costsOfNotes(notes, writing, sizes).reduce((sum, cost) => sum + cost, 0);
  let tokens = kept + stretches.length * notesOutput(window);
  while (tokens > sizes.mostNotes) {
    const calls = Math.ceil(tokens / room.condense);
    usage = addUsage(usage, {
      calls,
      inputTokens: tokens + calls * fixed.condense,
      outputTokens: calls * notesOutput(window),
    });
    if (calls === 1) {
      tokens = Math.min(mostCondensed(sizes), sizes.mostNotes);
      break;
    }
    tokens = calls * mostCondensed(sizes);
  }
  return addUsage(usage, {
    ...noUsage,
    calls: 1,
    inputTokens: fixed.notes + tokens,
    outputTokens: summaryOutput(window),
  });
}
