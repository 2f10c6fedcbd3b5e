import { QueueServiceClient } from '@azure/storage-queue';
import type { HostedFunction } from './check-functions.ts';
import type { Binding } from './core-module.ts';
import { type QueueSettings, resolveSettings } from './read-settings.ts';
import type { RpcData } from './rpc-data.ts';

/** Writes what a function gave to its queue outputs; one message for each member of an array. */
export function createQueueOutputs(storage: string, settings: QueueSettings) {
  const created = new Set<string>();
  return async function writeQueueOutputs(
    hosted: HostedFunction,
    outputs: Map<string, RpcData>,
  ): Promise<void> {
    for (const [name, data] of outputs) {
      const binding = hosted.bindings[name];
      if (binding?.type.toLowerCase() !== 'queue') continue;
      const queue = openQueue(binding, hosted.name, storage);
      const messages = toMessages(data);
      if (messages.length > 0 && !created.has(queue.url)) await queue.createIfNotExists();
      created.add(queue.url);
      for (const message of messages) await queue.sendMessage(encodeMessage(message, settings));
    }
  };
}

/** The queue that a trigger or output names; `%SETTING%` and the connection's name are looked up. */
export function openQueue(binding: Binding, functionName: string, storage: string) {
  const { queueName, connection } = binding;
  if (typeof queueName !== 'string') throw new Error(`The function "${functionName}" names no queue.`);
  const setting = typeof connection === 'string' && connection !== '' ? connection : 'AzureWebJobsStorage';
  const connectionString = setting === 'AzureWebJobsStorage' ? storage : process.env[setting];
  if (!connectionString) {
    throw new Error(
      `The function "${functionName}" needs the setting ${setting} with a connection string; ` +
        'the local host has no other way to a queue.',
    );
  }
  const service = QueueServiceClient.fromConnectionString(connectionString);
  return service.getQueueClient(resolveSettings(queueName, `The function "${functionName}"`));
}

/** A message as it stands in the queue. */
export function encodeMessage(message: string, { messageEncoding }: QueueSettings): string {
  return messageEncoding === 'none' ? message : Buffer.from(message).toString('base64');
}

/** The text of a message, or `undefined` when it is not what host.json's `messageEncoding` says. */
export function decodeMessage(message: string, { messageEncoding }: QueueSettings): string | undefined {
  if (messageEncoding === 'none') return message;
  if (message.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(message)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(message, 'base64'));
  } catch {
    return undefined;
  }
}

function toMessages(data: RpcData): string[] {
  if (typeof data.string === 'string') return [data.string];
  if (data.bytes) return [Buffer.from(data.bytes).toString()];
  if (typeof data.json !== 'string') return [String(data.int ?? data.double ?? '')];
  const value: unknown = JSON.parse(data.json);
  return Array.isArray(value) ? value.map(toMessage) : [toMessage(value)];
}

// Azure writes truth values as .NET does.
function toMessage(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
