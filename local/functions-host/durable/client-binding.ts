/** Where the addresses of the durable HTTP API are. */
export interface DurableAddresses {
  hubName: string;
  /** `http://localhost:7071`, without a slash at the end. */
  origin: string;
  /** The same API without a key, for the app's own client. */
  rpcBaseUrl: string;
  key: string | undefined;
}

const placeholder = 'INSTANCEID';

/** The JSON that `df.getClient` reads. */
export function createClientBinding(addresses: DurableAddresses): string {
  const { hubName, origin, rpcBaseUrl, key } = addresses;
  const baseUrl = `${origin}/runtime/webhooks/durabletask`;
  const code = key === undefined ? '' : `code=${encodeURIComponent(key)}`;
  const start = `${baseUrl}/orchestrators/{functionName}[/{instanceId}]`;
  const wait = ['timeout={timeoutInSeconds}', 'pollingInterval={intervalInSeconds}', code];
  return JSON.stringify({
    taskHubName: hubName,
    connectionName: null,
    creationUrls: {
      createNewInstancePostUri: withQuery(start, [code]),
      createAndWaitOnNewInstancePostUri: withQuery(start, wait),
    },
    managementUrls: {
      ...describeManagementUrls(addresses, origin, placeholder),
      rewindPostUri: managementUrl(addresses, origin, `${placeholder}/rewind`, ['reason={text}']),
    },
    baseUrl,
    requiredQueryStringParameters: code,
    rpcBaseUrl,
    httpBaseUrl: null,
    maxGrpcMessageSizeInBytes: null,
    grpcHttpClientTimeout: null,
  });
}

/** The addresses under which one instance is managed. */
export function describeManagementUrls(
  addresses: DurableAddresses,
  origin: string,
  id: string,
): Record<string, string> {
  const url = (path: string, query: string[] = []) => managementUrl(addresses, origin, path, query);
  return {
    id,
    statusQueryGetUri: url(id),
    sendEventPostUri: url(`${id}/raiseEvent/{eventName}`),
    terminatePostUri: url(`${id}/terminate`, ['reason={text}']),
    purgeHistoryDeleteUri: url(id),
    restartPostUri: url(`${id}/restart`),
    suspendPostUri: url(`${id}/suspend`, ['reason={text}']),
    resumePostUri: url(`${id}/resume`, ['reason={text}']),
  };
}

function managementUrl(
  { hubName, key }: DurableAddresses,
  origin: string,
  path: string,
  query: string[],
): string {
  const code = key === undefined ? '' : `code=${encodeURIComponent(key)}`;
  const url = `${origin}/runtime/webhooks/durabletask/instances/${path}`;
  return withQuery(url, [...query, `taskHub=${hubName}`, 'connection=Storage', code]);
}

function withQuery(url: string, parts: string[]): string {
  const query = parts.filter((part) => part !== '').join('&');
  return query === '' ? url : `${url}?${query}`;
}
