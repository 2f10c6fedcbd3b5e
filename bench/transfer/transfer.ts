import { startAcsEmulator } from '../../local/acs/start-emulator.ts';
import type { AcsClients } from '../../src/shared/acs/clients.ts';
import { clientsOf } from '../../test/support/acs.ts';
import { type Bench, newAccount, openBench, run } from '../../test/transfer/transfer-bench.ts';
import { divide } from '../measure/sample.ts';
import { timed } from '../measure/stopwatch.ts';
import { printFigures, printRatio } from '../measure/table.ts';
import { takeTurns } from '../measure/take-turns.ts';
import { messageEvent } from '../setup/conversations.ts';
import { readEntries } from '../setup/read-entries.ts';
import { withAzurite } from '../setup/with-azurite.ts';

const threadMessages = 2_000;
const conversations = 200;
const messages = 30;

/**
 * Imports a thread from the ACS emulator through the genuine SDK, against a loop that appends each message as it comes;
 * then exports many conversations and imports that export into an empty account.
 */
export async function benchmarkTransfer(): Promise<void> {
  const emulator = await startAcsEmulator({ port: 0, dataFile: ':memory:' });
  try {
    const clients = clientsOf(emulator);
    const { user, thread } = await writeThread(clients);
    await withAzurite(async ({ connectionString }) => {
      const open = () => openBench(connectionString, { clients, serviceUser: user });
      const figures = await takeTurns({
        Parley: () => perSecond(threadMessages, () => importThread(open(), thread)),
        'one append per message': () =>
          perSecond(threadMessages, () => appendEach(open(), clients, user, thread)),
      });
      printFigures('messages/s of a thread', figures);
      printRatio('faster', divide(figures.Parley, figures['one append per message']));
      await measureRoundTrip(connectionString);
    });
  } finally {
    await emulator.stop();
  }
}

async function writeThread(clients: AcsClients): Promise<{ user: string; thread: string }> {
  const user = (await (await clients.identity()).createUser()).communicationUserId;
  const client = await clients.chatAs(user);
  const thread = (await client.createChatThread({ topic: 'Long' })).chatThread?.id ?? '';
  const writing = client.getChatThreadClient(thread);
  for (let index = 0; index < threadMessages; index += 1)
    await writing.sendMessage({ content: `Number ${index}` });
  return { user, thread };
}

async function importThread(bench: Bench, thread: string): Promise<void> {
  const { state, added = 0 } = await run(bench, 'import', { chat: { thread } });
  if (state !== 'completed' || added < threadMessages)
    throw new Error(`The import is ${state}: ${added} added.`);
}

/** What a script over the SDK does: page after page, message after message. */
async function appendEach(
  { transcripts }: Bench,
  clients: AcsClients,
  user: string,
  thread: string,
): Promise<void> {
  const reading = (await clients.chatAs(user)).getChatThreadClient(thread);
  let index = 0;
  for await (const message of reading.listMessages({ maxPageSize: 200 })) {
    if (message.type !== 'text') continue;
    await transcripts.append({ channel: 'chat', id: thread }, readEntries(messageEvent(0, index)));
    index += 1;
  }
  if (index !== threadMessages) throw new Error(`${index} messages were listed.`);
}

async function measureRoundTrip(connectionString: string): Promise<void> {
  const from = openBench(connectionString);
  for (let conversation = 0; conversation < conversations; conversation += 1) {
    await from.accept(Array.from({ length: messages }, (_, index) => messageEvent(conversation, index)));
  }
  const [exported, exporting] = await timed(() => run(from, 'export', {}));
  const account = { ...newAccount(), exports: from.account.exports };
  const [imported, importing] = await timed(() =>
    run(openBench(connectionString, { account }), 'import', { export: exported.id }),
  );
  const told = `${conversations} conversations of ${messages} messages`;
  console.log(
    `  ${told}: exported in ${exporting.toFixed(0)} ms, imported in ${importing.toFixed(0)} ms (one run)`,
  );
  if (imported.added !== conversations * messages) throw new Error(`${imported.added} entries came back.`);
}

async function perSecond(count: number, work: () => Promise<void>): Promise<number> {
  const [, milliseconds] = await timed(work);
  return (count / milliseconds) * 1_000;
}
