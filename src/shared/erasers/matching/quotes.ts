/** A part of a text that is marked as a quote: what stands behind `>` on a line, or between quotation marks. */
export interface Quote {
  start: number;
  end: number;
}

const quotedLine = /^[ \t]{0,20}(?:>[ \t]{0,4}){1,20}/;

/** The lines that begin with `>`, each without that. */
export function quotedLines(text: string): Quote[] {
  const found: Quote[] = [];
  if (!text.includes('>')) return found;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const [mark] = quotedLine.exec(text.slice(start, Math.min(end, start + 200))) ?? [];
    if (mark) found.push({ start: start + mark.length, end: trimEnd(text, end) });
    start = end + 1;
  }
  return found;
}

const closers = new Map([
  ['"', '"'],
  ['“', '”'],
  ['„', '“”'],
  ['”', '”'],
  ['«', '»'],
  ['»', '«'],
  ['「', '」'],
  ['『', '』'],
  ['‹', '›'],
]);
const anyMark = /["“„”«»「」『』‹›]|\n[ \t\r]*\n/g;
const longestQuotation = 600;

/** What stands between quotation marks of one paragraph. */
export function quotations(text: string): Quote[] {
  const found: Quote[] = [];
  let open: { closer: string; start: number } | undefined;
  anyMark.lastIndex = 0;
  for (let match = anyMark.exec(text); match; match = anyMark.exec(text)) {
    const [mark] = match;
    const place = match.index;
    const isNear = open !== undefined && place - open.start <= longestQuotation;
    if (open && isNear && open.closer.includes(mark)) {
      if (place > open.start) found.push({ start: open.start, end: place });
      open = undefined;
    } else if (!isNear || mark.startsWith('\n')) {
      const closer = closers.get(mark);
      open = closer === undefined ? undefined : { closer, start: place + 1 };
    }
  }
  return found;
}

function trimEnd(text: string, end: number): number {
  return text.charCodeAt(end - 1) === 0x0d ? end - 1 : end;
}
