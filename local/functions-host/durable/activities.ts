import type { HostedFunction } from '../check-functions.ts';
import type { Invoke } from '../invoke.ts';
import { membersOf, type RpcData } from '../rpc-data.ts';
import { stackOf } from './replay.ts';
import { type Call, createEvent, eventType, type HistoryEvent, type Task } from './types.ts';

/** Runs an activity and returns the history event that says how it ended. */
export async function runActivity(
  hosted: HostedFunction | undefined,
  task: Task,
  { name, input }: Call,
  invoke: Invoke,
): Promise<HistoryEvent> {
  const TaskScheduledId = task.id;
  try {
    if (!hosted) throw new Error('The app has no such activity any more.');
    const data = toActivityData(input);
    const { returnValue } = await invoke(hosted, data, describeInput(hosted, task, data));
    return createEvent(eventType.taskCompleted, { TaskScheduledId, Result: readResult(returnValue) });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const Reason = `Activity function '${name}' failed:  ${message}`;
    const Details = describeException(error instanceof Error ? error : new Error(message));
    return createEvent(eventType.taskFailed, { TaskScheduledId, Reason, Details, FailureDetails: null });
  }
}

// Azure hands truth values to activities as the texts "True" and "False", and null as nothing.
function toActivityData(input: string | null): RpcData | undefined {
  if (input === null || input === 'null') return undefined;
  if (input === 'true' || input === 'false') return { json: input === 'true' ? '"True"' : '"False"' };
  return { json: input };
}

function describeInput(
  hosted: HostedFunction,
  task: Task,
  data: RpcData | undefined,
): Record<string, RpcData> {
  const instanceId = { json: JSON.stringify(task.instance) };
  if (!data?.json) return { instanceId };
  return { instanceId, [hosted.trigger.name]: data, data, ...membersOf(data.json) };
}

function readResult(data: RpcData | null | undefined): string {
  if (!data) return 'null';
  if (typeof data.json === 'string') return data.json;
  if (data.bytes) return JSON.stringify(Buffer.from(data.bytes).toString('base64'));
  return JSON.stringify(data.string ?? data.int ?? data.double ?? null);
}

// The .NET exception that Azure writes around an activity's error, cut to what tells something.
function describeException(error: Error): string {
  return JSON.stringify({
    $type: 'System.Exception, System.Private.CoreLib',
    ClassName: 'System.Exception',
    Message: ` ${error.message}`,
    InnerException: { RemoteMessage: error.message, RemoteStackTrace: stackOf(error) },
  });
}
