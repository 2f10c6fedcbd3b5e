import { judge } from '../measure/aim.ts';
import { printTable } from '../measure/table.ts';
import type { MeasuredNight } from './measure-night.ts';

const kibibyte = 1024;
const operationsShown = 8;

/** Prints what one night came to, for so many conversations. */
export function printNight(title: string, night: MeasuredNight): void {
  const { done, seconds, memory, largestHistory, operations } = night;
  const total = Object.values(operations).reduce((sum, count) => sum + count, 0);
  const perConversation = (count: number) => (count / Math.max(1, done)).toFixed(2);
  console.log(`\n  ${title}`);
  printTable(
    ['', ''],
    [
      ['conversations summarized', `${done}`],
      ['wall time', `${seconds.toFixed(1)} s`],
      ['conversations per second', (done / seconds).toFixed(1)],
      ['resident memory at the start', `${memory.start.toFixed(0)} MB`],
      ['resident memory, median', `${memory.median.toFixed(0)} MB`],
      ['resident memory, most', `${memory.most.toFixed(0)} MB`],
      ['first third → last third', `${memory.firstThird.toFixed(0)} → ${memory.lastThird.toFixed(0)} MB`],
      ['largest Durable history', `${(largestHistory / kibibyte).toFixed(1)} KB`],
      ['storage operations', `${total}`],
      ['storage operations per conversation', perConversation(total)],
    ],
  );
  for (const [name, count] of Object.entries(operations).slice(0, operationsShown)) {
    console.log(`    ${perConversation(count)}  ${name}`);
  }
  console.log(`  memory is ${describe(memory)}`);
  console.log(
    `  largest history, ${judge({ atMost: kibibyte, unit: ' KB' }, { median: largestHistory / kibibyte })}`,
  );
}

function describe({ isFlat }: MeasuredNight['memory']): string {
  if (isFlat === undefined) return 'not judged: the night was too short';
  return isFlat ? 'flat: aim reached' : 'not flat: aim missed';
}
