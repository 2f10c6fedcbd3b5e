import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { summarize } from '../measure/sample.ts';

const run = promisify(execFile);
const everyMilliseconds = 1_000;
/** The last third may be above the first by as much as a garbage collector's whims make. */
const flatWithin = 1.1;
/** In fewer samples than this, loading and compiling is most of what is seen. */
const enoughSamples = 120;

/** Resident memory of a process over time, in MB. */
export interface MemoryReport {
  start: number;
  median: number;
  most: number;
  firstThird: number;
  lastThird: number;
  /** Undefined where it was too short to tell. */
  isFlat?: boolean;
}

/** Looks at the resident memory of a process once a second until `stop` is called, which tells what was seen. */
export async function watchMemory(pid: number): Promise<{ stop(): Promise<MemoryReport> }> {
  const samples = [await readResident(pid)];
  let reading = Promise.resolve();
  const timer = setInterval(() => {
    reading = readResident(pid).then((megabytes) => {
      samples.push(megabytes);
    });
    // Told by `stop`.
    reading.catch(() => {});
  }, everyMilliseconds);
  return {
    async stop() {
      clearInterval(timer);
      await reading;
      return report(samples);
    },
  };
}

function report(samples: readonly number[]): MemoryReport {
  const third = Math.max(1, Math.floor(samples.length / 3));
  const firstThird = summarize(samples.slice(0, third)).median;
  const lastThird = summarize(samples.slice(-third)).median;
  const { median, most } = summarize(samples);
  const isFlat = samples.length < enoughSamples ? undefined : lastThird <= firstThird * flatWithin;
  return { start: samples[0] ?? 0, median, most, firstThird, lastThird, isFlat };
}

async function readResident(pid: number): Promise<number> {
  const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout) / 1024;
}
