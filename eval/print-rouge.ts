import { readFileSync } from 'node:fs';
import { createOfflineModel } from '../src/shared/models/offline/offline-model.ts';
import type { Conversation } from '../src/shared/transcripts/conversation.ts';
import { averageRouge, countRouge, type Rouge } from './count-rouge.ts';
import { parseDialogues } from './parse-dialogues.ts';

/** Prints how near the offline summary comes to those that people wrote, beside the first three turns. */
export async function printRouge(file: string): Promise<void> {
  const dialogues = parseDialogues(readFileSync(file, 'utf8'));
  const model = createOfflineModel();
  const summarize = async (conversation: Conversation): Promise<string> =>
    (await model.summarize(conversation)).summary.map(({ text }) => text).join(' ');

  for (const { conversation } of dialogues.slice(0, 50)) await summarize(conversation);
  const started = performance.now();
  const summaries: string[] = [];
  for (const { conversation } of dialogues) summaries.push(await summarize(conversation));
  const milliseconds = (performance.now() - started) / Math.max(1, dialogues.length);

  const offline = dialogues.map(({ references }, index) => bestOf(references, summaries[index] ?? ''));
  const lead = dialogues.map(({ references, lead }) => bestOf(references, lead));
  console.log('ROUGE F1                1      2      L');
  console.log(`offline summary   ${format(averageRouge(offline))}`);
  console.log(`first three turns ${format(averageRouge(lead))}`);
  console.log(`${dialogues.length} dialogues, ${milliseconds.toFixed(1)} ms each`);
}

function bestOf(references: readonly string[], candidate: string): Rouge {
  return references
    .map((reference) => countRouge(reference, candidate))
    .reduce((one, other) => (other.one > one.one ? other : one));
}

function format({ one, two, longest }: Rouge): string {
  return [one, two, longest].map((figure) => (figure * 100).toFixed(1).padStart(7)).join('');
}
