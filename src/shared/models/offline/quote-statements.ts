import { cutText } from '../../analysis/fold-text.ts';
import type { Statement } from './statement.ts';

/** A quote is cut to so many UTF-16 units, the cut marked with `…`. */
const quoteLength = 300;

/** Quotes statements, given in order, as they were said; neighbours in one message become one quote. */
export function quoteStatements(
  statements: readonly Statement[],
  nameOf: (participant: string) => string,
): { text: string; cites: string[] }[] {
  return joinNeighbours(statements).map(({ first, last }) => {
    const said = cutText(first.message.text.slice(first.start, last.end), quoteLength);
    return { text: `${nameOf(first.message.sender)}: "${said}"`, cites: [first.message.id] };
  });
}

function joinNeighbours(statements: readonly Statement[]): { first: Statement; last: Statement }[] {
  const runs: { first: Statement; last: Statement }[] = [];
  for (const statement of statements) {
    const run = runs.at(-1);
    const goesOn = run?.last.message === statement.message && run.last.place + 1 === statement.place;
    if (run && goesOn) run.last = statement;
    else runs.push({ first: statement, last: statement });
  }
  return runs;
}
