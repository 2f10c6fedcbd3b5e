import type { BlobItem } from '@azure/storage-blob';
import { openRunFiles, runsFolder } from '../durable/run-files.ts';
import type { Eraser, ErasureScope, SweepOptions, Swept } from '../erasers/eraser.ts';
import { openTraceFinder, type TraceFinder } from '../erasers/find-traces.ts';
import { type Look, longestStep, lookAgain } from '../erasers/look-again.ts';
import { sweepBlobs, type Taken } from '../erasers/sweep-blobs.ts';
import type { Container } from '../storage/container.ts';
import { searchText } from '../storage/search-text.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import { manifestName, transcriptFile } from './export-names.ts';
import { type ExportState, exportState } from './export-state.ts';
import { createRemoveExport } from './remove-export.ts';

interface Options {
  clock: () => Date;
  pauseMilliseconds?: number;
  pageSize?: number;
}

/** What a step has read when it is cancelled, it may write once more. */
const looks = 2;

/**
 * Removes every export that holds something of a conversation that was touched, or of the person, as a whole: an export
 * of which a part is missing would be taken for whole. One that is under way is cancelled. `removed` counts exports.
 */
export function createExportsEraser(
  exports: Container,
  { clock, pauseMilliseconds = longestStep, pageSize }: Options,
): Eraser {
  const runs = openRunFiles(exports, exportState);
  const removeExport = createRemoveExport(exports, { clock });
  const isRecent = (time: Date): boolean => clock().getTime() - time.getTime() <= 2 * pauseMilliseconds;

  function openLook(scope: ErasureScope, finder: TraceFinder) {
    return async function look(options: SweepOptions): Promise<Look> {
      const gone = new Set<string>();
      let isUnderWay = false;
      const remove = (id: string): Taken | Promise<Taken> => {
        if (gone.has(id)) return 0;
        gone.add(id);
        return removeExport(id, options);
      };
      const takeState = async (id: string, { properties }: BlobItem): Promise<Taken> => {
        const state = (await runs.read(id))?.state;
        if (!state) return (await isTracedBlob(`${runsFolder}/${id}.json`, finder, options)) ? remove(id) : 0;
        const wasRunning = state.state === 'running' || state.erased === 'under way';
        isUnderWay ||= wasRunning && isRecent(properties.lastModified);
        if (isNamed(state, scope, finder)) return remove(id);
        if (state.erased === undefined) return 0;
        // It broke off; or a step wrote of it after it was cancelled.
        return remove(id);
      };
      const take = async (blob: BlobItem, from: unknown): Promise<Taken> => {
        const { name } = blob;
        const run = /^runs\/([^/]+)\.json$/.exec(name)?.[1];
        if (run !== undefined) return takeState(run, blob);
        const [id = '', part] = name.split('/');
        if (gone.has(id)) return 0;
        const traced = await isTracedPart(name, from, finder, options);
        if (typeof traced === 'object') return { removed: 0, ...traced };
        if (!traced) return 0;
        if (part !== undefined) return remove(id);
        return (await exports.remove(name, options)) ? 1 : 0;
      };
      const swept = await sweepBlobs(exports, take, { ...options, pageSize });
      return { ...swept, isUnderWay };
    };
  }

  /** With `next` where there was no time to search all of it. */
  async function isTracedPart(
    name: string,
    from: unknown,
    finder: TraceFinder,
    options: SweepOptions,
  ): Promise<boolean | { next: unknown }> {
    const [, channel = '', conversation, file] = name.split('/');
    if (conversation === undefined) return isTracedBlob(name, finder, options);
    if (finder.isTouched(`${channel}/${conversation}`) || finder.isTraced(conversation)) return true;
    if (file !== transcriptFile) return false;
    const searched = await searchText(exports, name, { ...options, from, isTraced: finder.isTraced });
    return searched !== undefined && 'next' in searched ? searched : searched?.isFound === true;
  }

  async function isTracedBlob(
    name: string,
    { isTracedJson }: TraceFinder,
    { signal }: SweepOptions,
  ): Promise<boolean> {
    const blob = await exports.read(name, { signal });
    return blob !== undefined && isTracedJson(blob.text);
  }

  return {
    store: 'exports',
    sweep(scope, options): Promise<Swept> {
      const look = openLook(scope, openTraceFinder(scope));
      return lookAgain(look, { ...options, clock, pauseMilliseconds, looks });
    },
    /** By when an export, or the last of what there is of it, was written. */
    expire(before, options) {
      const known = new Map<string, Promise<boolean>>();
      const isOld = async (id: string, written: string): Promise<boolean> => {
        const run = await exports.read(`${runsFolder}/${id}.json`, options);
        const state = run && (await runs.read(id))?.state;
        if (state?.state === 'running') return false;
        if (state?.erased === 'ended') return true;
        const manifest = run ? undefined : await exports.read(manifestName(id), options);
        return (run?.lastModified ?? manifest?.lastModified ?? written) < before;
      };
      const take = async ({ name, properties }: BlobItem): Promise<Taken> => {
        const written = properties.lastModified.toISOString();
        const id = /^(?:runs\/)?([^/]+?)(?:\.json$|\/)/.exec(name)?.[1];
        if (id === undefined || written >= before || known.has(id)) return 0;
        const old = isOld(id, written);
        known.set(id, old);
        if (!(await old)) return 0;
        return removeExport(id, options);
      };
      return sweepBlobs(exports, take, { ...options, pageSize });
    },
  };
}

function isNamed(state: ExportState, { person }: ErasureScope, finder: TraceFinder): boolean {
  const { scope, identities = [], position } = state;
  if ('conversation' in scope && finder.isTouched(conversationPath(scope.conversation))) return true;
  const named = [...identities, ...('with' in scope ? [scope.with] : [])];
  if (named.some((one) => person?.identities.includes(one))) return true;
  return finder.isTracedJson(JSON.stringify([scope, identities, position ?? null]));
}
