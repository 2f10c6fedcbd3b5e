import { readFileSync } from 'node:fs';
import { createOfflineModel } from '../src/shared/models/offline/offline-model.ts';
import { measureSummaries } from './measure-summaries.ts';
import { parseDialogues } from './parse-dialogues.ts';
import { printRougeTable } from './rouge-table.ts';

/** Prints how near the offline summary comes to those that people wrote, beside the first three turns. */
export async function printRouge(file: string): Promise<void> {
  const dialogues = parseDialogues(readFileSync(file, 'utf8'));
  const model = createOfflineModel();
  await measureSummaries(dialogues.slice(0, 50), { model, concurrency: 1 });
  const { rouge, leadRouge, seconds } = await measureSummaries(dialogues, { model, concurrency: 1 });
  printRougeTable({ 'offline summary': rouge, 'first three turns': leadRouge });
  const milliseconds = (seconds * 1_000) / Math.max(1, dialogues.length);
  console.log(`${dialogues.length} dialogues, ${milliseconds.toFixed(1)} ms each`);
}
