import { createServer, type Server } from 'node:http';
import { type HostRequest, type HostResponse, readRequest, sendResponse } from './exchange.ts';

/** A server on 127.0.0.1 and nowhere else. */
export interface Listener {
  port: number;
  /** Takes no new requests, lets running ones end for up to `milliseconds`, then cuts them off. */
  close(milliseconds: number): Promise<void>;
}

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
      response.shouldKeepAlive = server.listening;
      sendResponse(response, answer);
    } catch (error) {
      log(`error: ${message.method} could not be answered: ${error instanceof Error ? error.stack : error}`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    }
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(explain(error, port)));
    server.listen(port, '127.0.0.1', resolve);
  });
  return { port: portOf(server), close: (milliseconds) => closeServer(server, milliseconds) };
}

function explain(error: Error, port: number): Error {
  if (!('code' in error) || error.code !== 'EADDRINUSE') return error;
  return new Error(
    `Port ${port} is taken. Stop what uses it (perhaps another "npm start" or "func start"), or choose another port.`,
    { cause: error },
  );
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}

async function closeServer(server: Server, milliseconds: number): Promise<void> {
  const cutOff = setTimeout(() => server.closeAllConnections(), milliseconds);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(cutOff);
}
