import type { Server } from 'node:http';

/** A server on 127.0.0.1 and nowhere else. */
export interface Listener {
  port: number;
  /** Takes no new requests, lets running ones end for up to `milliseconds`, then cuts them off. */
  close(milliseconds: number): Promise<void>;
}

/** Listens on a port (0: any free one); rejects with `whenTaken` when it is. */
export async function listenLocally(server: Server, port: number, whenTaken: string): Promise<Listener> {
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(isTaken(error) ? new Error(whenTaken, { cause: error }) : error));
    server.listen(port, '127.0.0.1', resolve);
  });
  return { port: portOf(server), close: (milliseconds) => closeServer(server, milliseconds) };
}

function isTaken(error: Error): boolean {
  return 'code' in error && error.code === 'EADDRINUSE';
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
