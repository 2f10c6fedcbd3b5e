import { countRouge, type Rouge } from './count-rouge.ts';

/** Of several references the one that fits best, as in the papers that use these dialogues. */
export function bestRouge(references: readonly string[], candidate: string): Rouge {
  return references
    .map((reference) => countRouge(reference, candidate))
    .reduce((one, other) => (other.one > one.one ? other : one));
}

/** Prints F1 in percent, a row each. */
export function printRougeTable(rows: Readonly<Record<string, Rouge>>): void {
  const width = Math.max(...Object.keys(rows).map((name) => name.length));
  console.log(`${'ROUGE F1'.padEnd(width)}${['1', '2', 'L'].map((name) => name.padStart(7)).join('')}`);
  for (const [name, { one, two, longest }] of Object.entries(rows)) {
    const figures = [one, two, longest].map((figure) => (figure * 100).toFixed(1).padStart(7));
    console.log(`${name.padEnd(width)}${figures.join('')}`);
  }
}
