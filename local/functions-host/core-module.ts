import Module from 'node:module';
import type { RpcData } from './rpc-data.ts';

/** One trigger, input or output of a function as the app declares it. */
export interface Binding {
  type: string;
  direction: string;
  [setting: string]: unknown;
}

/** What the app hands to `registerFunction`. */
export interface Registration {
  name: string;
  bindings: Record<string, Binding>;
  retryOptions?: unknown;
  callback: (...inputs: unknown[]) => unknown;
}

/** One invocation as the programming model sees it. */
export interface CoreInvocation {
  invocationId: string;
  metadata: { name: string; bindings: Record<string, Binding> };
  request: {
    invocationId: string;
    inputData: { name: string; data: RpcData | undefined }[];
    triggerMetadata: Record<string, RpcData>;
    traceContext: { traceParent: string; traceState: string; attributes: Record<string, string> };
  };
  log(level: string, category: string, message: string): void;
  state?: string;
}

interface InvocationModel {
  getArguments(): Promise<{ context: object; inputs: unknown[] }>;
  invokeFunction(context: object, inputs: unknown[], callback: Registration['callback']): Promise<unknown>;
  getResponse(
    context: object,
    result: unknown,
  ): Promise<{ outputData?: { name: string; data: RpcData }[]; returnValue?: RpcData | null }>;
}

/** `@azure/functions`, as it presents itself to its host. */
export interface ProgrammingModel {
  getInvocationModel(invocation: CoreInvocation): InvocationModel;
  getCapabilities(capabilities: Record<string, string>): Promise<Record<string, string>>;
}

// The library asks for "log" as well and reports that this host does not have it.
const hookNames = ['preInvocation', 'postInvocation', 'appStart', 'appTerminate'];

/** What an app registered while it was loaded. */
export interface AppRegistrations {
  functions: Registration[];
  hooks: { name: string; callback: (context: object) => unknown }[];
  locked: boolean;
}

// The library asks for its host once per process and keeps the answer, so all hosts of a process share this state.
let registrations: AppRegistrations = { functions: [], hooks: [], locked: true };
let model: ProgrammingModel | undefined;
let installed = false;

/** The programming model that the loaded app brought along; throws when it brought none. */
export function getProgrammingModel(): ProgrammingModel {
  if (!model) throw new Error('The app did not load @azure/functions, so it has no functions to run.');
  return model;
}

/** Starts to collect what the app registers from now on, and answers `require('@azure/functions-core')`. */
export function collectRegistrations(log: (line: string) => void): AppRegistrations {
  registrations = { functions: [], hooks: [], locked: false };
  if (!installed) installCoreModule(log);
  return registrations;
}

function installCoreModule(log: (line: string) => void): void {
  installed = true;
  const load: unknown = Reflect.get(Module, '_load');
  if (typeof load !== 'function') {
    throw new Error('This Node has no Module._load, which the local Functions host needs.');
  }
  const core = createCoreModule(log);
  Reflect.set(Module, '_load', function loadWithCore(this: unknown, request: string, ...rest: unknown[]) {
    return request === '@azure/functions-core' ? core : Reflect.apply(load, this, [request, ...rest]);
  });
}

function createCoreModule(log: (line: string) => void) {
  return {
    version: '1.0.0',
    hostVersion: '4.1037.0',
    registerFunction(metadata: Omit<Registration, 'callback'>, callback: Registration['callback']) {
      if (registrations.locked) throw systemError('A function can only be registered while the app starts.');
      registrations.functions.push({ ...metadata, callback });
      return new Disposable();
    },
    registerHook(name: string, callback: (context: object) => unknown) {
      if (!hookNames.includes(name)) throw systemError(`Unrecognized hook "${name}".`, RangeError);
      const hook = { name, callback };
      registrations.hooks.push(hook);
      const { hooks } = registrations;
      return new Disposable(() => hooks.splice(hooks.indexOf(hook), 1));
    },
    setProgrammingModel(value: ProgrammingModel) {
      model = value;
    },
    getProgrammingModel: () => model,
    log(level: string, _category: string, message: string) {
      if (level === 'warning' || level === 'error' || level === 'critical') log(`${level}: ${message}`);
    },
    Disposable,
  };
}

function systemError(message: string, Kind: ErrorConstructor = Error): Error {
  return Object.assign(new Kind(message), { isAzureFunctionsSystemError: true });
}

class Disposable {
  readonly #dispose: (() => unknown) | undefined;
  constructor(dispose?: () => unknown) {
    this.#dispose = dispose;
  }
  dispose() {
    this.#dispose?.();
  }
}
