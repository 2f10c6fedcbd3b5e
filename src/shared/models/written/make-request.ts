import type * as z from 'zod';
import type { Call, LanguageModel } from '../language/language-model.ts';
import type { SummaryContent } from '../summary-content.ts';
import {
  type NotesAnswer,
  notesAnswer,
  type SummaryAnswer,
  summaryAnswer,
  type UpdateAnswer,
  updateAnswer,
} from './answer-form.ts';
import { createDisguise, type Disguise, disguiseLine, enclose, maskLine } from './disguise.ts';
import { type Note, notesOfSummary, writeNote } from './notes.ts';
import { writePeople } from './number-people.ts';
import { condenseNotes } from './prompts/condense-notes.ts';
import { mergeNotes } from './prompts/merge-notes.ts';
import { languageRule } from './prompts/rules.ts';
import { takeNotes } from './prompts/take-notes.ts';
import { updateSummary } from './prompts/update-summary.ts';
import { writeSummary } from './prompts/write-summary.ts';
import { createProof, type Proof } from './proof.ts';
import type { Stretch } from './write-lines.ts';
import { writeLines } from './write-lines.ts';
import type { Writing } from './writing.ts';

/** A call, and what its answer is proven with. Made without asking anybody, so that it can be sent in any way. */
export interface Request<Answer> {
  call: Call<Answer>;
  proof: Proof;
}

/** What a summary is to be written from. */
export type Material =
  | { kind: 'messages'; stretch: Stretch }
  /** Notes of everything before the stretch, which may be empty. */
  | { kind: 'notes'; notes: readonly Note[]; stretch: Stretch }
  /** The summary of everything before the stretch, which has been shown from `overlapFrom` on. */
  | { kind: 'earlier'; content: SummaryContent; overlapFrom: number; stretch: Stretch };

type Window = LanguageModel['window'];

const topicLength = 120;
/** A note of at most 25 words, with its form as JSON. */
const noteTokens = 60;

/** The most of an answer: of a small window, a share. */
export const summaryOutput = ({ tokens, outputTokens }: Window): number =>
  Math.min(outputTokens, Math.floor(tokens / 3));
export const notesOutput = ({ tokens, outputTokens }: Window): number =>
  Math.min(outputTokens, Math.max(256, Math.floor(tokens / 5)));
const mostNotes = (window: Window): number => Math.max(3, Math.floor(notesOutput(window) / noteTokens));
/** So many people are listed, those who wrote most first. */
const mostPeople = ({ tokens }: Window): number => Math.max(6, Math.min(60, Math.floor(tokens / 100)));

/** The call that writes a summary of one conversation. `isOnly`: it is all that the summary takes, and may be made again. */
export function makeRequest(
  material: Material,
  writing: Writing,
  window: Window,
  { isOnly = false }: { isOnly?: boolean } = {},
): Request<SummaryAnswer | UpdateAnswer> {
  const seed = isOnly ? writing.seed : undefined;
  const disguise = createDisguise(seed);
  const { stretch } = material;
  const isUpdated = material.kind !== 'messages' && stretch.to > stretch.from;
  const form: z.ZodType<SummaryAnswer | UpdateAnswer> = isUpdated ? updateAnswer : summaryAnswer;
  return requestOf(writing, disguise, {
    name: isUpdated ? 'updated_summary' : 'summary',
    instructions: promptOf(material),
    data: [...dataBefore(material, writing, disguise), ...newLines(material, writing, disguise)],
    schema: form,
    mostOutputTokens: summaryOutput(window),
    stretches: [material.kind === 'earlier' ? { ...stretch, from: material.overlapFrom } : stretch],
    cited: citedBy(material, writing),
    window,
    mayWait: seed !== undefined,
  });
}

const promptOf = ({ kind, stretch }: Material): string => {
  if (kind === 'messages') return writeSummary;
  if (kind === 'notes') return mergeNotes(stretch.to > stretch.from);
  return updateSummary;
};

/** What stands before the new messages. */
export function dataBefore(material: Material, writing: Writing, disguise: Disguise): string[] {
  const { people } = writing.lines;
  if (material.kind === 'messages') return [];
  if (material.kind === 'notes') {
    return ['Notes:', ...material.notes.map((entry) => writeNote(entry, { people, disguise }))];
  }
  const { content, overlapFrom, stretch } = material;
  return [
    ...writeEarlier(content, writing, disguise),
    'Messages before its end:',
    ...writeLines({ from: overlapFrom, to: stretch.from }, writing.lines, disguise),
  ];
}

