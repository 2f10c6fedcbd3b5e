import { z } from 'zod';
import { type Call, retryOptions, type TaskSpec } from './types.ts';

/** What one run of an orchestrator function says. Inputs and outputs are JSON text. */
export interface Decision {
  /** Everything that it asked for since its round began, in order, without the waits for external events. */
  tasks: WantedTask[];
  /** How often it waited for each external event. */
  awaitedEvents: Map<string, number>;
  customStatus: string | null;
  outcome:
    | { kind: 'waits' }
    | { kind: 'completed'; output: string }
    | { kind: 'continued'; input: string }
    | { kind: 'failed'; message: string; details: string };
}

/** A task that the orchestrator asked for, and whether it cancelled it again, which only timers can be. */
export interface WantedTask {
  spec: TaskSpec;
  isCanceled: boolean;
}

const state = z.object({
  isDone: z.boolean().default(false),
  actions: z.array(z.array(z.unknown())).default([]),
  output: z.unknown().optional(),
  error: z.string().optional(),
  customStatus: z.unknown().optional(),
});

const call = { functionName: z.string(), input: z.unknown().optional() };
const child = { ...call, instanceId: z.string().nullish() };
const retried = {
  retryOptions: retryOptions.extend({
    retryTimeoutInMilliseconds: z.undefined('is not supported locally').optional(),
  }),
};
const action = z.discriminatedUnion('actionType', [
  z.object({ actionType: z.literal(0), ...call }),
  z.object({ actionType: z.literal(1), ...call, ...retried }),
  z.object({ actionType: z.literal(2), ...child }),
  z.object({ actionType: z.literal(3), ...child, ...retried }),
  z.object({ actionType: z.literal(4), input: z.unknown().optional() }),
  z.object({ actionType: z.literal(5), fireAt: z.coerce.date(), isCanceled: z.boolean() }),
  z.object({ actionType: z.literal(6), externalEventName: z.string() }),
]);
const compound = z.object({ compoundActions: z.array(z.unknown()) });
const compoundTypes = [11, 12];
const refusedTypes = new Map([
  [7, 'callEntity'],
  [8, 'callHttp'],
  [9, 'signalEntity'],
  [13, 'lock'],
  [14, 'lock'],
]);

/** Reads what an orchestrator returned. Throws for what this host does not have or what Azure would do wrong. */
export function readDecision(returned: unknown): Decision {
  const { isDone, actions, output, customStatus } = state.parse(returned);
  const decision: Decision = {
    tasks: [],
    awaitedEvents: new Map(),
    customStatus: customStatus === undefined ? null : toJson(customStatus),
    outcome: isDone ? { kind: 'completed', output: toJson(output) } : { kind: 'waits' },
  };
  for (const each of flatten(actions.flat())) addAction(decision, each);
  return decision;
}

// Under which durable-functions hides an orchestrator's state in the message of its error.
const stateLabel = '$OutOfProcData$:';

/** Reads why an orchestrator failed. */
export function readFailure(functionName: string, thrown: unknown): Decision {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const at = text.indexOf(stateLabel);
  const parsed = at < 0 ? { error: text } : state.parse(JSON.parse(text.slice(at + stateLabel.length)));
  const reason =
    parsed.error ?? 'it threw a value that is no Error. On Azure the instance would stay Running for ever';
  const customStatus =
    'customStatus' in parsed && parsed.customStatus !== undefined ? toJson(parsed.customStatus) : null;
  // The library drops the stack of the app's error, and Azure shows the host's in its place.
  const stack = stackOf(new Error(reason));
  const outcome = {
    kind: 'failed' as const,
    message: `Orchestrator function '${functionName}' failed: ${reason}`,
    details: `Message: ${reason}, StackTrace: ${stack}`,
  };
  return { tasks: [], awaitedEvents: new Map(), customStatus, outcome };
}

/** The stack frames of an error, indented as .NET does it. */
export function stackOf(error: Error): string {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return frames.map((line) => `   ${line.trim()}`).join('\n');
}

/** JSON text of any value; what JSON cannot say becomes null. */
export function toJson(value: unknown): string {
  return JSON.stringify(value) ?? 'null';
}

