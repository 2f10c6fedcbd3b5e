import { z } from 'zod';
import { until } from './start-host.ts';

const answer = z.object({ result: z.unknown().optional(), error: z.string().optional() });
const status = z.object({
  instanceId: z.string(),
  runtimeStatus: z.string(),
  input: z.unknown(),
  output: z.unknown(),
  customStatus: z.unknown(),
});
const history = z.object({ historyEvents: z.array(z.object({ EventType: z.string() })) });

/** The status of an orchestration. */
export type Status = z.infer<typeof status>;

/** Speaks to the app in `apps/durable.cjs`, which hands every call to its own durable client. */
export function createDurableClient(url: string) {
  async function call(method: string, ...parameters: unknown[]): Promise<unknown> {
    const response = await fetch(`${url}/api/client/${method}`, {
      method: 'POST',
      body: JSON.stringify(parameters),
    });
    const { result, error } = answer.parse(await response.json());
    if (error !== undefined) throw new Error(error);
    return result;
  }
  const getStatus = async (id: string) => status.parse(await call('getStatus', id));
  return {
    call,
    getStatus,
    /** The types of the events that the history of an instance shows. */
    async readHistory(id: string): Promise<string[]> {
      const response = await fetch(`${url}/runtime/webhooks/durabletask/instances/${id}?showHistory=true`);
      return history.parse(await response.json()).historyEvents.map(({ EventType }) => EventType);
    },
    start: (name: string, instanceId: string, input: unknown = null) =>
      call('startNew', name, { instanceId, input }),
    waitFor: (id: string, ...statuses: string[]): Promise<Status> =>
      until(
        () => getStatus(id),
        ({ runtimeStatus }) => statuses.includes(runtimeStatus),
      ),
    ended(id: string): Promise<Status> {
      return this.waitFor(id, 'Completed', 'Failed', 'Terminated');
    },
  };
}
