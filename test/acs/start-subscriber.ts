import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { TestContext } from 'node:test';

export interface Received {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  /** The body as JSON; undefined where there is none. */
  json: unknown;
}

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  json?: unknown;
}

export interface Subscriber {
  url: string;
  /** Notifications only, handshakes left out. */
  deliveries: Received[];
  /** The ids of the events of all deliveries, in the order in which they came. */
  ids(): string[];
  requests: Received[];
  /** How notifications are answered from now on; 200 at first. */
  answerWith(answer: (request: Received) => Answer | Promise<Answer>): void;
  /** How handshakes are answered from now on; as they should be at first. */
  shakeHandsWith(answer: (request: Received) => Answer | Promise<Answer>): void;
}

/** A webhook on a real port, until the end of the test. */
export async function startSubscriber(test: TestContext): Promise<Subscriber> {
  const requests: Received[] = [];
  const deliveries: Received[] = [];
  let answerWith: (request: Received) => Answer | Promise<Answer> = () => ({ status: 200 });
  let shakeHandsWith: typeof answerWith = shakeHands;

  const server = createServer(async (message, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const { method = '', url = '', headers } = message;
    const request = { method, url, headers, json: text === '' ? undefined : JSON.parse(text) };
    requests.push(request);
    const isNotification = headers['aeg-event-type'] === 'Notification';
    if (isNotification) deliveries.push(request);
    const answer = await (isNotification ? answerWith(request) : shakeHandsWith(request));
    response.writeHead(answer.status, answer.headers);
    response.end(answer.json === undefined ? undefined : JSON.stringify(answer.json));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  test.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}/hook?key=k`,
    requests,
    deliveries,
    ids: () => deliveries.flatMap(({ json }) => [json].flat()).map(idOf),
    answerWith(answer) {
      answerWith = answer;
    },
    shakeHandsWith(answer) {
      shakeHandsWith = answer;
    },
  };
}

/** Both of Event Grid's handshakes. */
function shakeHands({ method, headers, json }: Received): Answer {
  if (method === 'OPTIONS') {
    return { status: 200, headers: { 'webhook-allowed-origin': String(headers['webhook-request-origin']) } };
  }
  return { status: 200, json: { validationResponse: validationOf(json).validationCode } };
}

/** What a validation event carries. */
export function validationOf(json: unknown): { validationCode: string; validationUrl: string } {
  const [event] = JSON.parse(JSON.stringify(json));
  return event.data;
}

function idOf(event: unknown): string {
  return JSON.parse(JSON.stringify(event)).id;
}
