import * as z from 'zod';
import type { Advance, ImportProblem } from '../channels/importer.ts';

/** Problems that are kept by name; all of them are counted. */
const mostProblems = 100;

/** Users in whose name a provider was asked that are kept by id. */
const mostReaders = 100;

const openWork = z.object({
  work: z.unknown(),
  /** Milliseconds since 1970. */
  notBefore: z.number().default(0),
  /** Times that it failed in a row. */
  failures: z.int().default(0),
});
export type OpenWork = z.infer<typeof openWork>;

const problem = z.object({ where: z.string(), reason: z.string() });

/** Where an import stands. */
export const importState = z.object({
  id: z.string(),
  /** `file`, `export` or a channel. */
  importer: z.string(),
  /** What the request named. */
  source: z.unknown(),
  state: z.enum(['running', 'completed', 'cancelled']),
  startedAt: z.string(),
  endedAt: z.string().optional(),
  read: z.int(),
  /** Entries that the transcripts did not have. */
  added: z.int(),
  skipped: z.int(),
  /** Of those, how many were erased and so do not come back. */
  forgotten: z.int().default(0),
  /** Threads, users or files that were given up. */
  failed: z.int(),
  problems: z.array(problem),
  problemCount: z.int(),
  readAs: z.array(z.string()),
  /** The last comes first, so that what was found is done before more is looked for. */
  open: z.array(openWork),
});
export type ImportState = z.infer<typeof importState>;

export function newImport(
  of: Pick<ImportState, 'id' | 'importer' | 'source' | 'startedAt'>,
  work: unknown,
): ImportState {
  return {
    ...of,
    state: 'running',
    read: 0,
    added: 0,
    skipped: 0,
    forgotten: 0,
    failed: 0,
    problems: [],
    problemCount: 0,
    readAs: [],
    open: [{ work, notBefore: 0, failures: 0 }],
  };
}

/** What became of one piece of work. */
export interface WorkResult extends Omit<Advance, 'happenings'> {
  of: OpenWork;
  added: number;
  forgotten?: number;
  /** Set where the same piece is to be tried again. */
  again?: OpenWork;
  /** True where it was given up. */
  isFailed?: boolean;
}

/** The state after a piece of work; `now` in milliseconds since 1970. */
export function applyResult(state: ImportState, result: WorkResult, now: number): ImportState {
  const {
    of,
    added,
    again,
    isFailed = false,
    read = 0,
    skipped = 0,
    forgotten = 0,
    problems = [],
    found = [],
    readAs,
  } = result;
  const next: OpenWork[] =
    result.next === undefined
      ? []
      : [{ work: result.next, notBefore: now + (result.waitMilliseconds ?? 0), failures: 0 }];
  const readers = readAs === undefined || state.readAs.includes(readAs) ? [] : [readAs];
  return {
    ...state,
    read: state.read + read,
    added: state.added + added,
    skipped: state.skipped + skipped,
    forgotten: state.forgotten + forgotten,
    failed: state.failed + (isFailed ? 1 : 0),
    problems: [...state.problems, ...problems].slice(0, mostProblems),
    problemCount: state.problemCount + problems.length,
    readAs: [...state.readAs, ...readers].slice(0, mostReaders),
    open: [
      ...state.open.filter((open) => open !== of),
      ...(again ? [again] : []),
      ...next,
      ...found.map((work) => ({ work, notBefore: 0, failures: 0 })),
    ],
  };
}

/** What `GET /api/import/{id}` tells. */
export interface ImportReport {
  id: string;
  source: unknown;
  state: ImportState['state'] | 'failed';
  startedAt: string;
  endedAt?: string;
  read: number;
  added: number;
  skipped: number;
  /** Of those, what was erased; absent where there is none. */
  forgotten?: number;
  failed: number;
  problems: ImportProblem[];
  /** All of them, where more came up than are named. */
  problemCount: number;
  readAs: string[];
  reason?: string;
}

export function reportImport(state: ImportState): ImportReport {
  const { importer, open: _, forgotten, ...told } = state;
  return { ...told, ...(forgotten > 0 ? { forgotten } : {}), source: { [importer]: state.source } };
}
