/** What a provider may call a language otherwise than Unicode does. */
const otherNames = { bengali: 'bn', farsi: 'fa', filipino: 'tl', tagalog: 'tl', mandarin: 'zh', oriya: 'or' };

let codes: ReadonlyMap<string, string> | undefined;

/**
 * ISO 639-1 for a language's English name, such as "English", "Chinese (Simplified)" or "Brazilian Portuguese", or for a
 * tag such as "pt-BR". Undefined for what is none.
 */
export function languageCode(name: string): string | undefined {
  const plain = toPlain(name);
  const tag = /^([a-z]{2})(?:[-_][a-z0-9]+)*$/.exec(plain)?.[1];
  codes ??= listCodes();
  const known = codes;
  if (tag !== undefined) return [...known.values()].includes(tag) ? tag : undefined;
  const withoutBrackets = plain.replace(/\s*\(.*$/, '');
  const names = [plain, withoutBrackets, withoutBrackets.split(' ').at(-1) ?? ''];
  return names.map((each) => known.get(each)).find((code) => code !== undefined);
}

/** The runtime knows the names of all languages; what it knows by three letters has no code of two. */
function listCodes(): Map<string, string> {
  const names = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  const listed = letters.flatMap((first) =>
    letters.flatMap((second): [string, string][] => {
      const code = new Intl.Locale(`${first}${second}`).language;
      const name = names.of(code);
      return name !== undefined && code.length === 2 ? [[toPlain(name), code]] : [];
    }),
  );
  return new Map([...Object.entries(otherNames), ...listed]);
}

function toPlain(name: string): string {
  return name.normalize('NFD').replaceAll(/\p{M}/gu, '').trim().toLowerCase();
}
