import { ChatClient } from '@azure/communication-chat';
import { AzureCommunicationTokenCredential } from '@azure/communication-common';
import type { AcsEmulator } from '../../local/acs/start-emulator.ts';
import { emulatorHttpClient } from '../../src/shared/acs/emulator-http-client.ts';
import { clientsOf } from '../support/acs.ts';

export interface Person {
  id: string;
  token: string;
  chat: ChatClient;
}

type Scope = 'chat' | 'voip' | 'chat.join' | 'chat.join.limited';

/** A new communication user with the genuine chat SDK in its hand. */
export async function newPerson(emulator: AcsEmulator, scopes: Scope[] = ['chat']): Promise<Person> {
  const identity = await clientsOf(emulator).identity();
  const { user, token } = await identity.createUserAndToken(scopes);
  return { id: user.communicationUserId, token, chat: chatWith(emulator, token) };
}

/** The genuine chat SDK with a token. */
export function chatWith({ url, connectionString }: AcsEmulator, token: string, maxRetries = 0): ChatClient {
  const [, endpoint = ''] = /endpoint=([^;]+)/.exec(connectionString) ?? [];
  return new ChatClient(endpoint, new AzureCommunicationTokenCredential(token), {
    httpClient: emulatorHttpClient(url),
    retryOptions: { maxRetries },
  });
}

/** A thread of some people, the first of whom makes it. */
export async function newThread(topic: string, [creator, ...others]: Person[]): Promise<string> {
  const created = await creator?.chat.createChatThread(
    { topic },
    { participants: others.map(({ id }) => ({ id: { communicationUserId: id } })) },
  );
  const id = created?.chatThread?.id;
  if (!id) throw new Error('No thread was made');
  return id;
}

/** Everything in an iteration. */
export async function collect<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const collected: Value[] = [];
  for await (const value of values) collected.push(value);
  return collected;
}
