import type { DurableClient } from 'durable-functions';

export type Status = Awaited<ReturnType<DurableClient['getStatus']>>;

/** Spelled out, so that whoever only asks for a status does not load the library. */
const running: readonly string[] = ['Pending', 'Running', 'ContinuedAsNew', 'Suspended'];

/** True while an orchestration has not come to its end. */
export function isRunning({ runtimeStatus }: { runtimeStatus: string }): boolean {
  return running.includes(runtimeStatus);
}

/** The client throws for an instance that is not there. */
export async function findStatus(
  client: Pick<DurableClient, 'getStatus'>,
  instanceId: string,
): Promise<Status | undefined> {
  try {
    return await client.getStatus(instanceId);
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  }
}

/** The client's errors carry the status of the host's answer in their text alone. */
export function hasStatus(error: unknown, status: number): boolean {
  return error instanceof Error && new RegExp(`\\b${status}\\b`).test(error.message);
}
