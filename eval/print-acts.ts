import { readFileSync } from 'node:fs';
import { acts, type Judged, judgeMessages, measureAct, parseMessages, shareRight } from './measure-acts.ts';

const percent = (share: number): string => (Number.isNaN(share) ? '–' : (share * 100).toFixed(0)).padStart(4);

/** Prints precision and recall of each act by language, for messages that rules were made by and for those held out. */
export async function printActs(): Promise<void> {
  const messages = parseMessages(readFileSync(new URL('acts.jsonl', import.meta.url), 'utf8'));
  const judged = await judgeMessages(messages);
  for (const [split, title] of [
    ['dev', 'that rules were made by'],
    ['test', 'held out'],
  ]) {
    const part = judged.filter((message) => message.split === split);
    console.log(`\nActs: ${part.length} messages ${title}; precision and recall, %`);
    console.log(`            lines right${acts.map((act) => act.padStart(11)).join('')}`);
    const languages = [...new Set(part.map(({ language }) => language))];
    for (const language of languages)
      printRow(
        language,
        part.filter((message) => message.language === language),
      );
    printRow('all', part);
  }
  console.log('\nWrong among those that rules were made by:');
  for (const { act, found, text } of judged.filter((one) => one.split === 'dev' && one.act !== one.found)) {
    console.log(`  ${act}, taken for ${found ?? 'nothing'}: ${text}`);
  }
}

function printRow(name: string, judged: readonly Judged[]): void {
  const figures = acts
    .map((act) => measureAct(judged, act))
    .map(({ precision, recall }) => `  ${percent(precision)} ${percent(recall)}`);
  console.log(
    `  ${name.padEnd(8)}${String(judged.length).padStart(7)}${percent(shareRight(judged)).padStart(6)}${figures.join('')}`,
  );
}
