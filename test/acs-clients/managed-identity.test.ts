import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { openAcsClients } from '../../src/shared/acs/clients.ts';
import { readSettings } from '../../src/shared/settings.ts';

const token = 'token-of-the-managed-identity';
const endpoint = 'https://sample.communication.azure.com';

/** What each service answers to the one request that is made of it. */
const answers: Record<string, unknown> = {
  '/sms': { value: [{ to: '+15551230001', messageId: 'sms-1', httpStatusCode: 202, successful: true }] },
  '/messages/notifications:send': { receipts: [{ messageId: 'whatsapp-1', to: '+15551230001' }] },
  '/emails:send': { id: 'email-1', status: 'Running' },
  '/identities/8%3Aacs%3Asample_joe/:issueAccessToken': {
    token: userToken(),
    expiresOn: '2099-01-01T00:00:00Z',
  },
};

function userToken(): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ exp: 4_070_908_800 })}.signature`;
}

interface Seen {
  path: string;
  host: string | undefined;
  authorization: string | undefined;
}

const seen: Seen[] = [];
const tokensAskedFor: (string | null)[] = [];

/** Stands for the communication resource and for App Service's own address for tokens. */
const server = createServer((request: IncomingMessage, response) => {
  const url = new URL(request.url ?? '/', endpoint);
  response.setHeader('content-type', 'application/json');
  if (url.pathname === '/msi/token') {
    tokensAskedFor.push(url.searchParams.get('resource'));
    response.end(JSON.stringify({ access_token: token, expires_on: 4_070_908_800, token_type: 'Bearer' }));
    return;
  }
  const { host, authorization } = request.headers;
  seen.push({ path: url.pathname, host, authorization });
  response.statusCode = request.method === 'GET' || url.pathname.endsWith('issueAccessToken') ? 200 : 202;
  if (url.pathname === '/emails:send')
    response.setHeader('operation-location', `${endpoint}/emails/operations/1`);
  response.end(JSON.stringify(answers[url.pathname] ?? { id: '1', status: 'Succeeded', value: [] }));
});

describe('with a managed identity and no key', () => {
  const kept = { ...process.env };
  let url = '';
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    Object.assign(process.env, { IDENTITY_ENDPOINT: `${url}/msi/token`, IDENTITY_HEADER: 'sample' });
  });
  after(() => {
    process.env = kept;
    server.closeAllConnections();
    server.close();
  });

  test('every client sends the token of the identity to the resource', async () => {
    const { acs } = readSettings({ ACS_ENDPOINT: endpoint, ACS_EMULATOR_URL: url });
    const clients = openAcsClients(acs, { maxRetries: 0 });
    const [sent] = await (await clients.sms()).send({
      from: '+18005550100',
      to: ['+15551230001'],
      message: 'Hello',
    });
    assert.equal(sent?.messageId, 'sms-1');

    const messages = await clients.messages();
    const to = ['+15551230001'];
    const body = { kind: 'text' as const, content: 'Hello', to, channelRegistrationId: 'channel' };
    const receipt = await messages
      .path('/messages/notifications:send')
      .post({ contentType: 'application/json', body });
    assert.equal(receipt.status, '202');

    const poller = await (await clients.email()).beginSend({
      senderAddress: 'support@sample.example',
      content: { subject: 'Hello', plainText: 'Hello' },
      recipients: { to: [{ address: 'joe@example.com' }] },
    });
    assert.equal(poller.getOperationState().status, 'succeeded');

    const chat = await clients.chatAs('8:acs:sample_joe');
    for await (const _ of chat.listChatThreads()) assert.fail('there is none');

    const identity = `Bearer ${token}`;
    const expected = [
      '/sms',
      '/messages/notifications:send',
      '/emails:send',
      '/identities/8%3Aacs%3Asample_joe/:issueAccessToken',
    ];
    for (const path of expected) {
      const request = seen.find((each) => each.path === path);
      assert.deepEqual(
        request,
        { path, host: 'sample.communication.azure.com', authorization: identity },
        path,
      );
    }
    const asJoe = seen.find(({ path }) => path === '/chat/threads');
    assert.equal(asJoe?.authorization, `Bearer ${userToken()}`);
    for (const resource of tokensAskedFor)
      assert.match(resource ?? '', /^https:\/\/communication\.azure\.com\/?$/);
  });
});
