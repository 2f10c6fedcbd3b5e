import { randomUUID } from 'node:crypto';
import type { DurableStore } from './store.ts';
import { createEvent, eventType, type Instance, isTerminal } from './types.ts';
import type { DurableWorker } from './worker.ts';

/** What a client may do with orchestrations. Ids that are unknown or ended are the caller's business. */
export type DurableManager = ReturnType<typeof createDurableManager>;

/** Creates the manager over the store and the worker. */
export function createDurableManager(store: DurableStore, { changes, wake }: DurableWorker) {
  return {
    find: store.findInstance,
    list: store.listInstances,
    readHistory: store.readHistory,

    /** Starts an instance. An ended one of the same id makes way; returns the status of one that has not ended. */
    start(name: string, input: string, id: string): Instance['status'] | undefined {
      const existing = store.findInstance(id);
      if (existing && !isTerminal(existing.status)) return existing.status;
      const instance = { id, name, input, execution: randomUUID(), generation: 0 as const, parent: null };
      store.transaction(() => changes.start(instance));
      return undefined;
    },

    /** Delivers an external event; it waits for the orchestrator when that does not wait for it yet. */
    raiseEvent({ id }: Instance, name: string, input: string): void {
      const event = createEvent(eventType.eventRaised, {
        Name: name,
        Input: input,
        ParentTraceContext: null,
      });
      store.transaction(() => store.addToInbox(id, event));
      wake(id);
    },

    /** Ends an instance at once. Activities that run go on, and what they return is dropped. */
    terminate(instance: Instance, reason: string): void {
      store.transaction(() => changes.finish(instance, 'Terminated', JSON.stringify(reason)));
    },

    /** Stops an instance from taking anything in until it is resumed. */
    suspend(instance: Instance, reason: string): void {
      store.transaction(() =>
        store.saveInstance({ ...instance, status: 'Suspended', output: JSON.stringify(reason) }),
      );
    },

    /** Lets a suspended instance go on with all that has come in meanwhile. */
    resume(instance: Instance): void {
      store.transaction(() => store.saveInstance({ ...instance, status: 'Running', output: null }));
      wake(instance.id);
    },

    /** Forgets an instance that has ended. */
    purge({ id }: Instance): void {
      store.transaction(() => {
        store.forgetWork(id);
        store.forgetHistory(id);
        store.removeInstance(id);
      });
      store.clearLog();
    },
  };
}
