import {
  headerBlockLength,
  isAttribution,
  isAttributionEnd,
  isForwardMarker,
  isOriginalMarker,
  isTimed,
  isWholeAttribution,
  pointsBelow,
} from './quote-markers.ts';

export interface SplitText {
  /** The new text. */
  text: string;
  /** The history below or above it. */
  quoted?: string;
}

/** Stands where HTML says that the history begins, on a line of its own. */
export const historyMark = '\u{e0f1}';

const fewestQuotes = 3;
/** Lines. */
const longestIntroduction = 4;

/** Where the history begins, and whether it is the rest of the mail whatever it looks like. */
interface Cut {
  line: number;
  /** The first line of the history that is not what introduces it. */
  content: number;
  isRest: boolean;
}

/**
 * Splits the history off an answer. Whatever is not surely history stays: answers between quotes with the quotes around
 * them, forwarded text, signatures, and all of a mail that would have no new text, or says that it is below.
 */
export function splitQuoted(original: string): SplitText {
  const whole = { text: original.replaceAll(historyMark, '').trim() };
  const lines = original.split('\n');
  const cut = findCut(lines);
  if (!cut) return whole;
  const split = cut.isRest
    ? toSplit(lines.slice(0, cut.line), lines.slice(cut.line))
    : splitQuotes(lines, cut);
  return split.text === '' || (cut.isRest && pointsBelow(split.text)) ? whole : split;
}

function findCut(lines: readonly string[]): Cut | undefined {
  for (let line = 0; line < lines.length; line += 1) {
    const text = lines[line] ?? '';
    if (isForwardMarker(text)) return undefined;
    if (text.trim() === historyMark) return { line, content: line + 1, isRest: true };
    if (isOriginalMarker(text)) return { line: aboveRule(lines, line), content: line + 1, isRest: true };
    if (isQuote(text)) {
      if (isHistory(lines, line)) return { line, content: line, isRest: false };
      line = endOfQuotes(lines, line) - 1;
      continue;
    }
    const introduced = findIntroduction(lines, line);
    if (introduced) return introduced;
    const isApart = line === 0 || isBlank(lines[line - 1]) || isRule(lines[line - 1]);
    const header = isApart ? headerBlockLength(lines, line) : 0;
    if (header > 0) return { line: aboveRule(lines, line), content: line + header, isRest: true };
  }
  return undefined;
}

/**
 * "On … wrote:" may be broken into lines. Quotes come below it; or, where it names a mail address, the history as it was.
 */
function findIntroduction(lines: readonly string[], first: number): Cut | undefined {
  for (let last = first; last < first + longestIntroduction; last += 1) {
    if (isBlank(lines[last]) || isQuote(lines[last])) return undefined;
    if (!lines[last]?.trimEnd().endsWith(':')) continue;
    const content = skipBlank(lines, last + 1);
    if (content >= lines.length) return undefined;
    const isRest = !isQuote(lines[content]);
    const line = introductionStart(lines, { first, last, isRest });
    if (line !== undefined) return { line, content, isRest };
  }
  return undefined;
}

/** The last line that it can begin with: what stands above it, even without a blank line between, is new text. */
function introductionStart(
  lines: readonly string[],
  { first, last, isRest }: { first: number; last: number; isRest: boolean },
): number | undefined {
  let text = '';
  let start: number | undefined;
  let isEnd = true;
  for (let line = last; line >= first; line -= 1) {
    const added = lines[line]?.trim() ?? '';
    if (line < last && /[.!?…。！？]$/.test(added)) break;
    text = `${added} ${text}`.trim();
    const introduces = isRest
      ? isAttribution(text) && /<[^<>\s]+@[^<>\s]+>/.test(text)
      : isAttribution(text) || isTimed(text);
    if (!introduces) continue;
    if (isWholeAttribution(text)) return line;
    if (start !== undefined && !isEnd) continue;
    start = line;
    isEnd = isAttributionEnd(text);
  }
  return start;
}

/** History in quotes: only what has no new text below it, or nothing but new text, is surely history. */
function splitQuotes(lines: readonly string[], cut: Cut): SplitText {
  const above = lines.slice(0, cut.line);
  const quoteEnd = endOfQuotes(lines, cut.content);
  const below = lines.slice(quoteEnd);
  const isAnsweredAbove = above.some((line) => !isBlank(line));
  if (!below.some((line) => !isBlank(line))) return toSplit(above, lines.slice(cut.line));
  if (isAnsweredAbove && isFooter(below)) {
    return toSplit([...above, ...below], lines.slice(cut.line, quoteEnd));
  }
  if (!isAnsweredAbove && !below.some(isQuote)) return toSplit(below, lines.slice(cut.line, quoteEnd));
  const lastAnswer = lines.findLastIndex((line) => !isBlank(line) && !isQuote(line));
  return toSplit(lines.slice(0, lastAnswer + 1), lines.slice(lastAnswer + 1));
}

/** A line or two in quotes that nothing introduces may as well be what somebody writes now. */
function isHistory(lines: readonly string[], start: number): boolean {
  const quotes = lines.slice(start, endOfQuotes(lines, start)).filter(isQuote);
  return quotes.length >= fewestQuotes || quotes.some(isAttribution);
}

function endOfQuotes(lines: readonly string[], start: number): number {
  let end = start;
  for (let line = start; line < lines.length; line += 1) {
    if (isQuote(lines[line])) end = line + 1;
    else if (!isBlank(lines[line])) break;
  }
  return end;
}

/** A signature, or what a mailing list puts below every mail. */
function isFooter(lines: readonly string[]): boolean {
  const first = lines.find((line) => !isBlank(line)) ?? '';
  return (/^--\s*$/.test(first) || /^[_-]{10,}\s*$/.test(first)) && !lines.some(isQuote);
}

function toSplit(text: readonly string[], quoted: readonly string[]): SplitText {
  const history = clean(quoted);
  return { text: clean(text), ...(history === '' ? {} : { quoted: history }) };
}

function clean(lines: readonly string[]): string {
  return lines.join('\n').replaceAll(historyMark, '').trim();
}

/** A line of underscores above the history belongs to it. */
function aboveRule(lines: readonly string[], line: number): number {
  for (let above = line - 1; above >= Math.max(0, line - 3); above -= 1) {
    if (isRule(lines[above])) return above;
    if (!isBlank(lines[above])) return line;
  }
  return line;
}

function skipBlank(lines: readonly string[], start: number): number {
  let line = start;
  while (line < lines.length && line < start + 3 && isBlank(lines[line])) line += 1;
  return line;
}

/** Not `>From`, which is what mailboxes make of a line that begins with From. */
function isQuote(line: string | undefined): boolean {
  return /^>(?!From )/.test(line ?? '');
}

function isRule(line: string | undefined): boolean {
  return /^\s*[_-]{5,200}\s*$/.test(line?.slice(0, 210) ?? '');
}

function isBlank(line: string | undefined): boolean {
  return (line ?? '').trim() === '';
}
