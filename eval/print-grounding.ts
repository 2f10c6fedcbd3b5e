import { readFileSync } from 'node:fs';
import { measureGrounding, type Passed } from './measure-grounding.ts';
import { parseDialogues } from './parse-dialogues.ts';

/** Prints how well the checks tell summaries of a conversation from those of another one. */
export async function printGrounding(file: string): Promise<void> {
  const figures = measureGrounding(parseDialogues(readFileSync(file, 'utf8')));
  const share = ({ passed, all }: Passed): string => `${((100 * passed) / Math.max(1, all)).toFixed(1)} %`;
  console.log('summaries that people wrote     whole   sentences');
  console.log(`of the conversation: pass      ${share(figures.own)}   ${share(figures.ownSentences)}`);
  console.log(
    `of the next one: pass           ${share(figures.foreign)}   ${share(figures.foreignSentences)}`,
  );
}
