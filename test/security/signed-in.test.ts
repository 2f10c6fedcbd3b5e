import assert from 'node:assert/strict';
import { request } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { useAzurite } from '../support/azurite.ts';
import { joined, sent, user } from '../support/chat-events.ts';
import { ask, newFolder, type Parley, post, startParley } from '../support/parley.ts';

const azurite = useAzurite();
const thread = '19:team@thread.v2';
const path = `conversations/chat/${encodeURIComponent(thread)}`;
const tenant = '72f988bf-86f1-41af-91ab-2d7cd011db47';
const joe = '8f6f0e2c-3c0e-4d0a-9b8e-6a51e0a5d001';
const eve = '8f6f0e2c-3c0e-4d0a-9b8e-6a51e0a5d002';

function signedIn(objectId: string, more: [string, string][] = []): Record<string, string> {
  const claims = [['tid', tenant], ['oid', objectId], ['preferred_username', 'joe@example.com'], ...more];
  const principal = { auth_typ: 'aad', claims: claims.map(([typ, val]) => ({ typ, val })) };
  return { 'x-ms-client-principal': Buffer.from(JSON.stringify(principal)).toString('base64') };
}

describe('on a machine where the platform signs people in and no key is set', () => {
  let parley: Parley;
  let removeFolder: () => Promise<void>;

  before(async () => {
    const { folder, remove } = await newFolder();
    removeFolder = remove;
    parley = await startParley(join(folder, 'parley'), {
      AzureWebJobsStorage: azurite.connectionString(),
      ACS_EMULATOR_URL: 'http://127.0.0.1:9',
      WEBSITE_AUTH_ENABLED: 'True',
    });
    const events = [
      joined(thread, 'Joe', 1),
      sent(thread, { id: '1', from: 'Joe', text: 'Hello.', second: 2 }),
    ];
    assert.equal((await post(`${parley.url}/api/events`, events)).status, 200);
    const body = { name: 'Joe', identities: [user('Joe'), 'joe@example.com', `entra:${tenant}/${joe}`] };
    assert.equal((await post(`${parley.url}/api/people`, body)).status, 201);
  });

  after(async () => {
    await parley.stop();
    await removeFolder();
  });

  const get = (headers: Record<string, string>) => ask(`${parley.url}/api/${path}`, { headers });

  test('a person reads what is theirs under any identity that an operator linked', async () => {
    const { status, text } = await get(signedIn(joe));
    assert.deepEqual([status, JSON.parse(text).messages.length], [200, 1]);
  });

  test('a mail or a name in their claims gives nobody what is Joe’s', async () => {
    const claims: [string, string][] = [
      ['email', 'joe@example.com'],
      ['name', 'Joe'],
      ['http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress', 'joe@example.com'],
    ];
    assert.equal((await get(signedIn(eve, claims))).status, 404);
  });

  test('the app role operator makes an operator, and a malformed header nobody', async () => {
    assert.equal((await get(signedIn(eve, [['roles', 'operator']]))).status, 200);
    assert.equal((await get({ 'x-ms-client-principal': 'e30=' })).status, 401);
  });

  test('whoever asks on this machine is its operator, but not through a tunnel, a page or another name', async () => {
    assert.equal((await get({})).status, 200);
    const suspicious: [string, string][] = [
      ['x-forwarded-for', '203.0.113.7'],
      ['origin', 'https://evil.example'],
      ['sec-fetch-site', 'cross-site'],
    ];
    for (const [name, value] of suspicious) {
      assert.equal((await get({ [name]: value })).status, 401, name);
    }
    // DNS rebinding: the page of another host asks this one by that host's name.
    const { port } = new URL(parley.url);
    const status = await new Promise((resolve, reject) => {
      const headers = { host: 'evil.example' };
      request({ host: '127.0.0.1', port, path: `/api/${path}`, headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    assert.equal(status, 401);
  });
});
