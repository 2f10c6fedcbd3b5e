import { buildIfStale } from '../../local/build-if-stale.ts';
import { appFolder } from '../../local/stack.ts';
import { timed } from '../measure/stopwatch.ts';
import { printFigures } from '../measure/table.ts';
import { takeTurns } from '../measure/take-turns.ts';
import { postConversations } from '../setup/post-conversations.ts';
import { startParley } from '../setup/start-parley.ts';
import { withFolder } from '../setup/temporary-folder.ts';

/** What the folder with data holds: so many conversations of so many messages. */
const conversations = 1_000;
const messages = 20;

/** Times `npm start` from the command to the line that says it is running. */
export async function benchmarkStart(): Promise<void> {
  await buildIfStale(appFolder, console.log);
  await withFolder(async (folder) => {
    await fill(folder);
    const figures = await takeTurns({
      'on an empty folder': () => withFolder((empty) => start(empty)),
      [`on ${conversations} conversations of ${messages} messages`]: () => start(folder),
    });
    printFigures('ms', figures);
  });
}

async function start(folder: string): Promise<number> {
  const [parley, milliseconds] = await timed(() => startParley({ folder, command: 'npm start' }));
  await parley.stop();
  return milliseconds;
}

async function fill(folder: string): Promise<void> {
  const parley = await startParley({ folder, command: 'node' });
  try {
    await postConversations(parley.url, [...Array(conversations).keys()], { to: messages });
  } finally {
    await parley.stop();
  }
}
