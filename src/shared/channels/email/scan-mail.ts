import { MalformedEvent } from '../channel.ts';

/** The parser takes about 7 µs and 1.4 kB for each line that it does not decode: those of an attached mail of 30 MB. */
const mostLines = 400_000;
const mostParts = 10_000;
export const longestHeaders = 512 * 1024;
/** Base64 comes in lines of 60 to 76 characters. */
const shortLine = 60;

const parameter = /\s*;\s*([\w*-]+)\s*=\s*(?:"([^"\\\r\n]*)"|([^\s;"()]+))/gy;

/** A mail or a part of one. Attached messages are one part, whatever is in them. */
export interface Part {
  /** The first byte of the headers, and the first of the body, behind the blank line. */
  start: number;
  bodyStart: number;
  /** Where the first part within it begins, or else what comes after it. */
  bodyEnd: number;
  /** As they stand, one character for each byte, and at most `longestHeaders` of them. */
  headers: string;
  /** The header Content-Type, if there is one: all of its lines. */
  type: string | undefined;
  /** What its body is encoded in, such as `base64`, in small letters. */
  encoding: string;
  /** Of a multipart: whether its boundary divides anything. Undefined for what is none, or names no boundary. */
  isDivided?: boolean;
  /** The multipart that it is a part of. */
  parent?: Part;
}

/** Finds the parts of a raw mail. Refuses with `MalformedEvent` what would take the parser too much time or memory. */
export function scanMail(raw: Buffer): Part[] {
  const parts: Part[] = [];
  /** Of the multiparts that are open, the innermost last. */
  const open: { boundary: string; part: Part }[] = [];
  let lines = 0;
  let dividers = 0;
  /** Where the headers begin that are being read; undefined within a body. */
  let start: number | undefined = 0;
  let last: Part | undefined;

  for (let line = 0, end = 0; line < raw.length; line = end + 1) {
    end = endOfLine(raw, line);
    const divider = dividerOf(raw, line, end, open);
    if (divider) {
      dividers += 1;
      if (dividers > mostParts) throw new MalformedEvent(`the mail has more than ${mostParts} parts`);
      if (last) last.bodyEnd = line;
      last = undefined;
      divider.part.isDivided = true;
      open.length = divider.isLast ? divider.depth - 1 : divider.depth;
      start = divider.isLast ? undefined : end + 1;
      continue;
    }
    if (last?.encoding !== 'base64' || end - line < shortLine) lines += 1;
    if (lines > mostLines) throw new MalformedEvent(`the mail has more than ${mostLines} lines`);
    if (start === undefined || !isBlank(raw, line, end)) continue;

    last = readPart(raw, {
      start,
      end: line,
      bodyStart: Math.min(end + 1, raw.length),
      parent: open.at(-1)?.part,
    });
    parts.push(last);
    start = undefined;
    const boundary = last.type && readBoundary(last.type);
    if (!boundary) continue;
    last.isDivided = false;
    open.push({ boundary, part: last });
  }
  if (start !== undefined) {
    parts.push(readPart(raw, { start, end: raw.length, bodyStart: raw.length, parent: open.at(-1)?.part }));
  }
  return parts;
}

function readPart(
  raw: Buffer,
  { end, ...place }: Pick<Part, 'start' | 'bodyStart' | 'parent'> & { end: number },
): Part {
  const { start } = place;
  const headers = raw.toString('latin1', start, Math.min(end, start + longestHeaders));
  const [, encoding = ''] = /^content-transfer-encoding[ \t]*:\s*([\w-]*)/im.exec(headers) ?? [];
  const [type] = /^content-type[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*/im.exec(headers) ?? [];
  return { ...place, bodyEnd: raw.length, headers, type, encoding: encoding.toLowerCase() };
}

function endOfLine(raw: Buffer, start: number): number {
  const end = raw.indexOf(10, start);
  return end < 0 ? raw.length : end;
}

function isBlank(raw: Buffer, start: number, end: number): boolean {
  return end === start || (end === start + 1 && raw[start] === 13);
}

/** The multipart, counted from the outermost, that a line divides or ends. */
function dividerOf(
  raw: Buffer,
  start: number,
  end: number,
  open: readonly { boundary: string; part: Part }[],
): { depth: number; part: Part; isLast: boolean } | undefined {
  if (raw[start] !== 45 || raw[start + 1] !== 45 || end - start > 300) return undefined;
  const line = raw.toString('latin1', start + 2, end).trimEnd();
  const index = open.findLastIndex(({ boundary }) => line === boundary || line === `${boundary}--`);
  const found = open[index];
  return found && { depth: index + 1, part: found.part, isLast: line !== found.boundary };
}

/** Read strictly: what is taken for a boundary and is none would let through what it should count. */
function readBoundary(contentType: string): string | undefined {
  const [, parameters] = /^[^:]*:\s*multipart\/[^\s;"()]+(.*)$/is.exec(contentType.slice(0, 2_000)) ?? [];
  const pairs = parameters === undefined ? [] : [...parameters.matchAll(parameter)];
  const isWhole = pairs.map(([pair]) => pair).join('') === parameters?.replace(/[\s;]+$/, '');
  const found = pairs.find(([, name]) => name?.toLowerCase() === 'boundary');
  return isWhole ? (found?.[2] ?? found?.[3])?.trimEnd() : undefined;
}
