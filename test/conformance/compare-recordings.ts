import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** The cases of a recording by name. */
export type Recording = Map<string, Record<string, unknown>>;

const recordingFile = z.object({ cases: z.array(z.looseObject({ name: z.string() })) });

/** Reads a file that the kit's record.mjs wrote. */
export function readRecording(file: string): Recording {
  const { cases } = recordingFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  return new Map(cases.map((each) => [each.name, each]));
}

/** One place at which two answers differ. */
export interface Difference {
  at: string;
  expected: unknown;
  actual: unknown;
}

// What the kit's own compare.mjs leaves out: how the request was made and how the answer was framed.
const notCompared = new Set(['number', 'request', 'framing']);

/** Compares one case as the kit's compare.mjs does. */
export function compareCase(expected: unknown, actual: unknown, at = ''): Difference[] {
  if (expected === actual) return [];
  const isSameKind =
    isObject(expected) && isObject(actual) && Array.isArray(expected) === Array.isArray(actual);
  if (!isSameKind) return [{ at, expected, actual }];
  const members = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  return [...members]
    .filter(
      (member) => !(notCompared.has(member) && (at === '' || at === '.response' || member === 'framing')),
    )
    .flatMap((member) => compareCase(expected[member], actual[member], `${at}.${member}`));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
