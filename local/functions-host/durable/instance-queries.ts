import { type HostRequest, type HostResponse, json, queryValue } from '../exchange.ts';
import { describeHistory, describeInstance } from './describe-instance.ts';
import type { DurableManager } from './manage.ts';
import { type Instance, isTerminal } from './types.ts';

/** Answers with the status of one instance: 202 while it runs, 200 when it has ended. */
export function showInstance(
  manager: DurableManager,
  request: HostRequest,
  instance: Instance,
): HostResponse {
  const body = describeInstance(instance, !says(request, 'showInput', 'false'));
  if (says(request, 'showHistory', 'true')) {
    const history = manager.readHistory(instance.id);
    body.historyEvents = describeHistory(history, says(request, 'showHistoryOutput', 'true'));
  }
  if (!isTerminal(instance.status)) {
    const location = request.origin + request.path + request.search;
    return json(202, body, { location, 'retry-after': '5' });
  }
  const asError = says(request, 'returnInternalServerErrorOnFailure', 'true');
  return json(instance.status === 'Failed' && asError ? 500 : 200, body);
}

/** Answers with a page of instances, and with the token of the next page when there is one. */
export function listInstances(manager: DurableManager, request: HostRequest): HostResponse {
  const token = request.headers['x-ms-continuation-token'] ?? '';
  const found = select(manager, request, Buffer.from(token, 'base64url').toString());
  const page = found.slice(0, Number(queryValue(request, 'top') ?? 100));
  const last = page.at(-1);
  const next = Buffer.from(last?.id ?? '').toString('base64url');
  const showInput = !says(request, 'showInput', 'false');
  const body = page.map((instance) => describeInstance(instance, showInput));
  return json(200, body, found.length > page.length ? { 'x-ms-continuation-token': next } : {});
}

/** Forgets one instance, if it has ended. */
export function purgeInstance(manager: DurableManager, instance: Instance): HostResponse {
  const { id, status } = instance;
  if (!isTerminal(status)) {
    const rule = 'Only orchestrations in a terminal state can be purged';
    return json(412, `${rule}, but the orchestration with instance ID ${id} has status ${status}`);
  }
  manager.purge(instance);
  return json(200, { instancesDeleted: 1 });
}

/** Forgets the instances that have ended and that the query selects. */
export function purgeInstances(manager: DurableManager, request: HostRequest): HostResponse {
  const from = queryValue(request, 'createdTimeFrom');
  if (!from) return json(400, "Please provide value for 'createdTimeFrom' parameter.");
  const ended = select(manager, request, '').filter(({ status }) => isTerminal(status));
  for (const instance of ended) manager.purge(instance);
  return ended.length > 0 ? json(200, { instancesDeleted: ended.length }) : { status: 404 };
}

function select(manager: DurableManager, request: HostRequest, after: string): Instance[] {
  const from = Date.parse(queryValue(request, 'createdTimeFrom') ?? '1970-01-01');
  const to = Date.parse(queryValue(request, 'createdTimeTo') ?? '9999-12-31');
  const wanted = queryValue(request, 'runtimeStatus')
    ?.toLowerCase()
    .split(/\s*,\s*/);
  const prefix = queryValue(request, 'instanceIdPrefix') ?? '';
  return manager.list(prefix, after).filter(({ createdAt, status }) => {
    const created = Date.parse(createdAt);
    return created >= from && created <= to && (wanted?.includes(status.toLowerCase()) ?? true);
  });
}

function says(request: HostRequest, name: string, value: string): boolean {
  return queryValue(request, name)?.toLowerCase() === value;
}
