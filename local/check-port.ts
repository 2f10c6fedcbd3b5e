import { createServer } from 'node:net';
import { ExplainedError } from './explained-error.ts';

/**
 * Fails with what to do when `port` of localhost cannot be had, before anything else is started. `setting` chooses the
 * port of `command`.
 */
export async function checkPort(port: number, setting = 'PORT', command = 'npm start'): Promise<void> {
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
        `Port ${port} is taken by another program.\nStop that program, or choose another port: ${setting}=${port + 1} ${command} (${setting}=0 takes any free one).`,
      );
    }
    if (code === 'EACCES') {
      throw new ExplainedError(
        `Port ${port} needs rights that this user does not have.\nChoose one above 1023: ${setting}=7071 ${command}`,
      );
    }
    throw error;
  }
  await new Promise((resolve) => server.close(resolve));
}
