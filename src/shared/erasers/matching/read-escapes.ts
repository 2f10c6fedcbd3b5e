import { decodeBytes } from './decode-bytes.ts';
import { openBuilder, rewrite, type View } from './view.ts';

const jsonEscape = /\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))/g;
const controls: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** What stands in the strings of a JSON text; undefined where nothing is escaped. */
export function readJson(source: View): View | undefined {
  if (!source.text.includes('\\')) return undefined;
  return rewrite(source, jsonEscape, ([, code, character = '']) =>
    code === undefined ? (controls[character] ?? character) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

const percent = /%[0-9a-f]{2}/gi;
const tilde = /~[0-9a-f]{2}/g;

/** Addresses and names of blobs as they were before they were encoded, `%2B` or `~2b`; undefined where none is. */
export function readNames(source: View): View | undefined {
  const decoded = source.text.includes('%') ? readHexadecimal(source, percent) : undefined;
  const base = decoded ?? source;
  return (base.text.includes('~') ? readHexadecimal(base, tilde) : undefined) ?? decoded;
}

/** Exchanges every row of bytes that are written as a sign and two hexadecimal digits. */
export function readHexadecimal(source: View, pattern: RegExp, charset = 'utf-8'): View | undefined {
  const { text } = source;
  const builder = openBuilder(source);
  let bytes: number[] = [];
  let start = 0;
  let end = -1;
  const close = (): void => {
    if (bytes.length > 0) builder.replace(start, end, decodeBytes(Uint8Array.from(bytes), charset));
    bytes = [];
  };
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    if (match.index !== end) {
      close();
      start = match.index;
    }
    end = match.index + match[0].length;
    bytes.push(Number.parseInt(text.slice(end - 2, end), 16));
  }
  close();
  return builder.view();
}
