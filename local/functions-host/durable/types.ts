import { z } from 'zod';

/** Where an orchestration stands, in the words of Durable Functions. */
export type RuntimeStatus = z.infer<typeof runtimeStatus>;
const runtimeStatus = z.enum(['Pending', 'Running', 'Suspended', 'Completed', 'Failed', 'Terminated']);

/** Whether an orchestration has ended. */
export function isTerminal(status: RuntimeStatus): boolean {
  return status === 'Completed' || status === 'Failed' || status === 'Terminated';
}

/** Who waits for a sub-orchestration. */
export type Parent = z.infer<typeof parent>;
const parent = z.object({ id: z.string(), execution: z.string(), name: z.string(), taskId: z.int() });

/** One orchestration. Input, output and custom status are JSON text. */
export type Instance = z.infer<typeof instanceSchema>;
export const instanceSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** Changes with every continueAsNew, so that what belongs to an earlier round is recognised. */
  execution: z.string(),
  status: runtimeStatus,
  input: z.string(),
  output: z.string().nullable(),
  customStatus: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
  parent: parent.nullable(),
});

/** `RetryOptions` of durable-functions; times in milliseconds. */
export const retryOptions = z.object({
  firstRetryIntervalInMilliseconds: z.number(),
  maxNumberOfAttempts: z.number(),
  backoffCoefficient: z.number().default(1),
  maxRetryIntervalInMilliseconds: z.number().default(Number.MAX_SAFE_INTEGER),
});

const retry = z.object({ options: retryOptions, attempt: z.int() }).optional();
/** Which action of the orchestrator's list asked for the task; absent for the later attempts of a retry. */
const action = z.int().optional();

/** Work for an activity or a sub-orchestration; `input` is JSON text, `child` the id that the app chose. */
export type Call = z.infer<typeof call>;
const call = z.object({
  kind: z.enum(['activity', 'orchestration']),
  name: z.string(),
  input: z.string().nullable(),
  child: z.string().optional(),
  retry,
  action,
});

/** A timer: until `fireAt`, on the way to `until`; when it fires, `next` is called. Times are ISO texts. */
const timer = z.object({
  kind: z.literal('timer'),
  fireAt: z.string(),
  until: z.string(),
  next: call.optional(),
  action,
});

/** What an orchestration waits for under one task id. */
export type TaskSpec = z.infer<typeof taskSpec>;
export const taskSpec = z.discriminatedUnion('kind', [call, timer]);

/** A task of one round of an orchestration. */
export interface Task {
  instance: string;
  execution: string;
  id: number;
  spec: TaskSpec;
}

/** History events of Durable Task that this host writes. The numbers are the protocol's. */
export const eventType = {
  executionStarted: 0,
  executionCompleted: 1,
  executionTerminated: 3,
  taskScheduled: 4,
  taskCompleted: 5,
  taskFailed: 6,
  subOrchestrationCreated: 7,
  subOrchestrationCompleted: 8,
  subOrchestrationFailed: 9,
  timerCreated: 10,
  timerFired: 11,
  orchestratorStarted: 12,
  orchestratorCompleted: 13,
  eventRaised: 15,
} as const;

/** A history event as stored: all but `IsPlayed`, which depends on when it is shown. */
export interface HistoryEvent {
  EventType: number;
  EventId: number;
  Timestamp: string;
  [member: string]: unknown;
}

/** The id of the task that an event ends, if it ends one. */
export function endedTask(event: HistoryEvent): number | undefined {
  const id = event.EventType === eventType.timerFired ? event.TimerId : event.TaskScheduledId;
  return typeof id === 'number' ? id : undefined;
}

/** Makes a history event that happens now. */
export function createEvent(type: number, members: Record<string, unknown> = {}, eventId = -1): HistoryEvent {
  return { EventType: type, EventId: eventId, Timestamp: new Date().toISOString(), ...members };
}
