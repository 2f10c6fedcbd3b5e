import type { HostedFunction } from '../check-functions.ts';
import type { Invoke } from '../invoke.ts';
import { createLimit } from '../limit.ts';
import type { HostSettings } from '../read-settings.ts';
import { runActivity } from './activities.ts';
import { createDurableChanges, type DurableChanges } from './changes.ts';
import { followUp } from './replay.ts';
import { createOrchestratorRunner, findFunction } from './run-orchestrator.ts';
import type { DurableStore } from './store.ts';
import {
  createEvent,
  endedTask,
  eventType,
  type HistoryEvent,
  type Instance,
  isTerminal,
  type Task,
  type TaskSpec,
} from './types.ts';

/** Runs orchestrators, activities and durable timers. */
export interface DurableWorker {
  changes: DurableChanges;
  /** Says that an instance has something new to take in. */
  wake(instance: string): void;
  /** Takes up everything that had not ended when the last host stopped or was killed. */
  resume(): void;
  /** Begins nothing new; what runs is still recorded. */
  stop(): void;
}

interface WorkerOptions {
  store: DurableStore;
  functions: HostedFunction[];
  invoke: Invoke;
  settings: HostSettings['durableTask'];
  log: (line: string) => void;
}

// Results that come close together are taken in by one replay: a replay for each is the worst case.
const coalesceMilliseconds = 6;
const longestWait = 86_400_000;

/** Creates the worker; nothing runs before `resume` or `wake`. */
export function createDurableWorker({
  store,
  functions,
  invoke,
  settings,
  log,
}: WorkerOptions): DurableWorker {
  const failed = (error: unknown) =>
    log(`error: durable work was not recorded: ${error instanceof Error ? error.stack : error}`);
  const limitActivities = createLimit(settings.maxConcurrentActivityFunctions, failed);
  const limitOrchestrators = createLimit(settings.maxConcurrentOrchestratorFunctions, failed);
  const changes = createDurableChanges(store, wake, log);
  const runOrchestrator = createOrchestratorRunner(store, functions, invoke);
  const woken = new Set<string>();
  const busy = new Set<string>();
  let stopped = false;
  let wakeTimer: NodeJS.Timeout | undefined;
  let dueTimer: NodeJS.Timeout | undefined;

  function wake(instance: string): void {
    woken.add(instance);
    if (!stopped) wakeTimer ??= setTimeout(startWoken, coalesceMilliseconds);
  }

  function startWoken(): void {
    wakeTimer = undefined;
    for (const id of woken) {
      if (busy.has(id)) continue;
      woken.delete(id);
      busy.add(id);
      limitOrchestrators(async () => {
        try {
          if (!stopped) await advance(id);
        } finally {
          busy.delete(id);
          if (woken.has(id)) wake(id);
        }
      });
    }
  }

  /** Lets an orchestrator take in all that has come for it, and records what it decides in one transaction. */
  async function advance(id: string): Promise<void> {
    const instance = store.findInstance(id);
    const inbox = store.readInbox(id);
    const last = inbox.at(-1);
    if (!instance || !last || isTerminal(instance.status) || instance.status === 'Suspended') return;

    const now = new Date();
    const { events, followUps } = orderBatch(instance, inbox, now);
    const started = createEvent(eventType.orchestratorStarted, { Timestamp: now.toISOString() });
    const decision = await runOrchestrator(instance, [started, ...events]);

    const tasks = store.transaction(() => {
      const current = store.findInstance(id);
      if (!current || current.execution !== instance.execution || isTerminal(current.status)) return [];
      store.removeFromInbox(id, last.seq);
      store.addHistory(id, started, false);
      for (const event of events) store.addHistory(id, event, true);
      return changes.apply(current, decision, followUps, now);
    });
    for (const task of tasks) enqueue(task);
    armTimer();
  }

  /** Events that ask for another task by themselves come first: they never resume the app's code, so ids stay exact. */
  function orderBatch({ id, execution }: Instance, inbox: { event: HistoryEvent }[], now: Date) {
    const first: HistoryEvent[] = [];
    const rest: HistoryEvent[] = [];
    const followUps: TaskSpec[] = [];
    for (const { event } of inbox) {
      const taskId = endedTask(event);
      const task = taskId === undefined ? undefined : store.findTask(id, execution, taskId);
      const next = task && followUp(task.spec, 'Reason' in event, now);
      if (next) followUps.push(next);
      (next ? first : rest).push(event);
    }
    return { events: [...first, ...rest], followUps };
  }

  function enqueue(task: Task): void {
    const { spec } = task;
    if (spec.kind !== 'activity') return;
    limitActivities(async () => {
      if (stopped) return;
      const hosted = findFunction(functions, 'activityTrigger', spec.name);
      const event = await runActivity(hosted, task, spec, invoke);
      store.transaction(() => changes.endTask(task, event));
    });
  }

  function fireDueTimers(): void {
    store.transaction(() => {
      for (const task of store.listDueTimers(new Date())) {
        const FireAt = task.spec.kind === 'timer' ? task.spec.fireAt : null;
        changes.endTask(task, createEvent(eventType.timerFired, { TimerId: task.id, FireAt }));
      }
    });
    armTimer();
  }

  function armTimer(): void {
    clearTimeout(dueTimer);
    const due = stopped ? undefined : store.findNextDue();
    if (!due) return;
    const wait = Math.max(0, due.getTime() - Date.now());
    dueTimer = setTimeout(fireDueTimers, Math.min(wait, longestWait));
  }

  return {
    changes,
    wake,
    resume() {
      for (const task of store.listOpenActivities()) enqueue(task);
      for (const id of store.listWaiting()) wake(id);
      armTimer();
    },
    stop() {
      stopped = true;
      clearTimeout(wakeTimer);
      clearTimeout(dueTimer);
    },
  };
}
