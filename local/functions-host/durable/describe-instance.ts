import { eventType, type HistoryEvent, type Instance } from './types.ts';

/** An instance as the status addresses show it. */
export function describeInstance(instance: Instance, showInput: boolean): Record<string, unknown> {
  const { name, id, status, input, customStatus, output, createdAt, updatedAt } = instance;
  return {
    name,
    instanceId: id,
    runtimeStatus: status,
    input: showInput ? parse(input) : null,
    customStatus: parse(customStatus),
    output: parse(output),
    createdTime: withoutFraction(createdAt),
    lastUpdatedTime: withoutFraction(updatedAt),
  };
}

// What the status address shows of a history, and under which name.
const shownTypes = new Map<number, string>([
  [eventType.executionStarted, 'ExecutionStarted'],
  [eventType.executionCompleted, 'ExecutionCompleted'],
  [eventType.executionTerminated, 'ExecutionTerminated'],
  [eventType.taskCompleted, 'TaskCompleted'],
  [eventType.taskFailed, 'TaskFailed'],
  [eventType.subOrchestrationCompleted, 'SubOrchestrationInstanceCompleted'],
  [eventType.subOrchestrationFailed, 'SubOrchestrationInstanceFailed'],
  [eventType.timerCreated, 'TimerCreated'],
  [eventType.timerFired, 'TimerFired'],
  [eventType.eventRaised, 'EventRaised'],
]);
const hiddenMembers = [
  'EventId',
  'OrchestrationInstance',
  'ParentInstance',
  'Version',
  'Tags',
  'TaskScheduledId',
  'TimerId',
];

/** A history as the status address shows it: what a task was is told where it ends. */
export function describeHistory(history: HistoryEvent[], showOutput: boolean): Record<string, unknown>[] {
  const scheduled = new Map(history.map((event) => [event.EventId, event]));
  return history.flatMap((event) => {
    const EventType = shownTypes.get(event.EventType);
    if (EventType === undefined) return [];
    const { Name, ...members } = event;
    const shown: Record<string, unknown> = { ...members, EventType };
    for (const member of hiddenMembers) delete shown[member];
    if (typeof event.Result === 'string') shown.Result = JSON.parse(event.Result);
    if (!showOutput) delete shown.Result;
    if (event.EventType === eventType.eventRaised) shown.Name = Name;
    if (event.EventType === eventType.executionStarted) shown.FunctionName = Name;
    const start =
      typeof event.TaskScheduledId === 'number' ? scheduled.get(event.TaskScheduledId) : undefined;
    if (!start) return [shown];
    const ScheduledTime = start.Timestamp.replace(/Z$/, '+00:00');
    return [{ ...shown, ScheduledTime, FunctionName: start.Name, Input: null }];
  });
}

function parse(text: string | null): unknown {
  return text === null ? null : JSON.parse(text);
}

function withoutFraction(time: string): string {
  return time.replace(/\.\d+/, '');
}
