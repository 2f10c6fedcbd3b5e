import { type Aim, judge } from './aim.ts';
import { type Sample, summarize } from './sample.ts';

type Row = readonly string[];

/** Prints rows of texts as a table: the first column to the left, the others to the right. */
export function printTable(head: Row, rows: readonly Row[]): void {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  for (const row of all) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    console.log(`  ${cells.join('   ')}`.trimEnd());
  }
}

/** Prints the figures of several things: median, and the spread from the least to the most. */
export function printFigures(
  unit: string,
  figures: Readonly<Record<string, readonly number[]>>,
  digits = 0,
): void {
  printTable(
    ['', `median ${unit}`, 'least – most'],
    Object.entries(figures).map(([name, values]) => [name, ...cells(summarize(values), digits)]),
  );
}

/** Prints one ratio and whether it is what it is to be. */
export function printRatio(name: string, ratio: Sample, aim?: Aim): void {
  const spread = `${ratio.least.toFixed(2)}–${ratio.most.toFixed(2)}`;
  console.log(`  ${name}: ${ratio.median.toFixed(2)}× (${spread})${aim ? `, ${judge(aim, ratio)}` : ''}`);
}

function cells({ median, least, most }: Sample, digits: number): [string, string] {
  return [median.toFixed(digits), `${least.toFixed(digits)} – ${most.toFixed(digits)}`];
}
