import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { compareCase, type Recording } from './compare-recordings.ts';

/** Cases in which this host is meant to differ from Azure's, and why. A name that ends in `.*` stands for many. */
export type MeantDifference = z.infer<typeof file>[number];
const file = z.array(z.object({ case: z.string(), reason: z.string().min(20) }));

/** Reads differences.json. */
export function readMeantDifferences(): MeantDifference[] {
  return file.parse(JSON.parse(readFileSync(join(import.meta.dirname, 'differences.json'), 'utf8')));
}

/** What a comparison found that nobody meant. */
export interface Findings {
  agreeing: string[];
  /** Cases that differ without being listed, with the places. */
  unlisted: string[];
  /** Entries of the list all of whose cases agree by now. */
  outdated: string[];
}

/** Compares what this host did with what Azure's host did. A case that was not recorded differs. */
export function judge(expected: Recording, actual: Recording, meant: MeantDifference[]): Findings {
  const findings: Findings = { agreeing: [], unlisted: [], outdated: [] };
  const differing: string[] = [];
  for (const [name, azure] of expected) {
    const differences = compareCase(azure, actual.get(name));
    if (differences.length === 0) {
      findings.agreeing.push(name);
      continue;
    }
    differing.push(name);
    if (meant.some((entry) => covers(entry, name))) continue;
    const places = differences.slice(0, 4).map(({ at, expected: azures, actual: ours }) => {
      return `  ${at}: Azure ${show(azures)}, here ${show(ours)}`;
    });
    findings.unlisted.push([name, ...places].join('\n'));
  }
  findings.outdated = meant
    .filter((entry) => !differing.some((name) => covers(entry, name)))
    .map((entry) => entry.case);
  return findings;
}

function covers(entry: MeantDifference, name: string): boolean {
  return entry.case.endsWith('.*') ? name.startsWith(entry.case.slice(0, -1)) : name === entry.case;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? '(absent)';
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}
