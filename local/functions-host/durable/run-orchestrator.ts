import type { HostedFunction } from '../check-functions.ts';
import type { Invoke } from '../invoke.ts';
import { type Decision, readDecision, readFailure, type WantedTask } from './replay.ts';
import { asWire, type DurableStore } from './store.ts';
import type { HistoryEvent, Instance } from './types.ts';

/** Lets an orchestrator function replay its history and say what comes next; never rejects. */
export type RunOrchestrator = (instance: Instance, batch: HistoryEvent[]) => Promise<Decision>;

const protocol = {
  upperSchemaVersion: 1,
  upperSchemaVersionNew: 3,
  longRunningTimerIntervalDuration: '3.00:00:00',
  maximumShortTimerDuration: '6.00:00:00',
  defaultHttpAsyncRequestSleepTimeMillseconds: 30000,
};

/** Creates the one way in which orchestrator functions are called. */
export function createOrchestratorRunner(
  store: DurableStore,
  functions: HostedFunction[],
  invoke: Invoke,
): RunOrchestrator {
  return async function runOrchestrator(instance, batch) {
    const hosted = findFunction(functions, 'orchestrationTrigger', instance.name);
    if (!hosted) return readFailure(instance.name, unknownOrchestrator(functions, instance.name));
    try {
      const { result } = await invoke(hosted, { json: createBinding(store, instance, batch) });
      const decision = readDecision(result);
      checkNames(functions, decision.tasks);
      checkDeterminism(store, instance, decision.tasks);
      return decision;
    } catch (error) {
      return readFailure(instance.name, error);
    }
  };
}

/** The function of that trigger and name, whatever the case of the name. */
export function findFunction(
  functions: HostedFunction[],
  type: string,
  name: string,
): HostedFunction | undefined {
  return functions.find(
    (each) => each.trigger.type === type && each.name.toLowerCase() === name.toLowerCase(),
  );
}

// Put together as text: the history is JSON already, and long.
function createBinding(store: DurableStore, { id, input, parent }: Instance, batch: HistoryEvent[]): string {
  const past = store.readWireHistory(id);
  const history = [...past, ...batch.map((event) => asWire(JSON.stringify(event), false))];
  const isReplaying = past.length > 0;
  const rest = { instanceId: id, isReplaying, parentInstanceId: parent?.id ?? null, ...protocol };
  return `{"history":[${history.join(',')}],"input":${input},${JSON.stringify(rest).slice(1)}`;
}

function unknownOrchestrator(functions: HostedFunction[], name: string): Error {
  const orchestrators = functions.filter(({ trigger }) => trigger.type === 'orchestrationTrigger');
  const known = orchestrators.map((each) => `'${each.name}'`).sort();
  return new Error(
    `The function '${name}' doesn't exist, is disabled, or is not an orchestrator function. Additional info: ` +
      `The following are the known orchestrator functions: ${known.join(', ')}.`,
  );
}

// Azure leaves such an instance Running for ever. Not even the orchestrator's own catch may hide that here.
function checkNames(functions: HostedFunction[], wanted: WantedTask[]): void {
  for (const { spec } of wanted) {
    if (spec.kind === 'timer' || findFunction(functions, `${spec.kind}Trigger`, spec.name)) continue;
    const missing = `there is no ${spec.kind} function '${spec.name}'`;
    throw new Error(`${missing}. On Azure the instance would stay Running for ever`);
  }
}

function checkDeterminism(store: DurableStore, { id, execution }: Instance, wanted: WantedTask[]): void {
  for (const [index, known] of store.listActions(id, execution).entries()) {
    const spec = wanted[index]?.spec;
    if (spec?.kind === known.kind && (spec.kind === 'timer' || spec.name === known.name)) continue;
    throw new Error(
      `Non-Deterministic workflow detected: task ${known.id} was ${known.kind} '${known.name ?? ''}' before and is not ` +
        'asked for in its place now. Was the orchestrator changed after this instance had started, or does it read a ' +
        'clock, a random number or the environment?',
    );
  }
}
