import { nonProse } from './replace-pieces.ts';

/** Tells languages apart; every answer is ISO 639-1, or `und` when it cannot be told. */
export interface LanguageIdentifier {
  /** The language most of these texts are written in. */
  ofConversation(texts: readonly string[]): string;
  /** The language of one text; `prior`, the conversation's language, decides about short and doubtful ones. */
  ofMessage(text: string, prior: string): string;
}

/** The detector reads no more of a text than this, in UTF-16 units. */
const sampleLength = 1000;
/** Spread over the conversation, so that a long one costs no more than a short one. */
const samples = 12;
/** With fewer letters of the Latin alphabet the prior is the better guess: measured on 26 languages. */
const fewLetters = 12;
/** By how much a language must outscore the prior; scores are no probabilities, only comparable within one text. */
const lead = 0.08;

let identifier: Promise<LanguageIdentifier> | undefined;

/** Loads the detector when it is first needed, once per process. */
export const loadLanguageIdentifier = (): Promise<LanguageIdentifier> => {
  identifier ??= createLanguageIdentifier();
  return identifier;
};

async function createLanguageIdentifier(): Promise<LanguageIdentifier> {
  const { eld } = await import('eld/extrasmall');
  return {
    ofConversation(texts) {
      const totals = new Map<string, number>();
      for (const sample of takeSamples(texts)) {
        const result = eld.detect(sample);
        if (isTooLittle(sample) && !result.isReliable()) continue;
        for (const [language, score] of Object.entries(result.getScores())) {
          totals.set(language, (totals.get(language) ?? 0) + score * sample.length);
        }
      }
      const [best] = [...totals].sort((one, other) => other[1] - one[1]);
      return best?.[0] ?? 'und';
    },
    ofMessage(text, prior) {
      const prose = proseOf(text);
      if (prior !== 'und' && isTooLittle(prose)) return prior;
      const result = eld.detect(prose);
      if (result.language === '' || (isTooLittle(prose) && !result.isReliable())) return prior;
      const scores = result.getScores();
      return (scores[result.language] ?? 0) - (scores[prior] ?? 0) >= lead ? result.language : prior;
    },
  };
}

const proseOf = (text: string): string => text.slice(0, 2 * sampleLength).replace(nonProse, ' ');

const isTooLittle = (text: string): boolean =>
  !/[^\p{sc=Latin}\P{L}]/u.test(text) && text.replace(/\P{L}/gu, '').length < fewLetters;

function takeSamples(texts: readonly string[]): string[] {
  const all: string[] = [];
  let sample = '';
  for (const text of texts) {
    sample += `${proseOf(text)} `;
    if (sample.length < sampleLength) continue;
    all.push(sample.slice(0, sampleLength));
    sample = '';
  }
  if (sample.trim() !== '') all.push(sample);
  const step = Math.max(1, all.length / samples);
  return Array.from(
    { length: Math.min(samples, all.length) },
    (_, index) => all[Math.floor(index * step)] ?? '',
  );
}
