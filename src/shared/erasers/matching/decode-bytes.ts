/** As the charset says; where that is UTF-8 and the bytes are not, as Windows-1252, in which mails without a charset are. */
export function decodeBytes(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset, { fatal: charset === 'utf-8' }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

const named = /charset\s*=\s*"?([a-z0-9_.:-]{3,40})/gi;
/** More than that no mail has. */
const mostCharsets = 4;
/** What `decodeBytes` reads without being told. */
const usual = new Set(['utf-8', 'windows-1252']);

/** The charsets that a text names and that are not read anyway, by the names that the decoder has for them. */
export function charsetsIn(text: string): string[] {
  const found = new Set<string>();
  for (const [, name = ''] of text.matchAll(named)) {
    const known = knownName(name);
    if (known !== undefined && !usual.has(known)) found.add(known);
    if (found.size === mostCharsets) break;
  }
  return [...found];
}

/** Undefined where nobody can decode it. */
export function knownName(charset: string): string | undefined {
  try {
    return new TextDecoder(charset).encoding;
  } catch {
    return undefined;
  }
}
