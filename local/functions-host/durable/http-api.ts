import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type HostRequest, type HostResponse, json, queryValue } from '../exchange.ts';
import { type DurableAddresses, describeManagementUrls } from './client-binding.ts';
import { listInstances, purgeInstance, purgeInstances, showInstance } from './instance-queries.ts';
import type { DurableManager } from './manage.ts';
import { conflict, problem, readJsonBody } from './problems.ts';
import { type Instance, isTerminal } from './types.ts';

/** Serves the HTTP API of Durable Functions; `path` begins after `/runtime/webhooks/durabletask`. */
export type DurableApi = (request: HostRequest, path: string) => Promise<HostResponse>;

const notFound: HostResponse = { status: 404 };
const accepted: HostResponse = { status: 202 };
const gone: HostResponse = { status: 410 };

/** Creates the API that `df.getClient` and the status addresses speak. */
export function createDurableApi(manager: DurableManager, addresses: () => DurableAddresses): DurableApi {
  return async function serveDurable(request, path) {
    const hub = queryValue(request, 'taskHub') ?? addresses().hubName;
    if (hub.toLowerCase() !== addresses().hubName.toLowerCase()) return notFound;
    const segments = path.split('/').filter((part) => part !== '');
    const [area = '', id, verb, detail, ...rest] = segments.map((part) => decodeURIComponent(part));
    if (rest.length > 0) return notFound;
    switch (area.toLowerCase()) {
      case 'orchestrators':
        if (request.method !== 'POST' || id === undefined || detail !== undefined) return notFound;
        return start(request, id, verb ?? randomId());
      case 'instances':
        return id === undefined ? serveMany(request) : serveOne(request, id, verb, detail);
      case 'entities':
        return json(501, { Message: 'The local Functions host does not have durable entities.' });
      default:
        return notFound;
    }
  };

  function serveMany(request: HostRequest): HostResponse {
    if (request.method === 'GET') return listInstances(manager, request);
    return request.method === 'DELETE' ? purgeInstances(manager, request) : notFound;
  }

  function serveOne(request: HostRequest, id: string, verb = '', detail = ''): HostResponse {
    const instance = manager.find(id);
    switch (`${request.method} ${verb.toLowerCase()}`) {
      case 'GET ':
        return instance ? showInstance(manager, request, instance) : notFound;
      case 'DELETE ':
        return instance ? purgeInstance(manager, instance) : notFound;
      case 'POST restart':
        return restart(request, id, instance);
      case 'POST rewind':
        return refuseRewind(id, instance);
      case 'POST raiseevent':
        return instance && detail ? raiseEvent(request, detail, instance) : notFound;
      case 'POST terminate':
        return instance ? terminate(request, instance) : notFound;
      case 'POST suspend':
      case 'POST resume':
        return instance ? suspendOrResume(request, verb.toLowerCase(), instance) : notFound;
      default:
        return notFound;
    }
  }

  async function start(request: HostRequest, name: string, id: string): Promise<HostResponse> {
    const body = request.body.toString();
    const nothing = request.headers['content-type'] === undefined ? 'null' : '""';
    const input = body === '' ? nothing : readJsonBody(body);
    if (typeof input !== 'string') return input;
    const running = manager.start(name, input, id);
    if (running) return conflict(running);

    const deadline = Date.now() + 1000 * Number(queryValue(request, 'timeout') ?? 0);
    while (Date.now() < deadline) {
      const instance = manager.find(id);
      if (instance?.status === 'Completed') return json(200, JSON.parse(instance.output ?? 'null'));
      if (instance && isTerminal(instance.status)) return showInstance(manager, request, instance);
      await sleep(1000 * Math.min(1, Number(queryValue(request, 'pollingInterval') ?? 1)));
    }
    return describeStart(request, id);
  }

  function restart(request: HostRequest, id: string, instance: Instance | undefined): HostResponse {
    if (!instance) {
      const text = `No instance with ID '${id}' was found. (Parameter 'instanceId')`;
      const message = 'InstanceId does not match a valid orchestration instance.';
      return problem(400, message, text, 'System.ArgumentException');
    }
    const keepsId = queryValue(request, 'restartWithNewInstanceId')?.toLowerCase() === 'false';
    const newId = keepsId ? id : randomId();
    const running = manager.start(instance.name, instance.input, newId);
    return running ? conflict(running) : describeStart(request, newId);
  }

  function describeStart(request: HostRequest, id: string): HostResponse {
    const urls = describeManagementUrls(addresses(), request.origin, id);
    return json(202, urls, { location: urls.statusQueryGetUri ?? '', 'retry-after': '10' });
  }

  function raiseEvent(request: HostRequest, name: string, instance: Instance): HostResponse {
    if (isTerminal(instance.status)) return gone;
    if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
      return json(400, { Message: 'Only application/json request content is supported' });
    }
    const input = readJsonBody(request.body.toString());
    if (typeof input !== 'string') return input;
    manager.raiseEvent(instance, name, input);
    return accepted;
  }

  function terminate(request: HostRequest, instance: Instance): HostResponse {
    if (isTerminal(instance.status)) return gone;
    manager.terminate(instance, queryValue(request, 'reason') ?? '');
    return accepted;
  }

  function suspendOrResume(request: HostRequest, verb: string, instance: Instance): HostResponse {
    if (isTerminal(instance.status)) return gone;
    const isSuspended = instance.status === 'Suspended';
    if ((verb === 'suspend') === isSuspended) {
      const state = `instance is in the ${instance.status} state`;
      const text = `Cannot ${verb} the orchestration instance ${instance.id} because ${state}.`;
      const message = 'Something went wrong while processing your request';
      return problem(500, message, text, 'System.InvalidOperationException');
    }
    if (isSuspended) manager.resume(instance);
    else manager.suspend(instance, queryValue(request, 'reason') ?? '');
    return accepted;
  }
}

function refuseRewind(id: string, instance: Instance | undefined): HostResponse {
  // The dollar sign is in Azure's answer, too.
  if (!instance) return json(404, `No orchestration with instance ID "$${id}" found.`);
  if (instance.status === 'Failed') {
    return json(501, 'The local Functions host does not have rewind: start the orchestration anew.');
  }
  const rule = 'but only orchestrations in the "Failed" state can be rewound.';
  return json(412, `This orchestration has status ${instance.status}, ${rule}`);
}

function randomId(): string {
  return randomBytes(16).toString('hex');
}
