import type { DatabaseSync } from 'node:sqlite';
import { CronExpressionParser } from 'cron-parser';
import { z } from 'zod';
import type { HostedFunction } from './check-functions.ts';
import type { Invoke } from './invoke.ts';
import { parseTimeSpan, resolveSettings } from './read-settings.ts';

interface Timer {
  hosted: HostedFunction;
  schedule: string;
  /** When it fires next, after the given time. */
  following: (after: Date) => Date;
  runOnStartup: boolean;
  /** Whether its status is kept, so that a run that was missed is made up for. */
  isMonitored: boolean;
}

const settingsSchema = z.object({
  schedule: z.string(),
  runOnStartup: z.boolean().default(false),
  useMonitor: z.boolean().default(true),
});
const statusSchema = z.object({
  schedule: z.string(),
  last: z.string(),
  next: z.string(),
  updated: z.string(),
});
type Status = z.infer<typeof statusSchema>;

const never = '0001-01-01T00:00:00+00:00';
const longestWait = 86_400_000;

/** Runs the timer triggers, by UTC as Azure does unless `WEBSITE_TIME_ZONE` names another zone. */
export function createTimers(
  functions: HostedFunction[],
  database: DatabaseSync,
  invoke: Invoke,
  log: (line: string) => void,
) {
  database.exec(`CREATE TABLE IF NOT EXISTS timers (name TEXT PRIMARY KEY, schedule TEXT NOT NULL, last TEXT NOT NULL,
    next TEXT NOT NULL, updated TEXT NOT NULL) STRICT`);
  const read = database.prepare('SELECT schedule, last, next, updated FROM timers WHERE name = ?');
  const write = database.prepare(
    'INSERT OR REPLACE INTO timers (name, schedule, last, next, updated) VALUES (?, ?, ?, ?, ?)',
  );
  const timers = functions.filter(({ trigger }) => trigger.type === 'timerTrigger').map(readTimer);
  const waits = new Map<Timer, NodeJS.Timeout>();
  let stopped = false;

  function findStatus({ hosted, schedule }: Timer): Status | undefined {
    const row = read.get(hosted.name);
    const status = row && statusSchema.parse(row);
    return status?.schedule === schedule ? status : undefined;
  }

  function saveStatus(timer: Timer, status: Status): void {
    // A run that outlives a bounded stop ends when the database is closed.
    if (!timer.isMonitored || !database.isOpen) return;
    write.run(timer.hosted.name, timer.schedule, status.last, status.next, status.updated);
  }

  function firstStatus(timer: Timer): Status {
    const next = format(timer.following(new Date()));
    return { schedule: timer.schedule, last: never, next, updated: never };
  }

  async function run(timer: Timer, isPastDue: boolean): Promise<void> {
    if (stopped) return;
    const status = findStatus(timer) ?? firstStatus(timer);
    const shown = { Last: status.last, Next: status.next, LastUpdated: status.updated };
    const ScheduleStatus = timer.isMonitored ? shown : null;
    const info = { Schedule: { AdjustForDST: true }, ScheduleStatus, IsPastDue: isPastDue };
    // The log has the failure; a timer is not tried again before its next time.
    await invoke(timer.hosted, { json: JSON.stringify(info) }).catch(() => {});
    const now = new Date();
    const updated = format(now);
    saveStatus(timer, { ...status, last: updated, next: format(timer.following(now)), updated });
  }

  function arm(timer: Timer, due: Date): void {
    if (stopped) return;
    const wait = Math.max(0, due.getTime() - Date.now());
    const wake = async () => {
      if (due.getTime() > Date.now()) return arm(timer, due);
      await run(timer, false);
      arm(timer, timer.following(new Date(Math.max(Date.now(), due.getTime()))));
    };
    waits.set(timer, setTimeout(wake, Math.min(wait, longestWait)));
  }

  async function begin(timer: Timer): Promise<void> {
    const status = findStatus(timer);
    const isPastDue = timer.isMonitored && status !== undefined && new Date(status.next) < new Date();
    if (isPastDue) log(`${timer.hosted.name} was due while the host was not running, and runs now`);
    if (isPastDue || timer.runOnStartup) await run(timer, isPastDue);
    if (!findStatus(timer)) saveStatus(timer, { ...firstStatus(timer), updated: format(new Date()) });
    arm(timer, timer.following(new Date()));
  }

  return {
    start(): void {
      for (const timer of timers) void begin(timer);
    },
    /** Runs a timer function by hand; `false` when there is none of that name. */
    runByHand(hosted: HostedFunction): boolean {
      const timer = timers.find((each) => each.hosted === hosted);
      if (timer) void run(timer, false);
      return timer !== undefined;
    },
    stop(): void {
      stopped = true;
      for (const wait of waits.values()) clearTimeout(wait);
    },
  };
}

function readTimer(hosted: HostedFunction): Timer {
  const { schedule: text, runOnStartup, useMonitor } = settingsSchema.parse(hosted.trigger.settings);
  const schedule = resolveSettings(text, `The schedule of the function "${hosted.name}"`);
  const following = readSchedule(schedule, hosted.name);
  // As on Azure, nothing is kept for schedules below a minute.
  const first = following(new Date());
  const isFrequent = following(first).getTime() - first.getTime() < 60_000;
  return { hosted, schedule, following, runOnStartup, isMonitored: useMonitor && !isFrequent };
}

function readSchedule(schedule: string, functionName: string): (after: Date) => Date {
  const interval = parseTimeSpan(schedule);
  if (interval !== undefined && interval > 0) return (after) => new Date(after.getTime() + interval);
  const tz = process.env.WEBSITE_TIME_ZONE ?? 'UTC';
  const following = (after: Date) =>
    CronExpressionParser.parse(schedule, { currentDate: after, tz }).next().toDate();
  try {
    following(new Date());
    return following;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The schedule "${schedule}" of the function "${functionName}" is neither NCRONTAB ("0 0 2 * * *") nor a time span ` +
        `("00:05:00"): ${reason}`,
    );
  }
}

function format(date: Date): string {
  return date.toISOString().replace('.000Z', 'Z').replace('Z', '+00:00');
}
