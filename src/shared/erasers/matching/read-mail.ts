import { charsetsIn, decodeBytes, knownName } from './decode-bytes.ts';
import { readHexadecimal } from './read-escapes.ts';
import { blockView, rewrite, type View } from './view.ts';

const softBreak = /=[ \t]{0,3}\r?\n/g;
const quotedByte = /=[0-9a-f]{2}/gi;
/** `=?utf-8?B?…?=`; white space between two of them is no space. */
const encodedWord =
  /=\?([\w.:-]{1,40})(?:\*[\w-]{1,20})?\?([bq])\?([^?\s]{0,2000})\?=(?:[ \t\r\n]{1,20}(?==\?))?/gi;

/**
 * A raw mail as its readers see it: lines joined, bytes and the words of headers decoded. One view for each charset that it
 * names, so that none has to be guessed; none where nothing is encoded.
 */
export function readMail(source: View): View[] {
  if (!source.text.includes('=')) return [];
  const headed = rewrite(source, encodedWord, ([, charset = '', kind = '', word = '']) =>
    decodeWord(word, kind, charset),
  );
  const joined = rewrite(headed ?? source, softBreak, () => '') ?? headed;
  const base = joined ?? source;
  const decoded = readHexadecimal(base, quotedByte) ?? joined;
  const charsets = charsetsIn(source.text).flatMap((charset) => readWhole(base, charset) ?? []);
  return decoded ? [decoded, ...charsets] : charsets;
}

/** In charsets of several bytes the second one may look like a letter: only the whole can be decoded. */
function readWhole(source: View, charset: string): View | undefined {
  const bytes = source.text.replaceAll(quotedByte, (byte) =>
    String.fromCharCode(Number.parseInt(byte.slice(1), 16)),
  );
  const text = decodeBytes(Buffer.from(bytes, 'latin1'), charset);
  return text === source.text ? undefined : blockView(source, [0, source.text.length], text);
}

function decodeWord(word: string, kind: string, charset: string): string | undefined {
  const known = knownName(charset);
  if (known === undefined) return undefined;
  if (kind.toLowerCase() === 'b') return decodeBytes(Buffer.from(word, 'base64'), known);
  const bytes = word
    .replaceAll('_', ' ')
    .replaceAll(quotedByte, (byte) => String.fromCharCode(Number.parseInt(byte.slice(1), 16)));
  return decodeBytes(Buffer.from(bytes, 'latin1'), known);
}
