import { groundsOf } from '../src/shared/grounding/grounds.ts';
import type { Dialogue } from './parse-dialogues.ts';

/** Of summaries: how many there are, and how many of them nothing was found to be wrong with. */
export interface Passed {
  all: number;
  passed: number;
}

export interface GroundingFigures {
  /** Those that people wrote of the conversation, as a whole and by sentences. */
  own: Passed;
  ownSentences: Passed;
  /** Those of the next conversation of the file. */
  foreign: Passed;
  foreignSentences: Passed;
}

/** Judges every summary with all messages cited: of its own conversation, and of the next one. */
export function measureGrounding(dialogues: readonly Dialogue[]): GroundingFigures {
  const none = (): Passed => ({ all: 0, passed: 0 });
  const figures = { own: none(), ownSentences: none(), foreign: none(), foreignSentences: none() };
  const judge = (
    dialogue: Dialogue,
    summaries: readonly string[],
    whole: Passed,
    sentences: Passed,
  ): void => {
    const grounds = groundsOf(dialogue.conversation);
    const cites = dialogue.conversation.messages.map(({ id }) => id);
    for (const summary of summaries) {
      const supported = split(summary).map((text) => grounds.check({ text, cites }) === 'supported');
      whole.all += 1;
      sentences.all += supported.length;
      sentences.passed += supported.filter((isSupported) => isSupported).length;
      if (supported.every((isSupported) => isSupported)) whole.passed += 1;
    }
  };
  for (const [place, dialogue] of dialogues.entries()) {
    const next = dialogues[(place + 1) % dialogues.length];
    judge(dialogue, dialogue.references, figures.own, figures.ownSentences);
    if (next && next !== dialogue)
      judge(dialogue, next.references, figures.foreign, figures.foreignSentences);
  }
  return figures;
}

const split = (summary: string): string[] =>
  [...new Intl.Segmenter('en', { granularity: 'sentence' }).segment(summary)]
    .map(({ segment }) => segment.trim())
    .filter((sentence) => sentence !== '');
