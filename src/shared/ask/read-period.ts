import type { Language } from './lexicon.ts';
import { readDates } from './read-dates.ts';
import { type Moment, readMoments } from './read-moments.ts';
import { fromWallTime, toWallTime, type WallTime } from './wall-clock.ts';

export interface ReadPeriod {
  /** The first and the last moment, ISO 8601 UTC. */
  since?: string;
  until?: string;
  /** The text with `gap` where the period stood. */
  rest: string;
}

/** Stands where something was read already. */
export const gap = '⟂';

const before = (source: string): RegExp => new RegExp(`(?<![\\p{L}\\p{N}])(?:${source})\\s+$`, 'iu');
const article = '(?: the| le| la| el| o| a| dem| der| den| dem Jahr| Jahr)?';

/** What a time means that one of these stands before. */
const connectors = {
  since: before(
    `(?:since|starting(?: from| on)?|as of|seit|ab|depuis|à partir d[eu]|desde|a partir d[eoa]l?)${article}`,
  ),
  after: before(`(?:after|nach|après|después del?|depois d[eoa])${article}`),
  until: before(
    `(?:until|till|up to|through|by|bis(?: zum| zu| Ende)?|jusqu['’](?:au|à|en)|hasta|até)${article}`,
  ),
  before: before(`(?:before|prior to|vor|avant|antes d[eoa]l?)${article}`),
  between: before(`(?:between|zwischen|entre|from|von|vom|du|de|del)${article}`),
  within: before(
    `(?:in|on|during|over|within|at|for|of|from|im|am|an|während|von|vom|en|pendant|au|du|le|el|durante|em|no|na|de|del|os?)${article}`,
  ),
};
type Connector = keyof typeof connectors;
const names: readonly Connector[] = ['since', 'after', 'until', 'before', 'between', 'within'];

const joint =
  /^\s*(?:and|to|until|till|through|[-–—]|und|bis(?: zum)?|et|au|jusqu['’]au|y|hasta(?: el)?|al?|e|até|ao)\s*(?:the |le |el |o |dem |den )?$/iu;
const onward = /^\s*(?:onwards?|on(?! \p{L})|an(?! \p{L}))(?!\p{L})/iu;

/** Reads the time that a request is about: `since March`, `last week`, `between 1 and 5 May`, in a time zone. */
export async function readPeriod(
  text: string,
  { now, timeZone, language }: { now: Date; timeZone: string; language: Language },
): Promise<ReadPeriod> {
  const wall = toWallTime(now, timeZone);
  const shared = shareMonth(text);
  const found = choose([
    ...readMoments(shared, { now: wall, language }),
    ...(await readDates(shared, { now: wall, language })),
  ]);
  const [first, second] = found.filter((moment, place) => isMeant(shared, moment, place, found));
  if (!first) return { rest: text };
  const isRange = second !== undefined && joint.test(shared.slice(first.end, second.index));
  const before = shared.slice(0, first.index);
  const connector = connectorOf(before, isRange);
  const tail = isRange ? undefined : onward.exec(shared.slice(first.end))?.[0];
  const [from, to] = isRange
    ? [Math.min(first.from, second.from), Math.max(first.to, second.to)]
    : spanOf(connector, tail !== undefined, first);
  const begin = before.length - (connector ? (connectors[connector].exec(before)?.[0].length ?? 0) : 0);
  const end = isRange ? second.end : first.end + (tail?.length ?? 0);
  const iso = (moment: WallTime): string => fromWallTime(moment, timeZone).toISOString();
  return {
    ...(from === undefined ? {} : { since: iso(from) }),
    ...(to === undefined ? {} : { until: new Date(fromWallTime(to, timeZone).getTime() - 1).toISOString() }),
    rest: `${shared.slice(0, begin)} ${gap} ${shared.slice(end)}`,
  };
}

/** `1 and 5 May` and `1 to 5 May` name the month once. */
function shareMonth(text: string): string {
  return text.replace(
    /(?<=between |from |zwischen |vom |entre |du )(\d{1,2}\.?(?:st|nd|rd|th)?) (and|to|und|bis|et|au|y|e|al|a) (\d{1,2}\.?(?:st|nd|rd|th)?(?: of| de)? )(\p{L}+)/iu,
    (_, one: string, joined: string, other: string, month: string) =>
      `${one} ${month} ${joined} ${other}${month}`,
  );
}

function spanOf(
  connector: Connector | undefined,
  isOnward: boolean,
  { from, to }: Moment,
): [WallTime | undefined, WallTime | undefined] {
  if (connector === 'since' || isOnward) return [from, undefined];
  if (connector === 'after') return [to, undefined];
  if (connector === 'until') return [undefined, to];
  if (connector === 'before') return [undefined, from];
  return [from, to];
}

function connectorOf(text: string, isRange: boolean): Connector | undefined {
  const fitting = names.filter((name) => isRange || name !== 'between');
  return fitting.find((name) => connectors[name].test(text));
}

/** The longest of those that lie over one another, in the order of the text. */
function choose(moments: readonly Moment[]): Moment[] {
  const chosen: Moment[] = [];
  for (const moment of moments.toSorted((a, b) => b.end - b.index - (a.end - a.index))) {
    if (chosen.every(({ index, end }) => moment.end <= index || end <= moment.index)) chosen.push(moment);
  }
  return chosen.sort((a, b) => a.index - b.index);
}

const aboutWord = /(?<!\p{L})(?:about|regarding|concerning|über|wegen|sujet|propos|sobre)(?!\p{L})/iu;

/** May and March are names, too, and what a conversation is about may have a date in it. */
function isMeant(text: string, moment: Moment, place: number, all: readonly Moment[]): boolean {
  const { index, end, isPlain } = moment;
  const ahead = text.slice(0, index);
  if (/^['’]s/.test(text.slice(end))) return false;
  const [previous, next] = [all[place - 1], all[place + 1]];
  if (previous && joint.test(text.slice(previous.end, index))) return isMeant(text, previous, place - 1, all);
  const isFirst = next !== undefined && joint.test(text.slice(end, next.index));
  const fitting = names.filter((name) => name !== 'between' || isFirst);
  if (fitting.some((name) => connectors[name].test(ahead))) return true;
  return isPlain && (!aboutWord.test(ahead) || !/\d/.test(text.slice(index, end)));
}
