import { resolve } from 'node:path';
import { createAdmin } from './admin.ts';
import { createClientBinding, type DurableAddresses } from './durable/client-binding.ts';
import { createDurableApi } from './durable/http-api.ts';
import { createDurableManager } from './durable/manage.ts';
import { createDurableStore } from './durable/store.ts';
import { createDurableWorker } from './durable/worker.ts';
import { createEventGrid } from './event-grid.ts';
import type { HostRequest, HostResponse } from './exchange.ts';
import { createHttpFunctions } from './http-functions.ts';
import { createInvoke } from './invoke.ts';
import type { HostKeys } from './keys.ts';
import { listen } from './listen.ts';
import { loadApp, runHooks } from './load-app.ts';
import { openDatabase } from './open-database.ts';
import { createQueueOutputs } from './queue-outputs.ts';
import { createQueueTriggers } from './queue-triggers.ts';
import { applyLocalSettings, readHostSettings } from './read-settings.ts';
import { createServe } from './serve.ts';
import { createTimers } from './timers.ts';

/** How to start a host. */
export interface FunctionsHostOptions {
  /** Holds package.json (`main`, perhaps a glob), host.json and perhaps local.settings.json. */
  appFolder: string;
  /** 0 for any free port; only 127.0.0.1 is listened on. */
  port: number;
  /** Where the state of orchestrations and timers lives; it survives the end of the process. */
  dataFolder: string;
  /** Connection string of the storage account that holds the queues. */
  storage: string;
  /** When given, keys are enforced as on Azure; otherwise every address is open, as with `func start`. */
  keys?: HostKeys;
  /** Gets one line per invocation, and warnings. */
  log?: (line: string) => void;
}

/** A host that runs. */
export interface FunctionsHost {
  port: number;
  /** Takes nothing new, waits up to ten seconds for what runs, and closes the state. */
  stop(): Promise<void>;
}

const drainMilliseconds = 10_000;

/** Runs an Azure Functions v4 app in this process; rejects, saying what to do, when it cannot. */
export async function startFunctionsHost(options: FunctionsHostOptions): Promise<FunctionsHost> {
  const { dataFolder, storage, keys, log = console.log } = options;
  const appFolder = resolve(options.appFolder);
  const settings = readHostSettings(appFolder);
  const draining: (() => unknown)[] = [];
  const closing: (() => unknown)[] = [];
  const stop = async () => {
    await Promise.all(draining.splice(0).map((drain) => drain()));
    // What has just ended is recorded in the turn that follows.
    await new Promise(setImmediate);
    for (const close of closing.splice(0)) await close();
  };

  try {
    // The port comes first because the app may read WEBSITE_HOSTNAME while it loads.
    let serve: (request: HostRequest) => Promise<HostResponse> = async () => ({ status: 503 });
    let serveClient = serve;
    const running = new Set<Promise<unknown>>();
    const listener = await listen(options.port, (request) => serve(request), log);
    draining.push(() => listener.close(drainMilliseconds));
    closing.push(announceHostname(listener.port));
    const client = await listen(0, (request) => serveClient(request), log);
    closing.push(() => client.close(0));
    applyLocalSettings(appFolder);

    const app = await loadApp(appFolder, log);
    const { functions } = app;
    closing.push(() => runHooks(app, 'appTerminate', { hookData: {} }));
    const database = openDatabase(dataFolder);
    closing.push(() => database.close());

    const addresses = (): DurableAddresses => ({
      hubName: settings.durableTask.hubName,
      origin: publicOrigin(),
      rpcBaseUrl: `http://127.0.0.1:${client.port}/durabletask/`,
      key: keys?.durabletask,
    });
    const writeOutputs = createQueueOutputs(storage, settings.queues);
    const clientBinding = () => createClientBinding(addresses());
    const invoke = createInvoke({ app, clientBinding, writeOutputs, running, log });

    const store = createDurableStore(database);
    const worker = createDurableWorker({ store, functions, invoke, settings: settings.durableTask, log });
    const timers = createTimers(functions, database, invoke, log);
    const queues = createQueueTriggers(functions, storage, settings.queues, invoke, log);
    draining.push(worker.stop, timers.stop, queues.stop, () => waitFor(running));

    const durable = createDurableApi(createDurableManager(store, worker), addresses);
    const eventGrid = createEventGrid(functions, invoke);
    const http = createHttpFunctions(functions, settings.http.routePrefix, keys, invoke);
    serve = createServe({ http, eventGrid, durable, admin: createAdmin(functions, timers), keys });
    serveClient = async (request) => {
      const [, path] = /^\/durabletask(\/.*)$/.exec(request.path) ?? [];
      return path === undefined ? { status: 404 } : durable(request, path);
    };
    worker.resume();
    await queues.start();
    timers.start();
    return { port: listener.port, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function announceHostname(port: number): () => void {
  if (process.env.WEBSITE_HOSTNAME !== undefined) return () => {};
  process.env.WEBSITE_HOSTNAME = `localhost:${port}`;
  return () => {
    delete process.env.WEBSITE_HOSTNAME;
  };
}

// The rule of Azure's host: links say https unless the name is localhost.
function publicOrigin(): string {
  const name = process.env.WEBSITE_HOSTNAME ?? 'localhost';
  return `${/^localhost(:|$)/i.test(name) ? 'http' : 'https'}://${name}`;
}

async function waitFor(running: Set<Promise<unknown>>): Promise<void> {
  const deadline = AbortSignal.timeout(drainMilliseconds);
  const expired = new Promise((resolve) => deadline.addEventListener('abort', resolve));
  while (running.size > 0 && !deadline.aborted) await Promise.race([Promise.allSettled(running), expired]);
}
