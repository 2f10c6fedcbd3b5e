import type { OrchestrationContext, Task } from 'durable-functions';

type Activities = Record<string, (input: never) => Promise<unknown>>;
interface Asked {
  name: string;
  input: unknown;
}

/** How often an activity is tried, as a host tries it that fails for good. */
const mostTries = 2;

/**
 * Carries an orchestration out as a host does: its activities by name, all that are scheduled at once together, what they
 * take and give as JSON. Timers are over at once, and the time is what they were set to. Returns the output.
 */
export async function orchestrate(
  orchestrator: (context: OrchestrationContext) => Generator<Task, unknown, unknown>,
  input: unknown,
  activities: Activities,
  { onTimer = () => {} }: { onTimer?: (at: Date) => unknown } = {},
): Promise<unknown> {
  let now = new Date('2026-11-24T02:00:00Z');
  const running = new Map<unknown, Promise<unknown>>();
  const run = (task: Asked): Promise<unknown> => {
    const known = running.get(task);
    if (known) return known;
    const began = tryActivity(task, activities);
    began.catch(() => {});
    running.set(task, began);
    return began;
  };
  let next: { input: unknown } | undefined = { input };
  for (;;) {
    const { input: given } = next;
    next = undefined;
    const df = {
      getInput: () => copy(given),
      callActivityWithRetry: (name: string, _: unknown, value: unknown): Asked => ({
        name,
        input: copy(value),
      }),
      Task: { any: (tasks: Asked[]) => ({ any: tasks }) },
      createTimer: (timer: Date) => ({ timer }),
      get currentUtcDateTime() {
        return now;
      },
      setCustomStatus: copy,
      continueAsNew(value: unknown) {
        next = { input: copy(value) };
      },
    };
    const steps = orchestrator({ df } as unknown as OrchestrationContext);
    let step = steps.next();
    while (!step.done) {
      const yielded = step.value as unknown as Asked | { any: Asked[] } | { timer: Date };
      if ('timer' in yielded) {
        now = yielded.timer;
        await onTimer(now);
        step = steps.next(undefined);
        continue;
      }
      if ('any' in yielded) {
        await Promise.any(yielded.any.map(run)).catch(() => {});
        step = steps.next(undefined);
        continue;
      }
      const ended = await run(yielded).then(
        (value) => ({ value: copy(value) }),
        (error: unknown) => ({ error }),
      );
      step = 'error' in ended ? steps.throw(ended.error) : steps.next(ended.value);
    }
    if (!next) return step.value;
  }
}

async function tryActivity({ name, input }: Asked, activities: Activities): Promise<unknown> {
  const activity = activities[name];
  if (!activity) throw new Error(`there is no activity ${name}`);
  for (let tries = 1; ; tries += 1) {
    try {
      return await activity(input as never);
    } catch (error) {
      if (tries === mostTries) throw error;
    }
  }
}

function copy(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
