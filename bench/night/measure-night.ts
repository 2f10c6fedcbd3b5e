import { timed } from '../measure/stopwatch.ts';
import type { RunningParley } from '../setup/start-parley.ts';
import { type NightReport, runNight } from './run-night.ts';
import { type CountedAzurite, type Counts, subtractCounts } from './start-counted-azurite.ts';
import { watchHistory } from './watch-history.ts';
import { type MemoryReport, watchMemory } from './watch-memory.ts';

/** What one night came to. */
export interface MeasuredNight extends NightReport {
  seconds: number;
  memory: MemoryReport;
  /** Bytes. */
  largestHistory: number;
  operations: Counts;
}

export interface Scene {
  parley: RunningParley;
  azurite: CountedAzurite;
  /** Parley's. */
  folder: string;
}

/** Runs the night of a date, with everything about it looked at. */
export async function measureNight(
  { parley, azurite, folder }: Scene,
  night: string,
): Promise<MeasuredNight> {
  const before = await azurite.readCounts();
  const memory = await watchMemory(parley.pid);
  const history = watchHistory(folder, `night-${night}`);
  const [report, milliseconds] = await timed(() => runNight(parley.url, night));
  return {
    ...report,
    seconds: milliseconds / 1_000,
    memory: await memory.stop(),
    largestHistory: history.stop(),
    operations: subtractCounts(await azurite.readCounts(), before),
  };
}
