import { eld } from 'eld/extrasmall';
import { z } from 'zod';
import { loadLanguageIdentifier } from '../src/shared/analysis/identify-language.ts';
import { leadOver, rankLanguages } from '../src/shared/analysis/rank-languages.ts';
import { parseLines } from './parse-lines.ts';

/** A text and the language it is in, ISO 639-1. */
export interface Sample {
  language: string;
  text: string;
}

/** Of answers that claim about as much: how much they claim on average, and how many of how many are right. */
interface Bin {
  claimed: number;
  right: number;
  all: number;
}

export const parseSamples = (text: string): Sample[] =>
  parseLines(text, z.object({ lang: z.string(), text: z.string() }), 'text with its language').map(
    ({ lang, text }) => ({ language: lang, text }),
  );

/** Every other text is for fitting, so that the rest shows what the fit is worth. */
export const fittedOn = <Item>(items: readonly Item[]): Item[] => items.filter((_, index) => index % 2 === 0);
export const heldOut = <Item>(items: readonly Item[]): Item[] => items.filter((_, index) => index % 2 === 1);

/** The texts, their first 1, 2, 3 and 4 words, and joined with the next of the same language. */
export function varyLength(samples: readonly Sample[]): Sample[] {
  return samples.flatMap(({ language, text }, index) => {
    const words = text.split(/\s+/u);
    const cuts = [1, 2, 3, 4]
      .filter((length) => length < words.length)
      .map((length) => words.slice(0, length));
    const next = samples[index + 1];
    const joined = index % 3 === 0 && next?.language === language ? [`${text} ${next.text}`] : [];
    return [...cuts.map((cut) => cut.join(' ')), text, ...joined].map((text) => ({ language, text }));
  });
}

/** How often the answer is right; `wrong` has what was taken for what, most frequent first. */
export async function measureAnswers(
  samples: readonly Sample[],
): Promise<{ right: number; wrong: Map<string, number> }> {
  const identifier = await loadLanguageIdentifier();
  const wrong = new Map<string, number>();
  for (const { language, text } of samples) {
    const { code } = identifier.tell(text);
    if (code !== language)
      wrong.set(`${language} as ${code}`, (wrong.get(`${language} as ${code}`) ?? 0) + 1);
  }
  const mistakes = [...wrong.values()].reduce((sum, count) => sum + count, 0);
  return {
    right: 1 - mistakes / Math.max(1, samples.length),
    wrong: new Map([...wrong].sort((one, other) => other[1] - one[1])),
  };
}

/** What answers claim, in bins, beside how often they are right; and how many claim nothing. */
export async function measureConfidence(samples: readonly Sample[]): Promise<{ bins: Bin[]; silent: Bin }> {
  const identifier = await loadLanguageIdentifier();
  const bins = new Map<number, Bin>();
  const silent: Bin = { claimed: 0, right: 0, all: 0 };
  for (const { language, text } of samples) {
    const { code, confidence } = identifier.tell(text);
    const bin =
      confidence === undefined ? silent : (bins.get(confidence) ?? { claimed: confidence, right: 0, all: 0 });
    if (confidence !== undefined) bins.set(confidence, bin);
    bin.all++;
    if (code === language) bin.right++;
  }
  return { bins: [...bins.values()].sort((one, other) => one.claimed - other.claimed), silent };
}

/** The share of right answers by lead: what `language-confidence.ts` is made of. */
export function fitShares(samples: readonly Sample[], leads: readonly number[]): Bin[] {
  const bins = leads.map((claimed): Bin => ({ claimed, right: 0, all: 0 }));
  for (const { language, text } of samples) {
    const ranking = rankLanguages(text, (prose) => eld.detect(prose).getScores());
    const [first] = ranking.candidates;
    if (!first || ranking.byScript) continue;
    const bin = bins.findLast(({ claimed }) => claimed <= leadOver(ranking));
    if (!bin) continue;
    bin.all++;
    if (first.code === language) bin.right++;
  }
  return bins;
}
