import pMap from 'p-map';
import { ParleyError } from '../../errors.ts';
import type { CallOptions, LanguageModel } from '../language/language-model.ts';
import { sumOf } from './cut-stretches.ts';
import { mostCondensed } from './estimate-notes.ts';
import { makeCondenseRequest, makeNotesRequest } from './make-request.ts';
import { inOrder, type Note, proveNotes, thinOut } from './notes.ts';
import { gapOf, type LeftOut } from './plan-writing.ts';
import { costsOfNotes, type Sizes } from './sizes.ts';
import type { Stretch } from './write-lines.ts';
import type { Writing } from './writing.ts';

interface Task extends CallOptions {
  model: LanguageModel;
  writing: Writing;
  sizes: Sizes;
}

/** So many prompts are there at once, fewer where each is long; the model sets its own pace. */
const concurrencyOf = ({ tokens }: LanguageModel['window']): number =>
  Math.max(6, Math.min(16, Math.floor(1_000_000 / tokens)));
/** A stretch that the model will not read is halved so often: what is left out is an eighth of it then. */
const mostHalvings = 3;

/**
 * Notes of all stretches, in order. What the model will not read is left out and named; an error that is not about what
 * it reads ends everything.
 */
export async function takeAllNotes(
  stretches: readonly Stretch[],
  task: Task,
): Promise<{ notes: Note[]; leftOut: LeftOut }> {
  const stop = new AbortController();
  const signal = task.signal ? AbortSignal.any([task.signal, stop.signal]) : stop.signal;
  const taken: Taken[] = await pMap(
    stretches,
    (stretch) => take(stretch, { ...task, signal }, mostHalvings),
    {
      concurrency: concurrencyOf(task.model.window),
    },
  ).catch((error: unknown) => {
    stop.abort(error);
    throw error;
  });
  const { error } = taken.find((one) => one.error !== undefined) ?? {};
  if (error !== undefined && taken.every((one) => one.notes === undefined)) throw error;
  return {
    notes: taken.flatMap(({ notes = [] }) => notes),
    leftOut: taken.flatMap(({ leftOut }) => leftOut),
  };
}

/** `notes` are undefined where nothing of it was read; then `error` tells why. */
interface Taken {
  notes?: Note[];
  leftOut: LeftOut;
  error?: unknown;
}

async function take(stretch: Stretch, task: Task, halvings: number): Promise<Taken> {
  const { model, writing } = task;
  try {
    const { call, proof } = makeNotesRequest(stretch, writing, model.window);
    const { value } = await model.call(call, task);
    return { notes: proveNotes(value, proof), leftOut: [] };
  } catch (error) {
    if (!isAboutInput(error)) throw error;
    const gap = gapOf(stretch, writing, 'refused');
    if (halvings === 0 || stretch.to - stretch.from < 2) return { leftOut: [gap], error };
    const taken: Taken[] = [];
    for (const half of halve(stretch, writing)) taken.push(await take(half, task, halvings - 1));
    if (taken.every(({ notes }) => notes === undefined)) return { leftOut: [gap], error };
    return {
      notes: taken.flatMap(({ notes = [] }) => notes),
      leftOut: taken.flatMap(({ leftOut }) => leftOut),
    };
  }
}

/** Two stretches that cost about the same. */
export function halve({ from, to }: Stretch, { costs }: Pick<Writing, 'costs'>): Stretch[] {
  const all = sumOf(costs, { from, to });
  let middle = from + 1;
  let used = costs[from] ?? 0;
  while (middle < to - 1 && used < all / 2) {
    used += costs[middle] ?? 0;
    middle += 1;
  }
  return [
    { from, to: middle },
    { from: middle, to },
  ];
}

/** Whether another input may be answered where this was not. */
export const isAboutInput = (error: unknown): boolean =>
  error instanceof ParleyError &&
  /^model_(?:refused|filtered|cut_short|answer_invalid|input_too_large)$/.test(error.code);

/** As few notes as the last call may hold: those that there are, or fewer that say what they say. */
export async function condense(notes: readonly Note[], task: Task): Promise<Note[]> {
  const { writing, sizes } = task;
  let left = inOrder(notes);
  for (;;) {
    const costs = costsOfNotes(left, writing, sizes);
    const total = costs.reduce((sum, cost) => sum + cost, 0);
    if (total <= sizes.mostNotes) return left;
    const groups = pack(left, costs, sizes.room.condense);
    const condensed = await pMap(groups, (group) => condenseGroup(group, task), {
      concurrency: concurrencyOf(sizes.window),
    });
    left = inOrder(condensed.flat());
    if (groups.length === 1) return thin(left, sizes.mostNotes, task);
  }
}

/** In order, each group as full as it may be. */
function pack(notes: readonly Note[], costs: readonly number[], most: number): Note[][] {
  const groups: Note[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const [index, entry] of notes.entries()) {
    const cost = costs[index] ?? 0;
    if (used + cost > most) {
      groups.push([]);
      used = 0;
    }
    groups.at(-1)?.push(entry);
    used += cost;
  }
  return groups;
}

/** What the model does not shorten is thinned out here: the next round has to have less. */
async function condenseGroup(group: readonly Note[], task: Task): Promise<Note[]> {
  const { model, writing, sizes } = task;
  const most = mostCondensed(sizes);
  try {
    const { call, proof } = makeCondenseRequest(group, writing, model.window);
    const { value } = await model.call(call, task);
    const condensed = proveNotes(value, proof);
    return thin(condensed.length > 0 ? condensed : group, most, task);
  } catch (error) {
    if (!isAboutInput(error)) throw error;
    return thin(group, most, task);
  }
}

function thin(notes: readonly Note[], most: number, { writing, sizes }: Task): Note[] {
  const costs = new Map(costsOfNotes(notes, writing, sizes).map((cost, index) => [notes[index], cost]));
  return thinOut(notes, most, (entry) => costs.get(entry) ?? 0);
}