function flatten(actions: unknown[], seen = new Set<unknown>()): unknown[] {
  return actions.flatMap((each) => {
    if (seen.has(each)) {
      throw new Error(
        'A task that was waited for before was given to another Task.any or Task.all. durable-functions schedules it ' +
          'a second time then (https://github.com/Azure/azure-functions-durable-js/issues/574): wait for each task once.',
      );
    }
    seen.add(each);
    const isCompound = compoundTypes.includes(typeOf(each));
    return isCompound ? flatten(compound.parse(each).compoundActions, seen) : [each];
  });
}

function addAction(decision: Decision, value: unknown): void {
  const refused = refusedTypes.get(typeOf(value));
  if (refused) throw new Error(`the local Functions host does not have ${refused}`);
  const wanted = action.parse(value);
  const want = (spec: TaskSpec, isCanceled = false) => decision.tasks.push({ spec, isCanceled });
  switch (wanted.actionType) {
    case 0:
    case 1: {
      const { functionName: name, input } = wanted;
      want({ kind: 'activity', name, input: readInput(input), retry: readRetry(wanted) });
      return;
    }
    case 2:
    case 3: {
      const { functionName: name, input, instanceId } = wanted;
      const child = instanceId ?? undefined;
      want({ kind: 'orchestration', name, input: toJson(input), child, retry: readRetry(wanted) });
      return;
    }
    case 4:
      decision.outcome = { kind: 'continued', input: readInput(wanted.input) ?? 'null' };
      return;
    case 5: {
      const until = wanted.fireAt.toISOString();
      want({ kind: 'timer', fireAt: until, until }, wanted.isCanceled);
      return;
    }
    case 6: {
      const { externalEventName: name } = wanted;
      decision.awaitedEvents.set(name, (decision.awaitedEvents.get(name) ?? 0) + 1);
    }
  }
}

function typeOf(value: unknown): number {
  const isTyped = typeof value === 'object' && value !== null && 'actionType' in value;
  return isTyped ? Number(value.actionType) : Number.NaN;
}

// durable-functions has made JSON of texts already, and of nothing else.
function readInput(input: unknown): string | null {
  if (input === undefined || input === null) return null;
  return typeof input === 'string' ? input : toJson(input);
}

function readRetry(wanted: object): Call['retry'] {
  return 'retryOptions' in wanted
    ? { options: retryOptions.parse(wanted.retryOptions), attempt: 1 }
    : undefined;
}

// Durable Functions splits timers above six days into legs of three; the library counts a task id for each leg.
const longestTimer = 6 * 86_400_000;
const timerLeg = 3 * 86_400_000;

/** The timer to set at `now` for something that is due at `until`. */
export function createTimer(until: Date, now: Date): TaskSpec {
  const isLong = until.getTime() - now.getTime() > longestTimer;
  const fireAt = isLong ? new Date(now.getTime() + timerLeg) : until;
  return { kind: 'timer', fireAt: fireAt.toISOString(), until: until.toISOString() };
}

/**
 * The task that the end of another one asks for by itself: the pause after a failed attempt, the attempt after a
 * pause, the next leg of a long timer. durable-functions gives it the next task id before any code of the app runs.
 */
export function followUp(ended: TaskSpec, failed: boolean, now: Date): TaskSpec | undefined {
  if (ended.kind === 'timer') {
    if (ended.next) return ended.next;
    return new Date(ended.until) > now ? createTimer(new Date(ended.until), now) : undefined;
  }
  if (!failed || !ended.retry) return undefined;
  const { options, attempt } = ended.retry;
  const pause = options.firstRetryIntervalInMilliseconds * options.backoffCoefficient ** (attempt - 1);
  const fireAt = new Date(
    now.getTime() + Math.min(pause, options.maxRetryIntervalInMilliseconds),
  ).toISOString();
  const isLast = attempt >= options.maxNumberOfAttempts;
  const next = isLast ? undefined : { ...ended, action: undefined, retry: { options, attempt: attempt + 1 } };
  return { kind: 'timer', fireAt, until: fireAt, next };
}
