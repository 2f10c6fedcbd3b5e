// Letters of the same script that a language does not have.
const neverWritten: Readonly<Record<string, RegExp>> = {
  ru: /[іїєґўјљњћђџѓќѕ]/u,
  uk: /[ыэёъўјљњћђџѓќѕ]/u,
  be: /[иъїєґјљњћђџѓќѕщ]/u,
  bg: /[ыэёіїєґўјљњћђџѓќѕ]/u,
  sr: /[йщъыьэюяёіїєґўѓќѕ]/u,
  ar: /[پچژگٹڈڑےںڕڵێۆ]/u,
  fa: /[ٹڈڑےںڕڵێۆ]/u,
  ur: /[ڕڵێۆ]/u,
};

/** Whether a text in lower case may be in this language, going by its letters. */
export const canBeWrittenIn = (text: string, language: string): boolean =>
  neverWritten[language]?.test(text) !== true;

const wordsOf = (words: string): RegExp => {
  const list = words.trim().split(/\s+/u).join('|');
  return new RegExp(`(?<![\\p{L}\\p{M}])(?:${list})(?![\\p{L}\\p{M}])`, 'gu');
};

// Everyday words of grammar that the other language of the pair does not have.
const hindi = wordsOf('है हैं था थे थी के को में से और कि यह वह नहीं इस कर लिए भी');
const marathi = wordsOf('आहे आहेत आणि मध्ये होते होता होती नाही हे या त्या केले साठी असे मी काही झाले');
const malay = wordsOf(
  'kerana sahaja ialah awak nak hendak sila encik puan wang syarikat telefon tiada manakala mahu khabar',
);
const indonesian = wordsOf(
  'karena bisa saja mau uang telepon kabar nggak enggak gak banget kapan silakan perusahaan kantor mobil',
);

const countOf = (text: string, words: RegExp): number => text.match(words)?.length ?? 0;

/**
 * Corrects the detector where it knows one of two neighbours badly: it takes much Hindi for Marathi, and has learnt
 * Malay but not Indonesian, which far more people write. `text` is in lower case.
 */
export function tellNeighbours(text: string, language: string): string {
  if (language === 'hi' || language === 'mr') {
    const lead = countOf(text, hindi) - countOf(text, marathi);
    if (lead === 0) return language;
    return lead > 0 ? 'hi' : 'mr';
  }
  if (language === 'ms' || language === 'id') {
    return countOf(text, malay) > countOf(text, indonesian) ? 'ms' : 'id';
  }
  return language;
}
