import { randomBytes } from 'node:crypto';
import { createTimer, type Decision } from './replay.ts';
import type { DurableStore } from './store.ts';
import {
  createEvent,
  eventType,
  type HistoryEvent,
  type Instance,
  isTerminal,
  type Parent,
  type Task,
  type TaskSpec,
} from './types.ts';

/** What a new instance is made from. */
export interface NewInstance {
  id: string;
  name: string;
  /** JSON text. */
  input: string;
  execution: string;
  /** As Azure shows it: 0 for an instance that a client started, `null` otherwise. */
  generation: 0 | null;
  parent: Parent | null;
}

/** The ways in which an orchestration's state changes. Call each inside a transaction. */
export type DurableChanges = ReturnType<typeof createDurableChanges>;

/** Creates the changes; `wake` hears of instances that have something to take in afterwards. */
export function createDurableChanges(
  store: DurableStore,
  wake: (instance: string) => void,
  log: (line: string) => void,
) {
  /** Stores a new instance and its start; what an ended one of the same id left makes way. */
  function start({ id, name, input, execution, generation, parent }: NewInstance): void {
    const now = new Date().toISOString();
    store.forgetWork(id);
    store.forgetHistory(id);
    const state = { status: 'Pending' as const, output: null, customStatus: null };
    store.saveInstance({ id, name, execution, input, parent, createdAt: now, updatedAt: now, ...state });
    store.addToInbox(id, startedEvent({ id, name, input, execution, generation, parent }));
    wake(id);
  }

  /** Takes over what an orchestrator decided; returns the tasks that it newly asked for. */
  function apply(instance: Instance, decision: Decision, followUps: TaskSpec[], now: Date): Task[] {
    const { id, execution } = instance;
    const known = store.listActions(id, execution);
    for (const [index, { id: taskId }] of known.entries()) {
      if (decision.tasks[index]?.isCanceled) store.closeTask(id, execution, taskId);
    }
    const fresh = decision.tasks.slice(known.length).map(({ spec, isCanceled }, index) => {
      const started = spec.kind === 'timer' ? createTimer(new Date(spec.until), now) : spec;
      return { spec: { ...started, action: known.length + index }, isCanceled };
    });
    const { outcome } = decision;
    const goesOn = outcome.kind === 'waits' || outcome.kind === 'completed';
    const wanted = [...followUps.map((spec) => ({ spec, isCanceled: false })), ...fresh];
    const tasks = goesOn ? schedule(instance, wanted) : [];
    store.addHistory(id, createEvent(eventType.orchestratorCompleted), false);

    const status = instance.status === 'Pending' ? 'Running' : instance.status;
    const next = { ...instance, status, customStatus: decision.customStatus };
    if (outcome.kind === 'waits') store.saveInstance(next);
    if (outcome.kind === 'completed') finish(next, 'Completed', outcome.output);
    if (outcome.kind === 'failed') finish(next, 'Failed', JSON.stringify(outcome.message), outcome.details);
    if (outcome.kind === 'continued') continueAsNew(next, outcome.input, decision.awaitedEvents);
    return tasks;
  }

  function schedule(instance: Instance, wanted: { spec: TaskSpec; isCanceled: boolean }[]): Task[] {
    const { id, execution } = instance;
    const first = store.countTasks(id, execution);
    return wanted.map(({ spec, isCanceled }, index) => {
      const task = { instance: id, execution, id: first + index, spec };
      store.addTask(task);
      store.addHistory(id, scheduledEvent(task), false);
      if (isCanceled) store.closeTask(id, execution, task.id);
      if (spec.kind === 'orchestration') startChild(instance, task, spec.name, spec.input ?? 'null');
      return task;
    });
  }

  function startChild(parent: Instance, task: Task, name: string, input: string): void {
    const id = childId(task);
    const existing = store.findInstance(id);
    if (existing && !isTerminal(existing.status)) {
      const Reason = `the id of the sub-orchestration, ${id}, belongs to one that is still ${existing.status}`;
      const members = { TaskScheduledId: task.id, Reason, Details: '', FailureDetails: null };
      endTask(task, createEvent(eventType.subOrchestrationFailed, members));
      return;
    }
    const { execution, name: parentName } = parent;
    const link = { id: parent.id, execution, name: parentName, taskId: task.id };
    start({ id, name, input, execution: newExecution(), generation: null, parent: link });
  }

  function continueAsNew(instance: Instance, input: string, awaited: Map<string, number>): void {
    const { id, name, parent, createdAt, customStatus, status } = instance;
    const lost = countUnawaited(store.readHistory(id), awaited);
    if (lost > 0) {
      log(`warning: ${id} called continueAsNew before it awaited ${lost} events; they are lost, as on Azure`);
    }
    // What else may have come belongs to tasks of the round that ends.
    const later = store.readInbox(id).filter(({ event }) => event.EventType === eventType.eventRaised);
    start({ id, name, input, execution: newExecution(), generation: null, parent });
    const created = store.findInstance(id);
    if (created) store.saveInstance({ ...created, status, createdAt, customStatus });
    // The first history of a new round shows how the old one ended.
    store.addToInbox(id, createEvent(eventType.orchestratorCompleted));
    for (const { event } of later) store.addToInbox(id, event);
  }

  /** Ends an instance; `output` is JSON text. Its parent, if there is one, learns of it. */
  function finish(
    instance: Instance,
    status: 'Completed' | 'Failed' | 'Terminated',
    output: string,
    details = '',
  ): void {
    const { id, parent } = instance;
    const reason = String(JSON.parse(output));
    if (status === 'Terminated') {
      store.addHistory(id, createEvent(eventType.executionTerminated, { Input: reason }), false);
    }
    const ending = { OrchestrationStatus: status, Result: output, FailureDetails: null };
    store.addHistory(id, createEvent(eventType.executionCompleted, ending), false);
    store.saveInstance({ ...instance, status, output });
    store.forgetWork(id);

    const task = parent ? store.findTask(parent.id, parent.execution, parent.taskId) : undefined;
    if (!task) return;
    const TaskScheduledId = task.id;
    const event =
      status === 'Completed'
        ? createEvent(eventType.subOrchestrationCompleted, { TaskScheduledId, Result: output })
        : createEvent(eventType.subOrchestrationFailed, {
            TaskScheduledId,
            Reason: reason,
            Details: details,
            FailureDetails: null,
          });
    endTask(task, event);
  }

  /** Delivers the end of a task to its orchestration, once, and only while that still waits. */
  function endTask({ instance, execution, id }: Task, event: HistoryEvent): void {
    if (!store.closeTask(instance, execution, id)) return;
    const waiting = store.findInstance(instance);
    if (!waiting || waiting.execution !== execution || isTerminal(waiting.status)) return;
    store.addToInbox(instance, event);
    wake(instance);
  }

  return { start, apply, finish, endTask };
}

