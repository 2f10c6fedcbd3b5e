import type { BlobItem } from '@azure/storage-blob';
import { openRunFiles } from '../durable/run-files.ts';
import type { Eraser, ErasureScope, SweepOptions } from '../erasers/eraser.ts';
import { openTraceFinder, type TraceFinder } from '../erasers/find-traces.ts';
import { type Look, longestStep, lookAgain } from '../erasers/look-again.ts';
import { sweepBlobs, type Taken } from '../erasers/sweep-blobs.ts';
import { parseJson } from '../json.ts';
import { type Container, unquote } from '../storage/container.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import { openAskFiles } from './ask-files.ts';
import { askState } from './ask-state.ts';
import { limitName } from './limit-asking.ts';

interface Options {
  clock: () => Date;
  pauseMilliseconds?: number;
  pageSize?: number;
}

/** What a step has read when its request is removed, it may write once more. */
const looks = 2;

/**
 * Removes every answer that touches what was erased, with all that is kept of its request: what is left of such an answer
 * would be taken for whole. A request that is under way ends by that. `removed` counts blobs.
 */
export function createAnswersEraser(
  answers: Container,
  { clock, pauseMilliseconds = longestStep, pageSize }: Options,
): Eraser {
  const files = openAskFiles(answers);
  const runs = openRunFiles(answers, askState);
  const isRecent = (time: Date): boolean => clock().getTime() - time.getTime() <= 2 * pauseMilliseconds;

  function openLook(scope: ErasureScope, finder: TraceFinder) {
    const limits = new Set(scope.person?.identities.map(limitName));
    return async (options: SweepOptions): Promise<Look> => {
      const gone = new Set<string>();
      let isUnderWay = false;
      const take = async ({ name, properties }: BlobItem): Promise<Taken> => {
        if (name.startsWith('limits/')) {
          return limits.has(name) && (await answers.remove(name, options)) ? 1 : 0;
        }
        const id = idOf(name);
        if (id === undefined || gone.has(id)) return 0;
        if (name.startsWith('runs/')) {
          const isRunning = (await runs.read(id))?.state.state === 'running';
          isUnderWay ||= isRunning && isRecent(properties.lastModified);
        }
        const blob = await answers.read(name, options);
        if (!blob || !isTraced(blob.text, scope, finder)) return 0;
        gone.add(id);
        return files.remove(id);
      };
      const swept = await sweepBlobs(answers, take, { ...options, pageSize });
      return { ...swept, isUnderWay };
    };
  }

  return {
    store: 'answers',
    sweep(scope, options) {
      const look = openLook(scope, openTraceFinder(scope));
      return lookAgain(look, { ...options, clock, pauseMilliseconds, looks });
    },
    /** By when a request was written to last; what is under way still is. */
    expire(before, options) {
      const take = async ({ name, properties }: BlobItem): Promise<Taken> => {
        if (properties.lastModified.toISOString() >= before) return 0;
        const { signal } = options;
        const isRemoved = await answers.remove(name, { etag: unquote(properties.etag), signal });
        return isRemoved ? 1 : 0;
      };
      return sweepBlobs(answers, take, { ...options, pageSize });
    },
  };
}

/** Of `runs/<id>.json`, `work/<id>/…`, `<id>.json` and `<id>.md`. */
function idOf(name: string): string | undefined {
  return /^(?:runs\/([^/]+)\.json|work\/([^/]+)\/.*|([^/]+)\.(?:json|md))$/
    .exec(name)
    ?.slice(1)
    .find(Boolean);
}

/** Whether a blob names an identity of the person, has words of theirs, or is about a conversation that was touched. */
function isTraced(text: string, { person }: ErasureScope, finder: TraceFinder): boolean {
  if (finder.isTracedJson(text)) return true;
  if (person?.identities.some((identity) => text.includes(JSON.stringify(identity)))) return true;
  return conversationsIn(parseJson(text)).some((path) => finder.isTouched(path));
}

/** The paths of all `{ channel, id }` and `{ channel, conversation }` in a JSON value, of any depth. */
function conversationsIn(value: unknown): string[] {
  const paths: string[] = [];
  for (const open = [value]; open.length > 0; ) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    for (const member of Object.values(next)) open.push(member);
    if (!('channel' in next) || typeof next.channel !== 'string') continue;
    const id = 'conversation' in next ? next.conversation : 'id' in next ? next.id : undefined;
    if (typeof id === 'string') paths.push(conversationPath({ channel: next.channel, id }));
  }
  return paths;
}
