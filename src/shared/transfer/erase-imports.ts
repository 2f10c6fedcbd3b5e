import type { BlobItem } from '@azure/storage-blob';
import { runsFolder } from '../durable/run-files.ts';
import { changeJson } from '../erasers/change-json.ts';
import type { Eraser } from '../erasers/eraser.ts';
import { openTraceFinder, type TraceFinder } from '../erasers/find-traces.ts';
import { type Look, longestStep, lookAgain } from '../erasers/look-again.ts';
import { sweepBlobs, type Taken } from '../erasers/sweep-blobs.ts';
import type { Container } from '../storage/container.ts';
import { eraseFile } from './erase-file.ts';
import { createLineFilter } from './filter-lines.ts';
import { type ImportState, importState } from './import-state.ts';

interface Options {
  clock: () => Date;
  pauseMilliseconds?: number;
  pageSize?: number;
}

/** What a step has in its memory when its import is looked at, it may save once more. */
const looks = 2;

const erased = '(erased)';

/**
 * Takes what was erased out of the files that operators put there to be imported: lines of files of lines, other files as
 * a whole. What tells of imports that have ended goes where it names the person; one that is under way for them, or reads
 * as them, is cancelled.
 */
export function createImportsEraser(
  imports: Container,
  { clock, pauseMilliseconds = longestStep, pageSize }: Options,
): Eraser {
  const isRecent = (time: Date): boolean => clock().getTime() - time.getTime() <= 2 * pauseMilliseconds;

  const eraseState = (
    name: string,
    finder: TraceFinder,
    { onRunning, signal }: { onRunning: () => void; signal: AbortSignal },
  ): Promise<number> => {
    const endedAt = clock().toISOString();
    const change = (state: ImportState): ImportState | undefined => {
      if (state.state === 'running') onRunning();
      return clearState(state, finder, endedAt);
    };
    return changeJson(imports, name, { schema: importState, change, isTraced: finder.isTracedJson, signal });
  };

  return {
    store: 'imports',
    sweep(scope, options) {
      const finder = openTraceFinder(scope);
      const filter = createLineFilter(scope, finder);
      return lookAgain(
        async (each): Promise<Look> => {
          let isUnderWay = false;
          const { signal } = each;
          const take = async ({ name, metadata, properties }: BlobItem, from: unknown): Promise<Taken> => {
            if (isRun(name)) {
              const onRunning = (): void => {
                isUnderWay ||= isRecent(properties.lastModified);
              };
              return eraseState(name, finder, { onRunning, signal });
            }
            // Neither can be told without it, nor can it be called otherwise.
            const isNamed = finder.isTraced(name) || finder.isTraced(JSON.stringify(metadata ?? {}));
            if (isNamed) return (await imports.remove(name, { signal })) ? 1 : 0;
            return eraseFile(imports, name, from, { ...each, filter, isTraced: finder.isTracedJson });
          };
          const swept = await sweepBlobs(imports, take, { ...each, pageSize, concurrency: 4 });
          return { ...swept, isUnderWay };
        },
        { ...options, clock, pauseMilliseconds, looks },
      );
    },
    /** An import that is under way stays, whenever it began. */
    expire(before, options) {
      const { signal } = options;
      const take = async ({ name, properties }: BlobItem): Promise<number> => {
        if (properties.lastModified.toISOString() >= before) return 0;
        if (!isRun(name)) return (await imports.remove(name, { signal })) ? 1 : 0;
        const change = (state: ImportState) => (state.state === 'running' ? state : undefined);
        return changeJson(imports, name, { schema: importState, change, isTraced: () => true, signal });
      };
      return sweepBlobs(imports, take, { ...options, pageSize });
    },
  };
}

function isRun(name: string): boolean {
  return name.startsWith(`${runsFolder}/`);
}

/** The same state where nothing has to go; undefined where all of it has. */
function clearState(state: ImportState, finder: TraceFinder, endedAt: string): ImportState | undefined {
  const isTraced = (value: unknown): boolean => finder.isTracedJson(JSON.stringify(value ?? null));
  if (!isTraced(state)) return state;
  if (state.state !== 'running') return undefined;
  const left = {
    ...state,
    problems: state.problems.filter((problem) => !isTraced(problem)),
    readAs: state.readAs.filter((reader) => !isTraced(reader)),
  };
  const isTheirs = isTraced([state.source, state.open]);
  return isTheirs ? { ...left, state: 'cancelled', endedAt, source: erased, open: [] } : left;
}
