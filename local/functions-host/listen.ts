import { createServer } from 'node:http';
import { type Listener, listenLocally } from '../listen-locally.ts';
import { type HostRequest, type HostResponse, readRequest, sendResponse } from './exchange.ts';

/** Listens on a port (0: any free one); rejects with what to do when the port is taken. */
export async function listen(
  port: number,
  serve: (request: HostRequest) => Promise<HostResponse>,
  log: (line: string) => void,
): Promise<Listener> {
  const server = createServer(async (message, response) => {
    try {
      const answer = await serve(await readRequest(message, log));
      // A connection kept alive would hold up the close.
      if (!server.listening) response.shouldKeepAlive = false;
      sendResponse(response, answer);
    } catch (error) {
      log(`error: ${message.method} could not be answered: ${error instanceof Error ? error.stack : error}`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    }
  });
  const whenTaken = `Port ${port} is taken. Stop what uses it (perhaps another "npm start" or "func start"), or choose another port.`;
  return listenLocally(server, port, whenTaken);
}
