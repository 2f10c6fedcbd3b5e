import { foldText } from './fold-text.ts';
import type { Sentence, SentenceReader } from './sentence.ts';

/** So much of one message is read, in UTF-16 units: what follows is hardly talk, and the time per message stays bounded. */
export const readLength = 12_000;

/** A text as one line, with its sentences; their positions are positions in that line. */
export interface ReadText {
  text: string;
  sentences: Sentence[];
}

/** Lines starting with `>` are someone else's words, sent back in a reply: they are not read as the sender's. */
export function readText(text: string, reader: SentenceReader): ReadText {
  const lines = joinWrapped(text.slice(0, readLength))
    .map(foldText)
    .filter((line) => line !== '');
  const sentences: Sentence[] = [];
  let offset = 0;
  for (const line of lines) {
    if (!line.startsWith('>')) {
      for (const sentence of reader(line)) {
        sentences.push({ ...sentence, start: sentence.start + offset, end: sentence.end + offset });
      }
    }
    offset += line.length + 1;
  }
  return { text: lines.join(' '), sentences };
}

/** A line that goes on in lower case was only wrapped; code stays one line. */
function joinWrapped(text: string): string[] {
  const lines: string[][] = [];
  for (const line of text
    .replace(/```.*?```/gsu, (code) => code.replace(/\s+/gu, ' '))
    .split(/\r\n|[\r\n\u2028\u2029]/u)) {
    const last = lines.at(-1);
    const isOpen =
      last !== undefined && !last[0]?.startsWith('>') && /[^\s.!?:>]\s*$/u.test(last.at(-1) ?? '');
    if (isOpen && /^\p{Ll}/u.test(line)) last.push(line);
    else lines.push([line]);
  }
  return lines.map((parts) => parts.join(' '));
}
