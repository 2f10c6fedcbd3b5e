import { charsetsIn, decodeBytes } from './decode-bytes.ts';
import { blockView, type View } from './view.ts';

/** Shorter ones say nothing that would be found: a phone number takes 16. */
const fewest = 16;
/** From here on a line may go on in the next one. */
const longLine = 40;

const isBase64 = new Uint8Array(128);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_') {
  isBase64[character.charCodeAt(0)] = 1;
}

/** Texts within a text that are written as Base64, of whatever alphabet and with lines of whatever length. */
export function* readBase64(source: View): Generator<View> {
  let charsets: string[] | undefined;
  for (const [start, end] of blocks(source.text)) {
    const bytes = Buffer.from(source.text.slice(start, end), 'base64');
    if (isWide(bytes)) yield blockView(source, [start, end], bytes.toString('utf16le'));
    else if (isText(bytes)) {
      charsets ??= charsetsIn(source.text);
      for (const charset of ['utf-8', ...charsets]) {
        yield blockView(source, [start, end], decodeBytes(bytes, charset));
      }
    }
  }
}

/** Looks at every sixteenth character first: most texts have none of what is looked for. */
function* blocks(text: string): Generator<[start: number, end: number]> {
  for (let at = 0; at + fewest <= text.length; ) {
    if (!isAt(text, at + fewest - 1)) {
      at += fewest;
      continue;
    }
    let start = at + fewest - 1;
    while (start > at && isAt(text, start - 1)) start -= 1;
    let end = at + fewest;
    for (let line = start; ; ) {
      while (isAt(text, end)) end += 1;
      const next = end - line >= longLine ? afterBreak(text, end) : end;
      if (next === end || !isAt(text, next)) break;
      line = next;
      end = next;
    }
    if (end - start >= fewest) yield [start, end];
    // The character behind the end is none of them.
    at = Math.max(end, at + 1);
  }
}

function isAt(text: string, at: number): boolean {
  return isBase64[text.charCodeAt(at)] === 1;
}

function afterBreak(text: string, at: number): number {
  let next = at;
  if (text.charCodeAt(next) === 0x0d) next += 1;
  if (text.charCodeAt(next) !== 0x0a) return at;
  next += 1;
  return text.charCodeAt(next) === 0x20 ? next + 1 : next;
}

/** Whatever is no text has characters that nobody writes among its first ones: one in eight. */
function isText(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 256);
  let controls = 0;
  for (const byte of head) {
    if ((byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x1b) || byte === 0x7f) {
      controls += 1;
    }
  }
  return controls * 50 <= head.length;
}

/** UTF-16, where every second byte of most texts is 0. */
function isWide(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 256);
  let zeros = 0;
  for (let at = 1; at < head.length; at += 2) if (head[at] === 0) zeros += 1;
  return head.length >= 8 && zeros * 3 > head.length;
}
