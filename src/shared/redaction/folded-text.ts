/** A text as a reader takes it: digits and letters of every width and script as plain ones, nothing that is not seen. */
export interface FoldedText {
  readonly text: string;
  /** Where the unit at this place of the folded text stands in the original; the length where it ends. */
  placeOf(index: number): number;
}

/** What is neither ASCII nor a letter or space that no rule looks at. */
const odd = /[\p{Cf}\p{M}\p{No}\u3000-\u303f\uff01-\uff5e\u2000-\u206f]|[^\0-\x7f](?<=\p{Nd}|\p{Pd}|\p{Zs})/u;
/** Spaces and line breaks as programs write them. */
const written = /%20|%0a|&nbsp;|&#(?:160|32|xa0|x20);|<br ?\/?>/giu;
const unseen = /[\p{Cf}\p{M}]/u;
const folded = new Map<string, string>();

/** In time that grows with the length alone; a text in which nothing is to be folded is taken as it is. */
export function foldCharacters(text: string): FoldedText {
  if (!odd.test(text) && text.search(written) < 0) return { text, placeOf: (index) => index };
  const parts: string[] = [];
  const places: number[] = [];
  let place = 0;
  const put = (plain: string, length: number): void => {
    for (let unit = 0; unit < plain.length; unit += 1) places.push(place);
    if (plain !== '') parts.push(plain);
    place += length;
  };
  const putAll = (piece: string): void => {
    for (const character of piece) put(foldCharacter(character), character.length);
  };
  for (const { 0: space, index } of text.matchAll(written)) {
    putAll(text.slice(place, index));
    put(' ', space.length);
  }
  putAll(text.slice(place));
  return { text: parts.join(''), placeOf: (index) => places[index] ?? text.length };
}

function foldCharacter(character: string): string {
  if (character < '\u0080') return character;
  const known = folded.get(character);
  if (known !== undefined) return known;
  const plain = learn(character);
  if (folded.size < 10_000) folded.set(character, plain);
  return plain;
}

function learn(character: string): string {
  if (unseen.test(character)) return '';
  if (/\p{Nd}/u.test(character)) return digitOf(character);
  if (/\p{Zs}|\p{Zl}|\p{Zp}/u.test(character)) return ' ';
  if (/[\p{Pd}\u2212\u00af]/u.test(character)) return '-';
  const plain = character.normalize('NFKC');
  // Only what becomes one plain sign: `½` and ligatures stay.
  return /^[\x21-\x7e]$/.test(plain) ? plain : character;
}

/** Digits of every script stand in a row from nought to nine. */
function digitOf(character: string): string {
  const plain = character.normalize('NFKC');
  if (/^\d$/.test(plain)) return plain;
  const code = character.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value += 1;
  return String(value);
}
