import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommunicationIdentityClient } from '@azure/communication-identity';
import { emulatorHttpClient } from '../../src/shared/acs/emulator-http-client.ts';
import { useAcs } from '../support/acs.ts';
import { chatWith, collect, newPerson } from './people.ts';

let milliseconds = 0;
const acs = useAcs({ clock: () => new Date(Date.now() + milliseconds) });

test('a user is created, gets tokens that hold as long as asked, and is deleted with them', async () => {
  const identity = await acs.clients().identity();
  const user = await identity.createUser();
  assert.match(user.communicationUserId, /^8:acs:[0-9a-f-]{36}_[0-9a-f-]{36}$/);
  const day = await identity.getToken(user, ['chat']);
  const hour = await identity.getToken(user, ['chat'], { tokenExpiresInMinutes: 60 });
  assert.ok(Math.abs(day.expiresOn.getTime() - Date.now() - 24 * 3_600_000) < 60_000);
  assert.ok(Math.abs(hour.expiresOn.getTime() - Date.now() - 3_600_000) < 60_000);
  await assert.rejects(identity.getToken(user, ['chat'], { tokenExpiresInMinutes: 59 }), {
    statusCode: 400,
    code: 'BadRequest',
  });

  const list = (token: string) => collect(chatWith(acs.emulator(), token).listChatThreads());
  await list(hour.token);
  milliseconds += 61 * 60_000;
  await assert.rejects(list(hour.token), { statusCode: 401, message: /expired/ });
  await list(day.token);

  await identity.deleteUser(user);
  await assert.rejects(list(day.token), { statusCode: 401, message: /deleted/ });
  await assert.rejects(identity.getToken(user, ['chat']), { statusCode: 404 });
});

test('tokens that were issued before a revocation do not do any more, those after it do', async () => {
  const identity = await acs.clients().identity();
  const { user, token } = await identity.createUserAndToken(['chat', 'voip']);
  await identity.revokeTokens(user);
  const list = (text: string) => collect(chatWith(acs.emulator(), text).listChatThreads());
  await assert.rejects(list(token), { statusCode: 401, message: /revoked/ });
  await list((await identity.getToken(user, ['chat'])).token);
});

test('a token opens what its scope allows', async () => {
  const { emulator } = acs;
  const [voip, guest, member] = [
    await newPerson(emulator(), ['voip']),
    await newPerson(emulator(), ['chat.join.limited']),
    await newPerson(emulator(), ['chat.join']),
  ];
  const host = await newPerson(emulator());
  await assert.rejects(collect(voip.chat.listChatThreads()), { statusCode: 403, code: 'Forbidden' });
  const { chatThread } = await host.chat.createChatThread(
    { topic: 'Guests' },
    { participants: [guest, member].map(({ id }) => ({ id: { communicationUserId: id } })) },
  );
  const id = chatThread?.id ?? '';
  const newcomer = { participants: [{ id: { communicationUserId: voip.id } }] };
  for (const person of [guest, member]) {
    await person.chat.getChatThreadClient(id).sendMessage({ content: 'hello' });
    await assert.rejects(person.chat.createChatThread({ topic: 'Own' }), { statusCode: 403 });
    await assert.rejects(person.chat.getChatThreadClient(id).updateTopic('Own'), { statusCode: 403 });
    await assert.rejects(person.chat.deleteChatThread(id), { statusCode: 403 });
  }
  await assert.rejects(guest.chat.getChatThreadClient(id).addParticipants(newcomer), { statusCode: 403 });
  await member.chat.getChatThreadClient(id).addParticipants(newcomer);
});

test('another access key is refused', async () => {
  const { connectionString, url } = acs.emulator();
  const wrong = connectionString.replace(/accesskey=.*/, 'accesskey=d3Jvbmcta2V5LW5vdC1hLXNlY3JldA==');
  const identity = new CommunicationIdentityClient(wrong, {
    httpClient: emulatorHttpClient(url),
    retryOptions: { maxRetries: 0 },
  });
  await assert.rejects(identity.createUser(), {
    statusCode: 401,
    code: 'Unauthorized',
    message: /access key/,
  });
});

test('tokens of Teams users are refused with the reason', async () => {
  const identity = await acs.clients().identity();
  const exchange = identity.getTokenForTeamsUser({
    teamsUserAadToken: 'token',
    clientId: '00000000-0000-4000-8000-000000000001',
    userObjectId: '00000000-0000-4000-8000-000000000002',
  });
  await assert.rejects(exchange, { statusCode: 501, message: /Teams/ });
});
