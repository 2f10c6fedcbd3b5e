import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChatClient } from '@azure/communication-chat';
import { AzureCommunicationTokenCredential } from '@azure/communication-common';
import { CommunicationIdentityClient } from '@azure/communication-identity';
import { emulatorHttpClient } from '../../src/shared/acs/emulator-http-client.ts';
import { useAcs } from '../support/acs.ts';
import { type Operation, openOperations, recordOperations } from './check-operations.ts';
import { collect } from './people.ts';

const acs = useAcs();

// Fields of Chat 2025-03-15, which the SDK speaks; the description is that of 2024-03-07.
const checkChat = openOperations('Chat/stable/2024-03-07/communicationserviceschat.json', [
  'ChatThreadProperties.metadata',
  'ChatThreadProperties.retentionPolicy',
  'ChatParticipant.metadata',
]);
const checkIdentity = openOperations('Identity/stable/2023-10-01/CommunicationIdentity.json', []);
const skip = checkChat && checkIdentity ? false : '../shared/specs is not on this machine';

test('every answer of the Identity and Chat APIs is one of their REST descriptions', { skip }, async () => {
  const operations: Operation[] = [];
  const { url, connectionString } = acs.emulator();
  const options = {
    httpClient: recordOperations(emulatorHttpClient(url), operations),
    retryOptions: { maxRetries: 0 },
  };
  const identity = new CommunicationIdentityClient(connectionString, options);
  const newPerson = async () => {
    const { user, token } = await identity.createUserAndToken(['chat']);
    const [, endpoint = ''] = /endpoint=([^;]+)/.exec(connectionString) ?? [];
    return { user, chat: new ChatClient(endpoint, new AzureCommunicationTokenCredential(token), options) };
  };
  const [ana, ben, eve] = [await newPerson(), await newPerson(), await newPerson()];

  const { chatThread } = await ana.chat.createChatThread(
    { topic: 'Everything' },
    {
      participants: [
        { id: ben.user, displayName: 'Ben', metadata: { role: 'guest' } },
        { id: { communicationUserId: 'nobody' } },
      ],
      metadata: { order: '4711' },
      retentionPolicy: { kind: 'none' },
    },
  );
  const id = chatThread?.id ?? '';
  const thread = ana.chat.getChatThreadClient(id);
  await thread.addParticipants({ participants: [{ id: (await newPerson()).user }] });
  const message = await thread.sendMessage({ content: 'one' }, { metadata: { key: 'value' } });
  const deleted = await thread.sendMessage({ content: 'two' });
  await thread.getProperties();
  await thread.updateTopic('Everything else');
  await thread.updateMessage(message.id, { content: 'one, edited' });
  await thread.deleteMessage(deleted.id);
  await thread.getMessage(message.id);
  await thread.getMessage(deleted.id);
  await thread.sendTypingNotification();
  await ben.chat.getChatThreadClient(id).sendReadReceipt({ chatMessageId: message.id });
  await collect(thread.listReadReceipts());
  await collect(thread.listParticipants({ maxPageSize: 2 }));
  await thread.removeParticipant(ben.user);
  await collect(thread.listMessages({ maxPageSize: 2 }));
  await assert.rejects(eve.chat.getChatThreadClient(id).getProperties());
  await assert.rejects(thread.getMessage('1'));
  await assert.rejects(thread.sendMessage({ content: '' }));
  await ana.chat.deleteChatThread(id);
  await ana.chat.createChatThread({ topic: 'Another' });
  await collect(ana.chat.listChatThreads({ maxPageSize: 1 }));

  const plain = await identity.createUser();
  await identity.getToken(plain, ['chat', 'voip']);
  await identity.revokeTokens(plain);
  await identity.deleteUser(plain);
  await assert.rejects(identity.deleteUser(plain));

  const checked = operations.map((operation) =>
    operation.path.startsWith('/chat/') ? checkChat?.(operation) : checkIdentity?.(operation),
  );
  const succeeded = new Set(checked.filter((name) => /2\d\d$/.test(name ?? '')));
  assert.equal(succeeded.size, 16 + 4, [...succeeded].join('\n'));
});