function newLines({ kind, stretch }: Material, { lines }: Writing, disguise: Disguise): string[] {
  if (stretch.to <= stretch.from) return [];
  return [...(kind === 'messages' ? [] : ['New messages:']), ...writeLines(stretch, lines, disguise)];
}

/** Stored text of a model about what strangers wrote: data like the messages. Tasks are numbered. */
function writeEarlier(content: SummaryContent, { lines, placeOf }: Writing, disguise: Disguise): string[] {
  const { people } = lines;
  const notes = notesOfSummary({ ...content, actionItems: [] }, placeOf);
  const tasks = content.actionItems.map(({ text, messageId, owner, due, status }, index) => {
    const places = [placeOf(messageId) ?? []].flat();
    const task = writeNote(
      { kind: 'task', text, places, ...(owner && { owner }), ...(due && { due }) },
      { people, disguise },
    );
    return `- T${index + 1} ${status}${task.slice(1)}`;
  });
  return [
    'Earlier summary:',
    `- headline: ${maskLine(content.headline, disguise, topicLength)}`,
    ...notes.map((entry) => writeNote(entry, { people, disguise })),
    ...tasks,
  ];
}

function citedBy(material: Material, { placeOf }: Writing): number[] {
  if (material.kind === 'messages') return [];
  if (material.kind === 'notes') return material.notes.flatMap(({ places }) => places);
  return notesOfSummary(material.content, placeOf).flatMap(({ places }) => places);
}

/** The call that takes notes of one stretch. */
export function makeNotesRequest(stretch: Stretch, writing: Writing, window: Window): Request<NotesAnswer> {
  const disguise = createDisguise();
  return requestOf(writing, disguise, {
    name: 'notes',
    instructions: takeNotes(mostNotes(window)),
    data: writeLines(stretch, writing.lines, disguise),
    schema: notesAnswer,
    mostOutputTokens: notesOutput(window),
    stretches: [stretch],
    cited: [],
    window,
  });
}

/** The call that makes fewer notes of many. */
export function makeCondenseRequest(
  notes: readonly Note[],
  writing: Writing,
  window: Window,
): Request<NotesAnswer> {
  const disguise = createDisguise();
  return requestOf(writing, disguise, {
    name: 'condensed_notes',
    instructions: condenseNotes(mostNotes(window)),
    data: notes.map((entry) => writeNote(entry, { people: writing.lines.people, disguise })),
    schema: notesAnswer,
    mostOutputTokens: notesOutput(window),
    stretches: [],
    cited: notes.flatMap(({ places }) => places),
    window,
  });
}

interface Parts<Answer> {
  name: string;
  instructions: string;
  data: string[];
  schema: z.ZodType<Answer>;
  mostOutputTokens: number;
  stretches: readonly Stretch[];
  cited: readonly number[];
  window: Window;
  mayWait?: boolean;
}

function requestOf<Answer>(writing: Writing, disguise: Disguise, parts: Parts<Answer>): Request<Answer> {
  const { conversation, lines, groundsFor, languages } = writing;
  const cited = new Set(parts.cited);
  const isShown = (place: number): boolean =>
    cited.has(place) || parts.stretches.some(({ from, to }) => place >= from && place < to);
  const data = [...headOf(parts, writing, disguise), ...parts.data];
  return {
    call: {
      job: 'summary',
      instructions: `${parts.instructions}\n${languageRule(languages.summaryLanguage)}`,
      input: enclose(data, disguise),
      answer: { name: parts.name, schema: parts.schema },
      mostOutputTokens: parts.mostOutputTokens,
      ...(parts.mayWait ? { mayWait: true } : {}),
    },
    proof: createProof(conversation, {
      people: lines.people,
      grounds: groundsFor({ stretches: parts.stretches, cited }),
      placeholders: disguise.placeholders,
      firstNumber: lines.firstNumber,
      isShown,
    }),
  };
}

/** Topic and people: who wrote in what is shown, most messages first, then who else takes part. */
export function headOf(
  { stretches, window }: Pick<Parts<unknown>, 'stretches' | 'window'>,
  { conversation: { topic, messages }, lines: { people } }: Writing,
  disguise: Disguise,
): string[] {
  const counts = new Map<string, number>();
  for (const { from, to } of stretches) {
    for (let place = from; place < to; place += 1) {
      const id = messages[place]?.sender.id ?? '';
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
  }
  const writers = [...counts].sort((one, other) => other[1] - one[1]).map(([id]) => id);
  const ids = [...new Set([...writers, ...people.ids.slice(0, mostPeople(window))])];
  return [
    ...(topic ? [`Topic: ${disguiseLine(topic, disguise, topicLength)}`] : []),
    ...writePeople(ids.slice(0, mostPeople(window)), people, disguise),
  ];
}
