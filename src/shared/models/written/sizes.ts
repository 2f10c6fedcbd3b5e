import type { CountTokens, LanguageModel } from '../language/language-model.ts';
import { sumOf } from './cut-stretches.ts';
import { createDisguise } from './disguise.ts';
import {
  dataBefore,
  type Material,
  makeCondenseRequest,
  makeNotesRequest,
  makeRequest,
  type Request,
} from './make-request.ts';
import { type Note, writeNote } from './notes.ts';
import type { Writing } from './writing.ts';

type Kind = Material['kind'] | 'take' | 'condense';

/** How large the calls about a conversation may be, in tokens as the model counts them. */
export interface Sizes {
  count: CountTokens;
  window: LanguageModel['window'];
  /** What a call of each kind holds without data: instructions, schema, people. */
  fixed: Record<Kind, number>;
  /** How much data fits beside that and the highest output. */
  room: Record<Kind, number>;
  /** Notes from which a summary is written, and which are kept. */
  mostNotes: number;
}

/** Counting line by line is not quite counting the whole. */
const margin = 0.97;
/** What is kept must not grow with the conversation. */
const mostNoteTokens = 20_000;

export async function sizesOf(writing: Writing, model: LanguageModel): Promise<Sizes> {
  const { window } = model;
  const stretch = { from: 0, to: 0 };
  const requests = {
    messages: makeRequest({ kind: 'messages', stretch }, writing, window, { isOnly: true }),
    // With a stretch of one message, since then the answer has another form.
    notes: makeRequest({ kind: 'notes', notes: [], stretch: { from: 0, to: 1 } }, writing, window, {
      isOnly: true,
    }),
    earlier: makeRequest({ kind: 'notes', notes: [], stretch: { from: 0, to: 1 } }, writing, window, {
      isOnly: true,
    }),
    take: makeNotesRequest(stretch, writing, window),
    condense: makeCondenseRequest([], writing, window),
  };
  const sizeOf = async ({ call }: Request<unknown>) => {
    const all = await model.tokensOf(call);
    return { fixed: all - call.mostOutputTokens, room: Math.floor((window.tokens - all) * margin) };
  };
  const [messages, notes, earlier, take, condense] = await Promise.all([
    sizeOf(requests.messages),
    sizeOf(requests.notes),
    sizeOf(requests.earlier),
    sizeOf(requests.take),
    sizeOf(requests.condense),
  ]);
  const sizes = { messages, notes, earlier, take, condense };
  const pick = (of: 'fixed' | 'room'): Record<Kind, number> => ({
    messages: messages[of],
    notes: notes[of],
    earlier: earlier[of],
    take: take[of],
    condense: condense[of],
  });
  return {
    count: await model.tokenCounter(),
    window,
    fixed: pick('fixed'),
    room: pick('room'),
    mostNotes: Math.min(mostNoteTokens, sizes.notes.room),
  };
}

/** Tokens of data that a summary is written from. */
export function costOfMaterial(material: Material, writing: Writing, { count }: Sizes): number {
  const before = dataBefore(material, writing, createDisguise(writing.seed));
  return count(before.join('\n')) + sumOf(writing.costs, material.stretch);
}

/** Tokens of each note. */
export function costsOfNotes(
  notes: readonly Note[],
  { lines: { people }, seed }: Writing,
  { count }: Sizes,
): number[] {
  const disguise = createDisguise(seed);
  return notes.map((entry) => count(writeNote(entry, { people, disguise })) + 1);
}
