import { ParleyError } from '../../errors.ts';
import { noUsage, type Usage } from '../language/allowance.ts';
import type { LanguageModel } from '../language/language-model.ts';
import type { SummaryContent } from '../summary-content.ts';
import type { SummaryJob } from '../summary-model.ts';
import { stillStands } from './covered.ts';
import { cutStretches, sumOf } from './cut-stretches.ts';
import { estimateNotes } from './estimate-notes.ts';
import { type Material, summaryOutput } from './make-request.ts';
import { maskFrom } from './mask-from.ts';
import type { Note } from './notes.ts';
import { costOfMaterial, costsOfNotes, type Sizes, sizesOf } from './sizes.ts';
import { type Stretch, startsDay } from './write-lines.ts';
import { measure, prepareWriting, type Writing } from './writing.ts';
import { writingVersion } from './writing-version.ts';

/** What the written model is set up with. */
export interface WritingOptions {
  model: LanguageModel;
  /** In which days begin and end, IANA. */
  timeZone: string;
  /** ISO 639-1: what all summaries are written in. Absent: each in the language of its conversation. */
  summaryLanguage?: string;
  /** So many tokens may be spent on one conversation in one run, input and output together. */
  tokensPerConversation?: number;
  clock: () => Date;
  /** Given where calls that may wait are made twice: with it, the same conversation makes the same request. */
  secret?: string;
}

export type LeftOut = NonNullable<SummaryContent['leftOut']>;

/** What is to be done for one job, and what that uses at most. */
export type Plan = {
  job: SummaryJob;
  writing: Writing;
  sizes: Sizes;
  /** The earlier summary, where the messages that it was made from stand as they were. */
  stands: SummaryJob['earlier'];
  leftOut: LeftOut;
  estimate: Usage;
} & (
  | { way: 'none'; stands: NonNullable<SummaryJob['earlier']> }
  /** One call. */
  | { way: 'one'; material: Material }
  /** Notes of each stretch, and then one call from these and those that there are. */
  | { way: 'notes'; stretches: Stretch[]; notes: readonly Note[] }
);

const day = 24 * 60 * 60 * 1000;
/** So many messages before the new ones are shown again. */
const overlap = 10;
/** A conversation of more messages is never read from its beginning where its summary can be gone on from. */
const mostToReadAgain = 100;

/** With less room for messages than this, nothing comes of it. */
const fewestTokens = 200;

const windowTooSmall = (): ParleyError =>
  new ParleyError(
    'not_configured',
    'MODEL_CONTEXT_TOKENS is too small beside MODEL_OUTPUT_TOKENS: a summary takes about 2,000 and the output.',
  );

export async function planWriting(
  job: SummaryJob,
  options: WritingOptions,
  signal: AbortSignal | undefined,
): Promise<Plan> {
  const { conversation } = job;
  const stands = (await isGoodFor(job, options)) ? job.earlier : undefined;
  const whole = { from: stands?.state.covered.messages ?? 0, to: conversation.messages.length };
  const shown = whole.to <= mostToReadAgain ? 0 : Math.max(0, whole.from - overlap);
  const writing = await prepareWriting(await maskFrom(conversation, shown, signal), options);
  const sizes = await sizesOf(writing, options.model);
  const base = { job, writing, sizes, stands, leftOut: stands?.content.leftOut ?? [] };
  if (stands && whole.from === whole.to) return { ...base, stands, way: 'none', estimate: noUsage };
  const room = Math.min(sizes.room.take, sizes.room.messages);
  if (room < fewestTokens) throw windowTooSmall();
  const { count } = sizes;
  await measure({ from: shown, to: whole.to }, writing, { count, most: Math.floor(room / 2), signal });
  const planOf = (stretch: Stretch): Plan => planStretch(stretch, { ...base, whole, now: options.clock() });
  const plan = planOf(whole);
  const { tokensPerConversation = Number.POSITIVE_INFINITY } = options;
  return totalOf(plan) <= tokensPerConversation ? plan : planNewest(whole, planOf, tokensPerConversation);
}

/** Whether the earlier summary may be gone on from. */
async function isGoodFor({ conversation, earlier }: SummaryJob, options: WritingOptions): Promise<boolean> {
  return (
    earlier !== undefined &&
    earlier.state.version === writingVersion(options) &&
    earlier.state.notes !== undefined &&
    (await stillStands(conversation, earlier.state.covered))
  );
}

const totalOf = ({ estimate }: Plan): number => estimate.inputTokens + estimate.outputTokens;

