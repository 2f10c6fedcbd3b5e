import type { Emulator } from './emulator.ts';
import { sortedGuid } from './sorted-guid.ts';

/** What is to happen later, such as a delivery report. It is kept in the state, so that a restart loses none of it. */
export interface Schedule {
  /** Says once what is done for a kind of job; returns how to put one on the schedule. */
  define<Detail>(kind: string, run: (detail: Detail) => void): (milliseconds: number, detail: Detail) => void;
  /** Does now what is due by the emulator's clock. */
  runDue(): void;
  start(): void;
  stop(): void;
}

interface Job {
  kind: string;
  detail: unknown;
}

/** A clock that somebody moves forward is noticed within this time. */
const mostMillisecondsBetweenLooks = 1_000;

/** Each job happens once, together with its removal, in the order of the times; one that fails is logged and dropped. */
export function createSchedule({ state, clock, log }: Pick<Emulator, 'state' | 'clock' | 'log'>): Schedule {
  const jobs = state.collection<Job>('schedule');
  const kinds = new Map<string, (detail: never) => void>();
  let isRunning = false;
  let timer: NodeJS.Timeout | undefined;

  function runDue(): void {
    for (let next = firstDue(); next; next = firstDue()) run(next.id, next.value);
  }

  function firstDue() {
    const [next] = jobs.list({ limit: 1 });
    return next && timeOf(next.id) <= clock().getTime() ? next : undefined;
  }

  function run(id: string, { kind, detail }: Job): void {
    try {
      state.transaction(() => {
        jobs.delete(id);
        // Only what `define` made is on the schedule, with the detail that this kind takes.
        kinds.get(kind)?.(detail as never);
      });
    } catch (error) {
      jobs.delete(id);
      log(`error: a ${kind} failed and is dropped: ${error instanceof Error ? error.message : error}`);
    }
  }

  function wait(): void {
    clearTimeout(timer);
    if (!isRunning) return;
    const [next] = jobs.list({ limit: 1 });
    if (!next) return;
    const milliseconds = Math.max(0, timeOf(next.id) - clock().getTime());
    timer = setTimeout(
      () => {
        runDue();
        wait();
      },
      Math.min(milliseconds, mostMillisecondsBetweenLooks),
    );
    timer.unref();
  }

  return {
    define(kind, run) {
      kinds.set(kind, run);
      return (milliseconds, detail) => {
        const time = new Date(clock().getTime() + milliseconds);
        jobs.put(`${time.toISOString()}/${sortedGuid(clock())}`, { kind, detail });
        wait();
      };
    },
    runDue,
    start() {
      isRunning = true;
      wait();
    },
    stop() {
      isRunning = false;
      clearTimeout(timer);
    },
  };
}

function timeOf(id: string): number {
  return Date.parse(id.slice(0, id.indexOf('/')));
}
