import type { Analysis } from '../transcripts/entry.ts';

/** One text to read, in the words of whoever wrote it. */
export interface TextToAnalyse {
  text: string;
  /** The name of who wrote it: no topic of their own message. */
  sender?: string | undefined;
  /** The language that the text is probably in, ISO 639-1: it decides about short and doubtful texts. */
  prior?: string | undefined;
}

/** What reading a text came to; who read it is for whoever keeps it to say. */
export type TextAnalysis = Omit<Analysis, 'by'>;

/**
 * Reads texts: language, act, intent, key phrases. One reading for each text, in order; a text never changes another's.
 * Whether rules or a language model stand behind it, `method` tells. Only a language model translates.
 */
export interface AnalysisModel {
  method: 'extract' | 'model';
  /** Up to 100 texts at once. Throws the signal's reason once it is aborted. */
  analyse(
    texts: readonly TextToAnalyse[],
    options?: { signal?: AbortSignal | undefined },
  ): Promise<TextAnalysis[]>;
}
