import { ParleyError } from '../errors.ts';
import type { Allowance } from '../models/language/allowance.ts';
import type { LanguageModel } from '../models/language/language-model.ts';
import type { AskFiles } from './ask-files.ts';
import type { OverviewSentence } from './compose-answer.ts';
import { tellLanguage } from './lexicon.ts';
import type { Piece } from './piece.ts';
import { type Notes, openOverview } from './write-overview.ts';

interface Dependencies {
  model: LanguageModel;
  allowance: Allowance;
  files: Pick<AskFiles, 'notes'>;
  isTimeUp(): boolean;
  /** Milliseconds. */
  longestCall: number;
}

interface Written {
  /** False where there was no time for all calls: call again. */
  isDone: boolean;
  overview: OverviewSentence[];
  /** True where something of it could not be written. */
  isMissing: boolean;
}

/** Merging makes little of much; where it does not, so often is enough. */
const mostLevels = 6;

/** Writes the overview of an answer. What each call came to is kept, so that a step that broke off does not pay twice. */
export async function writeNotes(
  { id, request, pieces }: { id: string; request: string; pieces: readonly Piece[] },
  dependencies: Dependencies,
): Promise<Written> {
  const { model, files, isTimeUp } = dependencies;
  const overview = await openOverview({ request, language: tellLanguage(request), pieces }, model);
  let isMissing = false;
  let calls = overview.first();
  for (let level = 0; level < mostLevels; level += 1) {
    const notes: Notes[] = [];
    for (const [place, lines] of calls.entries()) {
      const name = `notes-${level}-${place}`;
      let known = await files.notes.read(id, name);
      if (!known && isTimeUp() && place + level > 0) return { isDone: false, overview: [], isMissing };
      if (!known) {
        known = await askOnce(overview, lines, dependencies);
        await files.notes.write(id, name, known);
      }
      isMissing ||= known.isFailed;
      if (known.sentences.length > 0) notes.push(known);
    }
    const [only, ...others] = notes;
    if (!only || others.length === 0)
      return { isDone: true, overview: only ? overview.toSentences(only) : [], isMissing };
    const merged = overview.merge(notes);
    const isLast = level === mostLevels - 1 || merged.length >= calls.length;
    if (isLast) return { isDone: true, overview: notes.flatMap(overview.toSentences), isMissing };
    calls = merged;
  }
  return { isDone: true, overview: [], isMissing: true };
}

/** A call that fails costs what it was to tell. */
async function askOnce(
  overview: Awaited<ReturnType<typeof openOverview>>,
  lines: readonly string[],
  { allowance, longestCall }: Dependencies,
): Promise<Notes & { isFailed: boolean }> {
  const signal = AbortSignal.timeout(longestCall);
  try {
    return { ...(await overview.ask(lines, { allowance, signal })), isFailed: false };
  } catch (error) {
    if (error instanceof ParleyError || signal.aborted) return { sentences: [], isFailed: true };
    throw error;
  }
}