/** The longest stretch up to the end that costs no more than `most`. */
function planNewest({ from, to }: Stretch, planOf: (stretch: Stretch) => Plan, most: number): Plan {
  let [low, high] = [from, to - 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (totalOf(planOf({ from: middle, to })) <= most) high = middle;
    else low = middle + 1;
  }
  const plan = planOf({ from: low, to });
  if (totalOf(plan) <= most) return plan;
  throw new ParleyError(
    'budget_spent',
    'What may be spent on one conversation is less than one call takes: allow more tokens.',
  );
}

type Base = Pick<Plan, 'job' | 'writing' | 'sizes' | 'stands' | 'leftOut'>;

function planStretch(stretch: Stretch, { whole, now, ...base }: Base & { whole: Stretch; now: Date }): Plan {
  const { writing, sizes, stands } = base;
  const material = materialFor(stretch, { ...base, now });
  const leftOut = leftOutOf(material, { ...base, whole });
  const cost = costOfMaterial(material, writing, sizes);
  const { kind } = material;
  // Else they would grow until no call holds them, and be sent whole in every night until then.
  const isCondensed = kind === 'notes' && tokensOfNotes(material.notes, base) > sizes.mostNotes;
  if (cost <= sizes.room[kind] && !isCondensed) {
    const estimate = {
      calls: 1,
      inputTokens: sizes.fixed[kind] + cost,
      outputTokens: summaryOutput(sizes.window),
    };
    return { ...base, leftOut, way: 'one', material, estimate };
  }
  const notes = stands?.state.notes ?? [];
  const stretches = stretchesOf(stretch, writing, sizes.room.take);
  const estimate = estimateNotes({ stretches, notes }, writing, sizes);
  return { ...base, leftOut, way: 'notes', stretches, notes, estimate };
}

/** What was left out stays so until everything is read again; beside it what this stretch does not reach back to. */
function leftOutOf(
  { kind, stretch }: Material,
  { writing, leftOut, whole }: Base & { whole: Stretch },
): LeftOut {
  const before = kind === 'messages' ? [] : leftOut;
  if (stretch.from <= whole.from) return before;
  return [...before, gapOf({ from: whole.from, to: stretch.from }, writing, 'limit')];
}

const tokensOfNotes = (notes: readonly Note[], { writing, sizes }: Pick<Base, 'writing' | 'sizes'>): number =>
  costsOfNotes(notes, writing, sizes).reduce((sum, cost) => sum + cost, 0);

/** Once a week, and where the notes have become many, a summary is made of them anew, so that it does not drift. */
function materialFor(stretch: Stretch, { writing, sizes, stands, now }: Base & { now: Date }): Material {
  if (!stands) return { kind: 'messages', stretch };
  const { notes = [], wholeAt } = stands.state;
  const tokens = tokensOfNotes(notes, { writing, sizes });
  if (tokens > sizes.mostNotes || now.getTime() - Date.parse(wholeAt) >= 7 * day) {
    return { kind: 'notes', notes, stretch };
  }
  const overlapFrom = Math.max(0, stretch.from - overlap);
  const update: Material = { kind: 'earlier', content: stands.content, overlapFrom, stretch };
  const all = { from: 0, to: stretch.to };
  const isShort = stretch.to <= mostToReadAgain && stretch.from === stands.state.covered.messages;
  // A short one costs less than its summary does, and may share a call.
  if (isShort && sumOf(writing.costs, all) <= costOfMaterial(update, writing, sizes)) {
    return { kind: 'messages', stretch: all };
  }
  return update;
}

/** Stretches of at most `most` tokens that end where a day does, or nobody writes for long. */
export const stretchesOf = (stretch: Stretch, writing: Writing, most: number): Stretch[] =>
  cutStretches(stretch, writing.costs, { most, gapBefore: (place) => gapBefore(place, writing) });

function gapBefore(place: number, { conversation: { messages }, lines }: Writing): number {
  const silence = Date.parse(messages[place]?.at ?? '') - Date.parse(messages[place - 1]?.at ?? '');
  return silence + (startsDay(place, lines) ? day / 2 : 0);
}

export const gapOf = (
  { from, to }: Stretch,
  { conversation: { messages } }: Writing,
  reason: LeftOut[number]['reason'],
): LeftOut[number] => ({
  from: messages[from]?.id ?? '',
  to: messages[to - 1]?.id ?? '',
  messages: to - from,
  reason,
});
