import pMap from 'p-map';
import { carryOut, type SendParts } from './carry-out.ts';

/** What a run of the timer did. */
export interface Resumed {
  taken: number;
  recorded: number;
  failed: number;
  /** Put off, or taken over by somebody else. */
  left: number;
}

const concurrency = 8;
/** The timer comes again each minute, and never twice at once. */
const runMilliseconds = 45_000;
const mostAtOnce = 1_000;

/** Goes on with every send that nobody is at and that is due, within a time; what is left comes with the next run. */
export async function resumeSends(
  parts: SendParts,
  { milliseconds = runMilliseconds }: { milliseconds?: number } = {},
): Promise<Resumed> {
  const end = performance.now() + milliseconds;
  const resumed: Resumed = { taken: 0, recorded: 0, failed: 0, left: 0 };
  const take = async (sendId: string): Promise<void> => {
    if (performance.now() > end) return;
    const claimed = await parts.outbox.claim(sendId);
    if (!claimed) return parts.outbox.tidy(sendId);
    resumed.taken += 1;
    const { state } = await carryOut(claimed, parts);
    resumed[state === 'recorded' || state === 'failed' ? state : 'left'] += 1;
  };
  /** One that cannot go on, or an outage of storage, holds up none of the others. */
  const takeAll = async (all: readonly string[]): Promise<void> => {
    await pMap(all, (sendId) => take(sendId).catch(parts.logFault), { concurrency });
  };

  let ids: string[] = [];
  for await (const sendId of parts.outbox.due()) {
    ids.push(sendId);
    if (ids.length < mostAtOnce) continue;
    await takeAll(ids);
    ids = [];
    if (performance.now() > end) break;
  }
  await takeAll(ids);
  return resumed;
}
