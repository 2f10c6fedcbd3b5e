/** A way of writing, and the languages that Parley tells apart in it: ISO 639-1. */
export interface Script {
  languages: readonly string[];
  /** How much of a text is in it, in letters of an alphabet. */
  letters: number;
}

const alphabets: readonly (readonly [letters: RegExp, languages: string])[] = [
  [/\p{sc=Cyrillic}/gu, 'be bg ru sr uk'],
  [/\p{sc=Arabic}/gu, 'ar fa ku ur'],
  [/\p{sc=Devanagari}/gu, 'hi mr'],
  [/\p{sc=Greek}/gu, 'el'],
  [/\p{sc=Hebrew}/gu, 'he'],
  [/\p{sc=Thai}/gu, 'th'],
  [/\p{sc=Lao}/gu, 'lo'],
  [/\p{sc=Khmer}/gu, 'km'],
  [/\p{sc=Myanmar}/gu, 'my'],
  [/\p{sc=Georgian}/gu, 'ka'],
  [/\p{sc=Armenian}/gu, 'hy'],
  [/\p{sc=Ethiopic}/gu, 'am'],
  [/\p{sc=Bengali}/gu, 'bn'],
  [/\p{sc=Gujarati}/gu, 'gu'],
  [/\p{sc=Gurmukhi}/gu, 'pa'],
  [/\p{sc=Tamil}/gu, 'ta'],
  [/\p{sc=Telugu}/gu, 'te'],
  [/\p{sc=Kannada}/gu, 'kn'],
  [/\p{sc=Malayalam}/gu, 'ml'],
  [/\p{sc=Sinhala}/gu, 'si'],
];

const latin =
  'az ca cs da de en es et eu fi fr hr hu id is it ku lt lv ms nl no pl pt ro sk sl sq sv tl tr vi yo';
/** One sign of these says as much as some letters of an alphabet. */
const signWeight = 3;
/** Of Japanese text with kanji, at least so much is kana; a single の stands in Chinese names, too. */
const leastKana = 1 / 8;

/** The script that most of a text is in; undefined where it has no letters that Parley knows. */
export function findScript(text: string): Script | undefined {
  const count = (letters: RegExp): number => text.match(letters)?.length ?? 0;
  const found = [scriptOf(latin, count(/\p{sc=Latin}/gu))];
  if (/[^\p{sc=Latin}\P{L}]/u.test(text)) {
    for (const [letters, languages] of alphabets) found.push(scriptOf(languages, count(letters)));
    const kana = count(/[\p{sc=Hiragana}\p{sc=Katakana}]/gu);
    const han = count(/\p{sc=Han}/gu);
    const isJapanese = kana > (kana + han) * leastKana;
    found.push(scriptOf(isJapanese ? 'ja' : 'zh', (kana + han) * signWeight));
    found.push(scriptOf('ko', count(/\p{sc=Hangul}/gu) * signWeight));
  }
  const most = found.reduce((one, other) => (other.letters > one.letters ? other : one));
  return most.letters === 0 ? undefined : most;
}

const scriptOf = (languages: string, letters: number): Script => ({
  languages: languages.split(' '),
  letters,
});

/** Whether two languages share an alphabet, as far as Parley knows them. */
export const areWrittenAlike = (one: string, other: string): boolean =>
  [latin, ...alphabets.map(([, languages]) => languages)].some((languages) => {
    const list = languages.split(' ');
    return list.includes(one) && list.includes(other);
  });
