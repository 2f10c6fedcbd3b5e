import { createServer } from 'node:net';
import { ExplainedError } from './explained-error.ts';

/** Fails with what to do when `port` of localhost cannot be had, before anything else is started. */
export async function checkPort(port: number): Promise<void> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') {
      throw new ExplainedError(
        `Port ${port} is taken by another program.\nStop that program, or choose another port: PORT=${port + 1} npm start (PORT=0 takes any free one).`,
      );
    }
    if (code === 'EACCES') {
      throw new ExplainedError(
        `Port ${port} needs rights that this user does not have.\nChoose one above 1023: PORT=7071 npm start`,
      );
    }
    throw error;
  }
  await new Promise((resolve) => server.close(resolve));
}
