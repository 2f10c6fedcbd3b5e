import type { Binding, Registration } from './core-module.ts';

/** A function of the app, with its trigger found. */
export interface HostedFunction extends Registration {
  trigger: { name: string; type: TriggerType; settings: Binding };
}

/** The triggers that this host has. */
export type TriggerType = (typeof triggerTypes)[number];

const triggerTypes = [
  'httpTrigger',
  'eventGridTrigger',
  'queueTrigger',
  'timerTrigger',
  'orchestrationTrigger',
  'activityTrigger',
  'entityTrigger',
] as const;

const inputTypes = ['durableClient'];
const outputTypes = ['http', 'queue'];

/** Finds each function's trigger; throws, naming the function, for a trigger, binding or option that this host lacks. */
export function checkFunctions(registrations: Registration[], log: (line: string) => void): HostedFunction[] {
  const functions = registrations.map((registration) => {
    const trigger = findTrigger(registration);
    for (const [name, binding] of Object.entries(registration.bindings)) {
      if (name !== trigger.name) checkBinding(registration.name, binding);
    }
    if (registration.retryOptions) {
      throw refusal(
        registration.name,
        'the option "retry"',
        'none; queues repeat by host.json, Durable by RetryOptions',
      );
    }
    return { ...registration, trigger };
  });
  const entities = functions
    .filter(({ trigger }) => trigger.type === 'entityTrigger')
    .map(({ name }) => name);
  if (entities.length > 0) {
    log(`warning: the local host has no durable entities; every use of these fails: ${entities.join(', ')}`);
  }
  return functions;
}

function findTrigger(registration: Registration): HostedFunction['trigger'] {
  const found = Object.entries(registration.bindings).find(([, { type }]) => /trigger$/i.test(type));
  if (!found) throw new Error(`The function "${registration.name}" has no trigger.`);
  const [name, settings] = found;
  const type = triggerTypes.find((known) => known.toLowerCase() === settings.type.toLowerCase());
  if (!type) throw refusal(registration.name, `the trigger "${settings.type}"`, triggerTypes.join(', '));
  return { name, type, settings };
}

function checkBinding(functionName: string, { type, direction }: Binding): void {
  const supported = direction === 'out' ? outputTypes : inputTypes;
  if (supported.some((known) => known.toLowerCase() === type.toLowerCase())) return;
  const kind = direction === 'out' ? 'output' : 'input';
  throw refusal(functionName, `the ${kind} "${type}"`, supported.join(', '));
}

function refusal(functionName: string, what: string, supported: string): Error {
  return new Error(
    `The function "${functionName}" uses ${what}, which the local Functions host does not have. It has: ${supported}.`,
  );
}
