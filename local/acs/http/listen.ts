import { randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Listener, listenLocally } from '../../listen-locally.ts';
import { AcsError, type AcsResponse, type ReceivedRequest } from '../exchange.ts';
import { errorResponse } from './error-response.ts';

/** More than the largest request that ACS takes, a mail of 10 MB with attachments in base64. */
const mostBodyBytes = 32 * 1024 ** 2;

/** Listens on a port (0: any free one); rejects with what to do when the port is taken. */
export async function listen(
  port: number,
  serve: (request: ReceivedRequest) => Promise<AcsResponse>,
  log: (line: string) => void,
): Promise<Listener> {
  const server = createServer(async (message, response) => {
    try {
      const body = await readBody(message);
      const { method = '', url: target = '', headers } = message;
      const answer = body ? await serve({ method, target, headers, body }) : tooLarge;
      // A connection kept alive would hold up the close.
      if (!body || !server.listening) response.shouldKeepAlive = false;
      if (answer.isCut) response.destroy();
      else send(response, answer, requestIds(headers));
    } catch (error) {
      // The client broke off before it had sent all: nobody waits for an answer.
      if (!message.complete) return;
      log(`error: ${message.method} could not be answered: ${error instanceof Error ? error.stack : error}`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    }
  });
  const whenTaken = `Port ${port} is taken, perhaps by another ACS emulator. Stop what uses it, or choose another port by ACS_PORT.`;
  return listenLocally(server, port, whenTaken);
}

const tooLarge = errorResponse(
  new AcsError(413, 'RequestEntityTooLarge', `The body is larger than ${mostBodyBytes} bytes.`),
);

/** Nothing when it is larger than any operation takes; the rest is then left unread. */
async function readBody(message: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message.iterator({ destroyOnReturn: false })) {
    length += chunk.length;
    if (length > mostBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Every answer has an id, and brings that of the client back. */
function requestIds(headers: IncomingHttpHeaders): Record<string, string> {
  const clientRequestId = headers['x-ms-client-request-id'];
  return {
    'x-ms-request-id': randomUUID(),
    ...(typeof clientRequestId === 'string' ? { 'x-ms-client-request-id': clientRequestId } : {}),
  };
}

function send(
  response: ServerResponse,
  { status, headers, json, bytes }: AcsResponse,
  ids: Record<string, string>,
): void {
  const body = json === undefined ? bytes : Buffer.from(JSON.stringify(json));
  response.writeHead(status, {
    ...(json === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    ...(body || status !== 204 ? { 'content-length': String(body?.length ?? 0) } : {}),
    ...ids,
    ...headers,
  });
  response.end(body);
}
