import * as z from 'zod';

/** Numbers stand for messages and people; code maps them back. Strict and small: every word of it is sent with each call. */
const numbers = z.array(z.int());
const cited = z.strictObject({ text: z.string(), messages: numbers });

const task = z.strictObject({
  text: z.string(),
  /** Where it was said. */
  message: z.int(),
  /** The number of a person. */
  owner: z.int().nullable(),
  /** ISO 8601 date. */
  due: z.string().nullable(),
  status: z.enum(['open', 'done', 'dropped']),
  /** Where it is said that it is done or dropped. */
  statusMessage: z.int().nullable(),
  /** Its number in the earlier summary. */
  earlier: z.int().nullable(),
});

const summaryShape = {
  headline: z.string(),
  sentences: z.array(cited),
  topics: z.array(z.string()),
  keyPhrases: z.array(z.string()),
  decisions: z.array(cited),
  openQuestions: z.array(z.strictObject({ text: z.string(), message: z.int() })),
  tasks: z.array(task),
  mood: z.enum(['positive', 'neutral', 'negative', 'mixed']),
  moodTurnedAt: z.int().nullable(),
  intent: z.string().nullable(),
};

/** One conversation. */
export const summaryAnswer = z.strictObject(summaryShape);
export type SummaryAnswer = z.infer<typeof summaryAnswer>;

const note = z.strictObject({
  kind: z.enum(['said', 'decision', 'task', 'question']),
  text: z.string(),
  messages: numbers,
  owner: z.int().nullable(),
  due: z.string().nullable(),
});

/** Of a part of a conversation, or of notes. */
export const notesAnswer = z.strictObject({ notes: z.array(note) });
export type NotesAnswer = z.infer<typeof notesAnswer>;

/** A summary brought up to date, and notes of what is new. */
export const updateAnswer = z.strictObject({ ...summaryShape, newNotes: z.array(note) });
export type UpdateAnswer = z.infer<typeof updateAnswer>;

/** Several conversations, by the numbers that the input gives them. */
export const packAnswer = z.strictObject({
  summaries: z.array(z.strictObject({ conversation: z.int(), ...summaryShape })),
});
export type PackAnswer = z.infer<typeof packAnswer>;
