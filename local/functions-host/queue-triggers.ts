import { setTimeout as sleep } from 'node:timers/promises';
import type { DequeuedMessageItem, QueueClient } from '@azure/storage-queue';
import type { HostedFunction } from './check-functions.ts';
import type { Invoke } from './invoke.ts';
import { decodeMessage, openQueue } from './queue-outputs.ts';
import type { QueueSettings } from './read-settings.ts';
import { membersOf, type RpcData } from './rpc-data.ts';

interface Listening {
  hosted: HostedFunction;
  queue: QueueClient;
  poison: QueueClient;
}

// How long a message stays with this host without a sign of life: after a kill it comes back within this time.
const leaseSeconds = 60;
const firstPause = 100;

/** Runs the storage-queue triggers by the rules of host.json. */
export function createQueueTriggers(
  functions: HostedFunction[],
  storage: string,
  settings: QueueSettings,
  invoke: Invoke,
  log: (line: string) => void,
) {
  const threshold = settings.newBatchThreshold ?? Math.floor(settings.batchSize / 2);
  const stopping = new AbortController();
  const loops: Promise<void>[] = [];
  const listenings = functions
    .filter(({ trigger }) => trigger.type === 'queueTrigger')
    .map((hosted): Listening => {
      const queue = openQueue(hosted.trigger.settings, hosted.name, storage);
      const poisonSettings = { ...hosted.trigger.settings, queueName: `${queue.name}-poison` };
      return { hosted, queue, poison: openQueue(poisonSettings, hosted.name, storage) };
    });

  async function poll(listening: Listening): Promise<void> {
    const running = new Set<Promise<void>>();
    let pause = firstPause;
    while (!stopping.signal.aborted) {
      if (running.size > threshold) {
        await Promise.race(running);
        continue;
      }
      const messages = await receive(listening);
      pause = messages.length > 0 ? firstPause : Math.min(pause * 1.5, settings.maxPollingInterval);
      for (const message of messages) {
        const handled = handle(listening, message).finally(() => running.delete(handled));
        running.add(handled);
      }
      if (messages.length < settings.batchSize) await sleep(pause, undefined, stopping).catch(() => {});
    }
    await Promise.all(running);
  }

  async function receive({ hosted, queue }: Listening): Promise<DequeuedMessageItem[]> {
    const options = { numberOfMessages: settings.batchSize, visibilityTimeout: leaseSeconds };
    try {
      return (await queue.receiveMessages(options)).receivedMessageItems;
    } catch (error) {
      log(`warning: ${hosted.name} could not read the queue ${queue.name} and tries again: ${nameOf(error)}`);
      return [];
    }
  }

  async function handle(listening: Listening, message: DequeuedMessageItem): Promise<void> {
    const { hosted, queue } = listening;
    const { messageId, dequeueCount } = message;
    const lease = keepLease(queue, message);
    try {
      const body = decodeMessage(message.messageText, settings);
      // More than the maximum: the host was killed during the last try.
      const isHopeless = body === undefined || dequeueCount > settings.maxDequeueCount;
      const succeeded =
        !isHopeless && (await succeeds(invoke(hosted, { string: body }, describe(message, body))));
      const receipt = lease.release();
      if (succeeded) {
        await queue.deleteMessage(messageId, receipt);
      } else if (isHopeless || dequeueCount >= settings.maxDequeueCount) {
        await moveToPoison(listening, message, receipt);
      } else {
        await queue.updateMessage(messageId, receipt, undefined, settings.visibilityTimeout / 1000);
      }
    } catch (error) {
      log(`warning: a message of ${queue.name} could not be settled and will come again: ${nameOf(error)}`);
    } finally {
      lease.release();
    }
  }

  async function moveToPoison(
    { hosted, queue, poison }: Listening,
    message: DequeuedMessageItem,
    receipt: string,
  ) {
    await poison.createIfNotExists();
    await poison.sendMessage(message.messageText);
    await queue.deleteMessage(message.messageId, receipt);
    const tries = `after ${message.dequeueCount} of ${settings.maxDequeueCount} tries`;
    log(`warning: ${hosted.name} could not take a message in (${tries}); it is now in ${poison.name}`);
  }

  return {
    /** Creates the queues that are missing, then begins to read. */
    async start(): Promise<void> {
      for (const { queue } of listenings) await queue.createIfNotExists();
      loops.push(...listenings.map(poll));
    },
    /** Reads no more, and waits for the messages at hand. */
    async stop(): Promise<void> {
      stopping.abort();
      await Promise.race([Promise.all(loops), sleep(10_000, undefined, { ref: false })]);
    },
  };
}

/** Keeps a message invisible for as long as its function runs; `release` returns the receipt that holds now. */
function keepLease(queue: QueueClient, message: DequeuedMessageItem) {
  let receipt = message.popReceipt;
  const renewal = setInterval(async () => {
    const renewed = await queue
      .updateMessage(message.messageId, receipt, undefined, leaseSeconds)
      .catch(() => undefined);
    receipt = renewed?.popReceipt ?? receipt;
  }, leaseSeconds * 500);
  return {
    release(): string {
      clearInterval(renewal);
      return receipt;
    },
  };
}

function describe(message: DequeuedMessageItem, body: string): Record<string, RpcData> {
  const time = (date: Date) => ({ json: JSON.stringify(date.toISOString().replace(/\.\d+Z$/, '+00:00')) });
  return {
    QueueTrigger: { string: body },
    DequeueCount: { int: message.dequeueCount },
    ExpirationTime: time(message.expiresOn),
    Id: { json: JSON.stringify(message.messageId) },
    InsertionTime: time(message.insertedOn),
    NextVisibleTime: time(message.nextVisibleOn),
    PopReceipt: { json: JSON.stringify(message.popReceipt) },
    ...(/^\s*\{/.test(body) ? membersOfText(body) : {}),
  };
}

function membersOfText(body: string): Record<string, RpcData> {
  try {
    return membersOf(body);
  } catch {
    return {};
  }
}

function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}

function nameOf(error: unknown): string {
  return error instanceof Error ? ('code' in error ? String(error.code) : error.name) : String(error);
}
