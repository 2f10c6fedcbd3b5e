import type { DurableClient } from 'durable-functions';
import * as z from 'zod';
import type { Eraser, SweepOptions } from '../erasers/eraser.ts';
import { openTraceFinder, type TraceFinder } from '../erasers/find-traces.ts';
import { type Look, longestStep, lookAgain } from '../erasers/look-again.ts';
import { isRunning } from './instances.ts';

export type HistoryClient = Pick<DurableClient, 'getStatusAll' | 'purgeInstanceHistory'>;

interface Options {
  clock: () => Date;
  pauseMilliseconds?: number;
  /**
   * Beginnings of the ids of instances that go in any case once they have ended: their runs tell all there is to tell, and
   * in the results of their steps, which no client shows, an earlier version wrote in whose name it read.
   */
  alwaysGone?: readonly string[];
}

/** What ends in the meantime is looked for once more. */
const looks = 2;

/**
 * Makes the eraser of what Durable Functions keeps of orchestrations. Those of this app get and return ids, dates and
 * counts; but the text of a failure may be anything, and is searched with input, output and status. Only what has ended
 * can go.
 */
export function createHistoryEraser(
  client: HistoryClient,
  { clock, pauseMilliseconds = longestStep, alwaysGone = ['import-', 'export-'] }: Options,
): Eraser {
  const isAlwaysGone = ({ instanceId }: Instance): boolean =>
    alwaysGone.some((beginning) => instanceId.startsWith(beginning));

  async function look(finder: TraceFinder, { from, isTimeUp }: SweepOptions): Promise<Look> {
    const after = z.string().optional().parse(from) ?? '';
    const instances = z.array(instance).parse(await client.getStatusAll());
    const sorted = instances.toSorted((a, b) => (a.instanceId < b.instanceId ? -1 : 1));
    let removed = 0;
    let isUnderWay = false;
    let last = after;
    for (const one of sorted.filter(({ instanceId }) => instanceId > after)) {
      if (isTimeUp()) return { removed, next: last, isUnderWay };
      last = one.instanceId;
      const isTraced = finder.isTracedJson(JSON.stringify(one));
      if (isRunning(one)) isUnderWay ||= isTraced;
      else if (isTraced || isAlwaysGone(one)) {
        removed += (await client.purgeInstanceHistory(one.instanceId)).instancesDeleted;
      }
    }
    return { removed, isUnderWay };
  }

  return {
    store: 'durable history',
    sweep(scope, options) {
      const finder = openTraceFinder(scope);
      const lookOnce = (each: SweepOptions) => look(finder, each);
      return lookAgain(lookOnce, { ...options, clock, pauseMilliseconds, looks });
    },
  };
}

/** As a listing tells it; whatever else it tells is searched, too. */
const instance = z.looseObject({ instanceId: z.string(), runtimeStatus: z.string() });
type Instance = z.infer<typeof instance>;
