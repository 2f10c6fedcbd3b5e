import { findEverydayLanguage } from './everyday-words.ts';
import { areWrittenAlike } from './find-script.ts';
import { confidenceIn, loneLead, strongLead } from './language-confidence.ts';
import { leadOver, type Ranking, rankLanguages } from './rank-languages.ts';
import { nonProse } from './replace-pieces.ts';

/** A language, ISO 639-1 or `und`, and the share of such answers that are right, where somebody measured it. */
export interface ToldLanguage {
  code: string;
  confidence?: number;
}

/** Tells languages apart; every answer is ISO 639-1, or `und` when it cannot be told. */
export interface LanguageIdentifier {
  /** The language most of these texts are written in. */
  ofConversation(texts: readonly string[]): string;
  /** The language of one text; `prior`, the conversation's language, decides about short and doubtful ones. */
  ofMessage(text: string, prior: string): string;
  /** The same, and what the answer is worth. A text without letters is `und` in every conversation. */
  tell(text: string, prior?: string): ToldLanguage;
}

/** The detector reads no more of a text than this, in UTF-16 units. */
const sampleLength = 1000;
/** Spread over the conversation, so that a long one costs no more than a short one. */
const samples = 12;
/** With fewer letters, only strong evidence says anything about a conversation. */
const fewLetters = 12;
/** Up to so many letters' worth, Chinese characters alone may as well be Japanese. */
const fewSigns = 24;
/** So many words may be known by heart. */
const mostEverydayWords = 3;

let identifier: Promise<LanguageIdentifier> | undefined;

/** Loads the detector when it is first needed, once per process. */
export const loadLanguageIdentifier = (): Promise<LanguageIdentifier> => {
  identifier ??= createLanguageIdentifier();
  return identifier;
};

async function createLanguageIdentifier(): Promise<LanguageIdentifier> {
  const { eld } = await import('eld/extrasmall');
  const rank = (prose: string): Ranking => rankLanguages(prose, (text) => eld.detect(text).getScores());
  const tell = (text: string, prior = 'und'): ToldLanguage => {
    const prose = proseOf(text).slice(0, sampleLength);
    return tellFrom(rank(prose), prose, prior);
  };
  return {
    tell,
    ofMessage(text, prior) {
      const { code } = tell(text, prior);
      return code === 'und' ? prior : code;
    },
    ofConversation(texts) {
      const totals = new Map<string, number>();
      for (const sample of takeSamples(texts)) {
        const ranking = rank(sample);
        if (ranking.letters < fewLetters && leadOver(ranking) < strongLead) continue;
        for (const { code, score } of ranking.candidates) {
          totals.set(code, (totals.get(code) ?? 0) + score * ranking.letters);
        }
      }
      const [best] = [...totals].sort((one, other) => other[1] - one[1]);
      return best?.[0] ?? 'und';
    },
  };
}

function tellFrom(ranking: Ranking, prose: string, prior: string): ToldLanguage {
  const code = ranking.candidates[0]?.code ?? 'und';
  if (ranking.byScript) {
    const mayBeJapanese = code === 'zh' && prior === 'ja' && ranking.letters <= fewSigns;
    return mayBeJapanese ? { code: prior } : claim(code, confidenceIn(code, 'script'));
  }
  const lead = leadOver(ranking);
  const isAlone = ranking.words <= 1;
  const own = claim(code, isAlone ? undefined : confidenceIn(code, lead));
  if (areWrittenAlike(prior, code)) {
    const isStrong = leadOver(ranking, prior) >= strongLead && !isAlone;
    return isStrong || (code === prior && lead >= strongLead) ? own : { code: prior };
  }
  const everyday = ranking.words <= mostEverydayWords ? findEverydayLanguage(prose) : undefined;
  if (everyday !== undefined) return everyday === code ? own : { code: everyday };
  return isAlone && lead < loneLead ? { code: 'und' } : own;
}

/** A confidence that nobody measured is left out. */
const claim = (code: string, confidence: number | undefined): ToldLanguage =>
  confidence === undefined ? { code } : { code, confidence };

/** What the detector is to read: links, code and the like are in no language. */
const proseOf = (text: string): string => text.slice(0, 2 * sampleLength).replace(nonProse, ' ');

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
