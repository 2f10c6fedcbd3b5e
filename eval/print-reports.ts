import type { SummariesReport } from './summaries-report.ts';

const percent = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;
const hundredths = (share: number): string => (share * 100).toFixed(1);

/** What is told of a report, a row each. */
const rows: Readonly<Record<string, (report: SummariesReport) => string>> = {
  model: ({ model }) => model,
  'version of prompts': ({ version }) => version ?? '–',
  dialogues: ({ dialogues }) => String(dialogues),
  'ROUGE-1': ({ rouge }) => hundredths(rouge.one),
  'ROUGE-2': ({ rouge }) => hundredths(rouge.two),
  'ROUGE-L': ({ rouge }) => hundredths(rouge.longest),
  'ROUGE-1/2/L of the first three turns': ({ leadRouge: { one, two, longest } }) =>
    [one, two, longest].map(hundredths).join('/'),
  sentences: ({ sentences }) => String(sentences.written),
  '… citing messages that there are': ({ sentences }) => percent(sentences.citedRightly, sentences.written),
  '… supported by what they cite': ({ sentences }) => percent(sentences.supported, sentences.written),
  '… unsupported': ({ sentences }) => percent(sentences.unsupported, sentences.written),
  '… foreign to the dialogue': ({ sentences }) => percent(sentences.foreign, sentences.written),
  '… marked as unsupported': ({ sentences }) => percent(sentences.marked, sentences.written),
  'dropped of what the model wrote': ({ sentences: { dropped, written } }) =>
    dropped === null ? '–' : percent(dropped, dropped + written),
  'calls per dialogue': ({ usage, dialogues }) => mean(usage.calls, dialogues, 2),
  'input tokens per dialogue': ({ usage, dialogues }) => mean(usage.inputTokens, dialogues, 0),
  'output tokens per dialogue': ({ usage, dialogues }) => mean(usage.outputTokens, dialogues, 0),
  'US dollars per 1,000 dialogues': ({ dollars, dialogues }) =>
    dollars === null ? '–' : mean(dollars * 1_000, dialogues, 2),
  failed: ({ failures }) =>
    Object.entries(failures)
      .map(([code, count]) => `${count} ${code}`)
      .join(', ') || 'none',
  'seconds, 8 at once': ({ seconds }) => seconds.toFixed(1),
};

/** Prints reports beside each other. */
export function printReports(reports: readonly SummariesReport[]): void {
  const table = Object.entries(rows).map(([name, tell]) => [name, ...reports.map(tell)]);
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  for (const row of table) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    console.log(`  ${cells.join('   ')}`);
  }
}

function mean(sum: number, count: number, digits: number): string {
  return (sum / Math.max(1, count)).toFixed(digits);
}
