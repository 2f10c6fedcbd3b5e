import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { test } from 'node:test';
import { openAcsClients } from '../../src/shared/acs/clients.ts';
import { repeatabilityHeaders } from '../../src/shared/acs/repeat-sms-once.ts';
import { readSettings } from '../../src/shared/settings.ts';

const id = '7e57ab1e-0000-4000-8000-000000000001';

test('the SMS client sends our repeatability id, signed, and nothing of how it got there', async () => {
  const requests: { headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString('utf8');
    requests.push({ headers: request.headers, body });
    const value = [{ to: '+15551230001', messageId: 'm', httpStatusCode: 202, successful: true }];
    response.writeHead(202, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ value }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const { acs } = readSettings({
    ACS_CONNECTION_STRING: `endpoint=https://visibly-fake.communication.azure.com/;accesskey=${btoa('fake')}`,
    ACS_EMULATOR_URL: `http://127.0.0.1:${port}`,
  });
  try {
    const client = await openAcsClients(acs, { maxRetries: 0 }).sms();
    const firstSent = new Date('2026-11-24T08:00:00Z');
    const customHeaders = repeatabilityHeaders({ id, firstSent });
    const message = { from: '+18005550100', to: ['+15551230001'], message: 'Grüße' };
    await client.send(message, { enableDeliveryReport: true, requestOptions: { customHeaders } });
    await client.send(message);
  } finally {
    server.close();
    server.closeAllConnections();
  }
  const [ours, theirs] = requests.map(({ body }) => JSON.parse(body).smsRecipients[0]);
  assert.deepEqual(ours, {
    to: '+15551230001',
    repeatabilityRequestId: id,
    repeatabilityFirstSent: 'Tue, 24 Nov 2026 08:00:00 GMT',
  });
  assert.notEqual(theirs.repeatabilityRequestId, id, 'without the headers the client makes its own');
  for (const { headers, body } of requests) {
    assert.equal(headers['x-ms-content-sha256'], createHash('sha256').update(body).digest('base64'));
    assert.deepEqual(
      Object.keys(headers).filter((name) => name.includes('parley')),
      [],
    );
  }
});
