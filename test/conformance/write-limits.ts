// Rewrites the section of docs/limits.md that lists how the local host differs from Azure's.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readMeantDifferences } from './differences.ts';

/** The file whose section is generated. */
export const limitsFile = join(import.meta.dirname, '../../docs/limits.md');

const start = '<!-- conformance:start -->';
const end = '<!-- conformance:end -->';

/** The text of docs/limits.md with its section brought up to date; throws when the markers are missing. */
export function renderLimits(text: string): string {
  const from = text.indexOf(start);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`docs/limits.md lacks the markers ${start} and ${end}.`);
  const list = readMeantDifferences().map((each) => `- \`${each.case}\`: ${each.reason}`);
  return `${text.slice(0, from + start.length)}\n\n${list.join('\n')}\n\n${text.slice(to)}`;
}

if (import.meta.main) writeFileSync(limitsFile, renderLimits(readFileSync(limitsFile, 'utf8')));
