import { randomBytes, randomUUID } from 'node:crypto';
import type { HostedFunction } from './check-functions.ts';
import type { CoreInvocation } from './core-module.ts';
import { type LoadedApp, runHooks } from './load-app.ts';
import type { RpcData } from './rpc-data.ts';

/** What came out of one invocation. */
export interface InvocationResult {
  /** What the function returned, before the library made it fit for the wire. */
  result: unknown;
  returnValue: RpcData | null | undefined;
}

/** Runs a function once; rejects with what it threw. */
export type Invoke = (
  hosted: HostedFunction,
  data: RpcData | undefined,
  triggerMetadata?: Record<string, RpcData>,
) => Promise<InvocationResult>;

interface InvokeOptions {
  app: LoadedApp;
  clientBinding: () => string;
  writeOutputs: (hosted: HostedFunction, outputs: Map<string, RpcData>) => Promise<void>;
  /** Holds the invocations that have not ended yet. */
  running: Set<Promise<unknown>>;
  log: (line: string) => void;
}

/** The one way in which this host calls a function. */
export function createInvoke(options: InvokeOptions): Invoke {
  const { running } = options;
  return async function invoke(hosted, data, triggerMetadata = {}) {
    const started = performance.now();
    const invocation = run(options, hosted, data, triggerMetadata);
    running.add(invocation);
    try {
      const result = await invocation;
      options.log(`${describe(hosted)} ok ${elapsed(started)}`);
      return result;
    } catch (error) {
      options.log(`${describe(hosted)} failed ${elapsed(started)} ${nameOf(error)}`);
      throw error;
    } finally {
      running.delete(invocation);
    }
  };
}

async function run(
  { app, clientBinding, writeOutputs, log }: InvokeOptions,
  hosted: HostedFunction,
  data: RpcData | undefined,
  triggerMetadata: Record<string, RpcData>,
): Promise<InvocationResult> {
  const { name, bindings } = hosted;
  const invocationId = randomUUID();
  // check-functions.ts lets no other input pass.
  const clients = Object.keys(bindings).filter((key) => bindings[key]?.type === 'durableClient');
  const clientData = clients.map((client) => ({ name: client, data: { json: clientBinding() } }));
  const inputData = [{ name: hosted.trigger.name, data }, ...clientData];
  const invocation: CoreInvocation = {
    invocationId,
    metadata: { name, bindings },
    request: { invocationId, inputData, triggerMetadata, traceContext: createTraceContext() },
    log: (level, category, message) => {
      if (isWorthSaying(level, category)) log(`  ${name}: ${message}`);
    },
  };
  const model = app.model.getInvocationModel(invocation);
  const { context, inputs } = await model.getArguments();
  const pre = { hookData: {}, invocationContext: context, inputs, functionCallback: hosted.callback };
  await runHooks(app, 'preInvocation', pre);

  const outcome: { result: unknown; error: unknown } = { result: null, error: null };
  try {
    outcome.result = await model.invokeFunction(context, pre.inputs, pre.functionCallback);
  } catch (error) {
    outcome.error = error ?? new Error('The function threw nothing.');
  }
  const { hookData } = pre;
  const post = Object.assign(outcome, { hookData, invocationContext: context, inputs: pre.inputs });
  invocation.state = 'postInvocationHooks';
  await runHooks(app, 'postInvocation', post);
  if (post.error !== null && post.error !== undefined) throw post.error;

  const response = await model.getResponse(context, post.result);
  const outputs = new Map(response.outputData?.map((output) => [output.name, output.data]));
  if (response.returnValue && bindings.$return) outputs.set('$return', response.returnValue);
  await writeOutputs(hosted, outputs);
  return { result: post.result, returnValue: response.returnValue };
}

function isWorthSaying(level: string, category: string): boolean {
  if (level === 'trace' || level === 'debug') return false;
  return category === 'user' || level !== 'information';
}

function createTraceContext() {
  const traceParent = `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`;
  return { traceParent, traceState: '', attributes: {} };
}

function describe({ name, trigger }: HostedFunction): string {
  return `${name} (${trigger.type.replace('Trigger', '')})`;
}

function elapsed(started: number): string {
  return `${Math.round(performance.now() - started)} ms`;
}

// Where it was thrown, not what it says: an error's text may quote what people wrote.
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frame = /\n\s+at (?:.*[/\\])?([^/\\\n]+:\d+:\d+)/.exec(error.stack ?? '');
  return frame ? `${error.name} at ${frame[1]?.replace(/\)$/, '')}` : error.name;
}
