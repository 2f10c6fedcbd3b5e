import * as z from 'zod';
import type { SummaryContent } from '../summary-content.ts';
import type { NotesAnswer } from './answer-form.ts';
import { type Disguise, maskLine } from './disguise.ts';
import type { People } from './number-people.ts';
import type { Proof } from './proof.ts';

/** One thing that a part of a conversation says, with the messages that say so. Text of a model. */
export const note = z.object({
  kind: z.enum(['said', 'decision', 'task', 'question']),
  text: z.string(),
  /** Places of messages, from 0 on: they hold as long as what was covered did not change. */
  places: z.array(z.int().nonnegative()),
  /** Participant id. */
  owner: z.string().optional(),
  due: z.iso.date().optional(),
});

export type Note = z.infer<typeof note>;

const noteLength = 300;
const mostPlaces = 12;

/** What of the notes of a model is proven. */
export function proveNotes({ notes }: Pick<NotesAnswer, 'notes'>, proof: Proof): Note[] {
  return notes.flatMap((said): Note[] => {
    const proven = proof.sentence(said, noteLength);
    const places = [...new Set(said.messages.flatMap((number) => proof.placeOf(number) ?? []))];
    if (!proven || places.length === 0) return [];
    const owner = proof.personOf(said.owner);
    const due = z.iso.date().safeParse(said.due).data;
    return [
      {
        kind: said.kind,
        text: proven.text,
        places: places.sort((one, other) => one - other).slice(0, mostPlaces),
        ...(owner === undefined ? {} : { owner }),
        ...(due === undefined ? {} : { due }),
      },
    ];
  });
}

/** `- task P3 due 2026-03-02: text [7, 9]` */
export function writeNote(
  { kind, text, places, owner, due }: Note,
  { people, disguise }: { people: People; disguise: Disguise },
): string {
  const number = owner === undefined ? undefined : people.numberOf(owner);
  const facts = [
    kind,
    ...(number === undefined ? [] : [`P${number}`]),
    ...(due === undefined ? [] : [`due ${due}`]),
  ];
  return `- ${facts.join(' ')}: ${maskLine(text, disguise, noteLength)} ${numbersOf(places)}`;
}

const numbersOf = (places: readonly number[]): string => `[${places.map((place) => place + 1).join(', ')}]`;

/** A summary as notes, in the order of the conversation. */
export function notesOfSummary(
  { summary, decisions, openQuestions, actionItems }: SummaryContent,
  placeOf: (id: string) => number | undefined,
): Note[] {
  const places = (ids: readonly string[]): number[] => ids.flatMap((id) => placeOf(id) ?? []);
  const notes: Note[] = [
    ...summary.map(({ text, cites }) => ({ kind: 'said' as const, text, places: places(cites) })),
    ...decisions.map(({ text, cites }) => ({ kind: 'decision' as const, text, places: places(cites) })),
    ...openQuestions.map(({ text, messageId }) => ({
      kind: 'question' as const,
      text,
      places: places([messageId]),
    })),
    ...actionItems.map(({ text, messageId, owner, due }) => ({
      kind: 'task' as const,
      text,
      places: places([messageId]),
      ...(owner === undefined ? {} : { owner }),
      ...(due === undefined ? {} : { due }),
    })),
  ];
  return inOrder(notes.filter((entry) => entry.places.length > 0));
}

export const inOrder = (notes: readonly Note[]): Note[] =>
  notes.toSorted((one, other) => (one.places[0] ?? 0) - (other.places[0] ?? 0));

/** So many that they cost at most `most` tokens: decisions and tasks first, then evenly over the conversation. */
export function thinOut(notes: readonly Note[], most: number, costOf: (note: Note) => number): Note[] {
  const costs = notes.map(costOf);
  const order = notes
    .map((entry, index) => ({
      index,
      isFirst: entry.kind === 'decision' || entry.kind === 'task',
      spread: spreadOf(index),
    }))
    .sort((one, other) => Number(other.isFirst) - Number(one.isFirst) || one.spread - other.spread);
  const kept = new Set<number>();
  let used = 0;
  for (const { index } of order) {
    if (used + (costs[index] ?? 0) > most) continue;
    used += costs[index] ?? 0;
    kept.add(index);
  }
  return notes.filter((_, index) => kept.has(index));
}

/** The bits of a number, turned round: a row of them in order of this is spread evenly from the first one on. */
function spreadOf(index: number): number {
  let turned = 0;
  for (let bit = 0; bit < 16; bit += 1) turned = turned * 2 + ((index >> bit) & 1);
  return turned;
}
