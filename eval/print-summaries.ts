import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measureSummaries } from './measure-summaries.ts';
import { openConfiguredModel } from './open-configured-model.ts';
import { parseDialogues } from './parse-dialogues.ts';
import { printReports } from './print-reports.ts';
import { summariesReport } from './summaries-report.ts';

/** Dialogues at once. */
const concurrency = 8;

/** Summarizes a file of dialogues with the model that the settings name, prints what it came to and may keep it as JSON. */
export async function printSummaries(file: string, args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { json: { type: 'string' }, limit: { type: 'string' } } });
  const limit = readLimit(values.limit);
  const dialogues = parseDialogues(readFileSync(file, 'utf8')).slice(0, limit);
  const report = await measureSummaries(dialogues, { ...openConfiguredModel(), concurrency });
  printReports([report]);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
}

/** Prints two reports that were kept beside each other. */
export async function compareSummaries(file: string, [other]: string[]): Promise<void> {
  if (other === undefined) throw new Error('Two reports are needed: npm run eval -- compare a.json b.json');
  printReports([file, other].map((name) => summariesReport.parse(JSON.parse(readFileSync(name, 'utf8')))));
}

function readLimit(text: string | undefined): number | undefined {
  if (text === undefined || /^[1-9]\d*$/.test(text)) return text === undefined ? undefined : Number(text);
  throw new Error(`--limit must be a number of dialogues, such as 50, not "${text}".`);
}
