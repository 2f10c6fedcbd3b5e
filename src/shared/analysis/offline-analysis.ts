import { setImmediate as othersRan } from 'node:timers/promises';
import { recogniseAct } from './acts/recognise-act.ts';
import type { AnalysisModel, TextAnalysis, TextToAnalyse } from './analysis-model.ts';
import { describeIntent } from './describe-intent.ts';
import { findKeyPhrases } from './find-key-phrases.ts';
import { type LanguageIdentifier, loadLanguageIdentifier, type ToldLanguage } from './identify-language.ts';
import { sentenceReaderFor } from './read-any-language.ts';
import { loadEnglishReader } from './read-english.ts';
import { readText } from './read-text.ts';
import { isPleasantry } from './recognise-pleasantry.ts';

const mostPhrases = 5;
/** An answer that is wrong more often does not choose the rules alone. */
const fairConfidence = 0.9;

/**
 * Reads texts by rule, without a language model and without a network: it quotes and never rewrites. The same text is
 * always read alike. The process serves others between two texts.
 */
export const createOfflineAnalysis = (): AnalysisModel => ({
  method: 'extract',
  async analyse(texts, { signal } = {}) {
    const identifier = await loadLanguageIdentifier();
    const readings: TextAnalysis[] = [];
    for (const text of texts) {
      await othersRan();
      signal?.throwIfAborted();
      readings.push(await analyseText(text, identifier));
    }
    return readings;
  },
});

async function analyseText(
  { text, sender, prior }: TextToAnalyse,
  identifier: LanguageIdentifier,
): Promise<TextAnalysis> {
  const language = identifier.tell(text, prior);
  const reader = language.code === 'en' ? await loadEnglishReader() : sentenceReaderFor(language.code);
  const { sentences } = readText(text, reader);
  const recognised = recogniseAct(
    sentences.map((sentence) => sentence.text),
    isFair(language) ? language.code : undefined,
  );
  const intent = recognised && describeIntent(recognised);
  const names = new Set((sender ?? '').toLowerCase().split(/[^\p{L}\p{N}]+/u));
  const substance = sentences.filter((sentence) => !isPleasantry(sentence, names));
  const phrases = findKeyPhrases(
    substance.map(({ words }) => ({ language: language.code, words })),
    mostPhrases,
    names,
  );
  return {
    language,
    ...(recognised === undefined ? {} : { act: recognised.act }),
    ...(intent === undefined ? {} : { intent }),
    keyPhrases: phrases.map((phrase) => phrase.text),
  };
}

const isFair = ({ code, confidence = 1 }: ToldLanguage): boolean =>
  code !== 'und' && confidence >= fairConfidence;
