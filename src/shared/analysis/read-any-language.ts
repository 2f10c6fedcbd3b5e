import { nonProse, replacePieces } from './replace-pieces.ts';
import type { Sentence, SentenceReader } from './sentence.ts';

const readers = new Map<string, SentenceReader>();

/** Splits text of any language by the Unicode rules the runtime brings; words have no part of speech. */
export function sentenceReaderFor(language: string): SentenceReader {
  const known = readers.get(language);
  if (known) return known;
  // The runtime would take `und` for the language of the machine.
  const locale = language === 'und' ? 'en' : language;
  const sentenceSegmenter = new Intl.Segmenter(locale, { granularity: 'sentence' });
  const wordSegmenter = new Intl.Segmenter(locale, { granularity: 'word' });

  const readSentences: SentenceReader = (line) => {
    // A private-use character is no word, no letter and no end of a sentence.
    const plain = replacePieces(line, nonProse, () => '\uE000');
    const sentences: Sentence[] = [];
    for (const { segment, index } of sentenceSegmenter.segment(plain.text)) {
      const start = plain.originOf(index, 'start');
      const end = plain.originOf(index + segment.trimEnd().length, 'end');
      if (end <= start) continue;
      sentences.push({ start, end, text: line.slice(start, end), words: readWords(segment, wordSegmenter) });
    }
    return sentences;
  };
  readers.set(language, readSentences);
  return readSentences;
}

function readWords(sentence: string, segmenter: Intl.Segmenter): Sentence['words'] {
  const words: Sentence['words'] = [];
  let afterBreak = true;
  for (const { segment, isWordLike } of segmenter.segment(sentence)) {
    if (isWordLike) {
      const kind = /^\p{N}/u.test(segment) ? 'number' : 'other';
      words.push({ text: segment, stem: segment.toLowerCase(), kind, afterBreak });
      afterBreak = false;
    } else if (segment.trim() !== '') {
      afterBreak = true;
    }
  }
  return words;
}
