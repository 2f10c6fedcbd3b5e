import type { Conversation } from '../../transcripts/conversation.ts';
import { type ActionItem, actionItemId } from '../summary-content.ts';

import type { SummaryAnswer } from './answer-form.ts';
import type { Proof, Proven } from './proof.ts';
import { isConsent } from './recognise-consent.ts';

type Task = SummaryAnswer['tasks'][number];

/** What there was, and from which place on messages are new to it. */
export interface EarlierTasks {
  items: readonly ActionItem[];
  /** Set where the answer brings them up to date, and so may leave some out. */
  newFrom?: number;
}

const mostItems = 50;
/** So many messages after a request can be the answer to it. */
const mostAnswers = 3;
const textLength = 300;
const day = 24 * 60 * 60 * 1000;
/** Nobody promises further ahead; a date behind the message is somebody else's. */
const furthest = 730 * day;

/**
 * The action items that an answer tells of. What was there keeps its id; its status changes only with a message that says
 * so, a new one where the answer brings it up to date.
 */
export function settleTasks(
  tasks: readonly Task[],
  { conversation, proof, earlier }: { conversation: Conversation; proof: Proof; earlier: EarlierTasks },
): ActionItem[] {
  const open = new Set(earlier.items);
  const isUpdate = earlier.newFrom !== undefined;
  const settled = tasks.flatMap((task): ActionItem[] => {
    const place = proof.placeOf(task.message);
    const said =
      place === undefined ? undefined : proof.sentence({ text: task.text, messages: [task.message] });
    if (place === undefined || !said) return [];
    const messageId = proof.idOf(place);
    const before = findEarlier({ task, messageId, text: said.text }, earlier, open);
    if (before) open.delete(before);
    const kept = before && isUpdate ? prove(before, proof) : undefined;
    const due = dueOf(task.due, conversation.messages[place]?.at) ?? kept?.due;
    const owner = tookOn(proof.personOf(task.owner), place, conversation) ?? kept?.owner;
    const item = {
      ...(kept ?? itemOf(said, messageId)),
      ...(owner === undefined ? {} : { owner }),
      ...(due === undefined ? {} : { due }),
      status: statusOf(task, { place, before, newFrom: earlier.newFrom, proof }),
    };
    return [{ ...item, id: before?.id ?? item.id }];
  });
  const carried = isUpdate ? [...open].flatMap((item) => prove(item, proof) ?? []) : [];
  return mostImportant([...carried, ...settled]);
}

/** Who said they would, there or in an answer right after it: nobody gives somebody else work by writing that they have it. */
function tookOn(person: string | undefined, place: number, { messages }: Conversation): string | undefined {
  const [said, ...after] = messages.slice(place, place + 1 + mostAnswers);
  const isTheirs = said?.sender.id === person;
  const isTaken = after.some(({ sender, text }) => sender.id === person && isConsent(text));
  return isTheirs || isTaken ? person : undefined;
}

function itemOf({ text, isUnsupported }: Proven, messageId: string): ActionItem {
  const item = { text, messageId, status: 'open' as const };
  return { id: actionItemId(item), ...item, ...(isUnsupported ? { isUnsupported } : {}) };
}

function prove(item: ActionItem, proof: Proof): ActionItem | undefined {
  const proven = proof.again({ text: item.text, cites: [item.messageId] }, textLength);
  if (!proven) return undefined;
  const { isUnsupported: _, ...rest } = item;
  return { ...rest, text: proven.text, ...(proven.isUnsupported ? { isUnsupported: true } : {}) };
}

/** The number that the model gives, else what was said in the same message, the likest of several. */
function findEarlier(
  { task, messageId, text }: { task: Task; messageId: string; text: string },
  { items, newFrom }: EarlierTasks,
  open: ReadonlySet<ActionItem>,
): ActionItem | undefined {
  const told = newFrom === undefined || task.earlier === null ? undefined : items[task.earlier - 1];
  if (told && open.has(told)) return told;
  const near = [...open].filter((item) => item.messageId === messageId);
  return near.sort((one, other) => likeness(other.text, text) - likeness(one.text, text))[0];
}

function likeness(one: string, other: string): number {
  const wordsOf = (text: string): Set<string> => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu));
  const words = wordsOf(one);
  return [...wordsOf(other)].filter((word) => words.has(word)).length;
}

function statusOf(
  { status, statusMessage }: Task,
  {
    place,
    before,
    newFrom,
    proof,
  }: { place: number; before: ActionItem | undefined; newFrom: number | undefined; proof: Proof },
): ActionItem['status'] {
  const unchanged = newFrom === undefined ? 'open' : (before?.status ?? 'open');
  const told = statusMessage === null ? undefined : proof.placeOf(statusMessage);
  const isTold = told !== undefined && told >= (before ? (newFrom ?? place) : place);
  return isTold ? status : unchanged;
}

/** The date, where it is one and may be meant by a message of that time. */
function dueOf(due: string | null, at = ''): string | undefined {
  const time = Date.parse(`${due ?? ''}T00:00:00Z`);
  const sent = Date.parse(at);
  if (due === null || !/^\d{4}-\d\d-\d\d$/.test(due) || Number.isNaN(time)) return undefined;
  return time >= sent - 2 * day && time <= sent + furthest ? due : undefined;
}

/** Open ones before settled ones where there are too many, newest first; in their order. */
function mostImportant(items: readonly ActionItem[]): ActionItem[] {
  const distinct = [...new Map(items.map((item) => [item.id, item])).values()];
  if (distinct.length <= mostItems) return distinct;
  const ranked = distinct.map((item, index) => ({ item, rank: (item.status === 'open' ? 1e6 : 0) + index }));
  const kept = new Set(ranked.sort((one, other) => other.rank - one.rank).slice(0, mostItems));
  return distinct.filter((item) => [...kept].some((entry) => entry.item === item));
}
