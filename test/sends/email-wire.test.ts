import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { describe, test } from 'node:test';
import { openAcsClients } from '../../src/shared/acs/clients.ts';
import { createEmailSender } from '../../src/shared/channels/email/email-sender.ts';
import type { Sent } from '../../src/shared/channels/sender.ts';
import { readSettings } from '../../src/shared/settings.ts';

const id = '7e57ab1e-0000-4000-8000-000000000002';

/** Sends a mail to a provider that takes it and then answers the first question for it in this way. */
async function sendTo(status: number, told: object): Promise<{ sent: Sent; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.headers['operation-id'] ?? ''}`);
    const location = `https://visibly-fake.communication.azure.com/emails/operations/${id}?api-version=2025-09-01`;
    const headers = { 'content-type': 'application/json', 'operation-location': location };
    response.writeHead(request.method === 'POST' ? 202 : status, headers);
    response.end(JSON.stringify(request.method === 'POST' ? { id, status: 'Running' } : told));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const { acs: settings } = readSettings({
    ACS_CONNECTION_STRING: `endpoint=https://visibly-fake.communication.azure.com/;accesskey=${btoa('fake')}`,
    ACS_EMULATOR_URL: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    EMAIL_FROM: 'support@parley.example',
  });
  const sending = openAcsClients(settings, { maxRetries: 0 });
  const mailThreads = { join: async ([first]: readonly [string, ...string[]]) => first };
  const sender = createEmailSender({ settings, sending, mailThreads });
  const opening = { to: ['joe@example.org'], topic: 'News' };
  const now = new Date('2026-11-24T08:00:00Z');
  const { signal } = new AbortController();
  try {
    const sent = await sender.send(
      { content: { text: 'Hello' }, sentBy: 'clerk', opening },
      { channel: 'email', id, participants: [], messages: [] },
      { id, firstTriedAt: now, triedAt: now, isRepeated: false, signal },
    );
    return { sent, asked };
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

describe('a mail that the provider has taken', () => {
  test('is sent, whatever becomes of the first question for it', async () => {
    const answers: [number, object][] = [
      [200, { id, status: 'Running' }],
      [429, { error: { code: 'TooManyRequests', message: 'Slow down.' } }],
      [500, {}],
    ];
    for (const [status, told] of answers) {
      const { sent, asked } = await sendTo(status, told);
      assert.equal(sent.messageId, id);
      assert.deepEqual(asked, [`POST ${id}`, `GET ${id}`]);
    }
  });

  test('is refused where its operation has failed by then, with the provider’s words', async () => {
    const failed = { id, status: 'Failed', error: { code: 'EmailDropped', message: 'All are suppressed.' } };
    await assert.rejects(sendTo(200, failed), (error: Error) => {
      assert.match(JSON.stringify(error), /EmailDropped|All are suppressed/);
      return 'code' in error && error.code === 'provider_refused';
    });
  });
});