function newExecution(): string {
  return randomBytes(16).toString('hex');
}

function childId({ spec, execution, id }: Task): string {
  return (spec.kind === 'orchestration' && spec.child) || `${execution}:${id}`;
}

function countUnawaited(history: HistoryEvent[], awaited: Map<string, number>): number {
  const raised = new Map<string, number>();
  for (const { EventType, Name } of history) {
    if (EventType === eventType.eventRaised) raised.set(String(Name), (raised.get(String(Name)) ?? 0) + 1);
  }
  return [...raised].reduce((sum, [name, count]) => sum + Math.max(0, count - (awaited.get(name) ?? 0)), 0);
}

function startedEvent({ id, name, input, execution, generation, parent }: NewInstance): HistoryEvent {
  const ParentInstance = parent && {
    Name: parent.name,
    OrchestrationInstance: { InstanceId: parent.id, ExecutionId: parent.execution },
    TaskScheduleId: parent.taskId,
    Version: null,
  };
  return createEvent(eventType.executionStarted, {
    OrchestrationInstance: { InstanceId: id, ExecutionId: execution },
    ParentInstance,
    Name: name,
    Version: null,
    Input: input,
    Tags: null,
    Correlation: null,
    ParentTraceContext: null,
    ScheduledStartTime: null,
    Generation: generation,
    GenerateNewTrace: false,
  });
}

function scheduledEvent(task: Task): HistoryEvent {
  const { id, spec } = task;
  if (spec.kind === 'timer') return createEvent(eventType.timerCreated, { FireAt: spec.fireAt }, id);
  const common = { Name: spec.name, Input: null, Tags: null };
  if (spec.kind === 'activity') {
    return createEvent(eventType.taskScheduled, { ...common, Version: '', ParentTraceContext: null }, id);
  }
  const members = { ...common, Version: null, InstanceId: childId(task), ClientSpanId: null };
  return createEvent(eventType.subOrchestrationCreated, members, id);
}
