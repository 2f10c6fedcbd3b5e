import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HttpRequest } from '@azure/functions';
import fc from 'fast-check';
import type { PersonRecord } from '../../src/shared/people/directory.ts';
import { createCheckChatToken } from '../../src/shared/security/check-chat-token.ts';
import { createTellCaller } from '../../src/shared/security/tell-caller.ts';
import { readSettings } from '../../src/shared/settings.ts';
import { tokenOf } from './tokens.ts';

const tenant = '72f988bf-86f1-41af-91ab-2d7cd011db47';
const objectId = '8f6f0e2c-3c0e-4d0a-9b8e-6a51e0a5d001';
const entra = `entra:${tenant}/${objectId}`;
const long = (name: string) => `${name}-${'k'.repeat(24)}`;
const keys = `ana:${long('old')},ana:${long('new')},ops:${long('ops')}`;
const development = { AZURE_FUNCTIONS_ENVIRONMENT: 'Development' };
const now = new Date('2026-11-24T12:00:00.000Z');

interface Asked {
  environment?: Record<string, string>;
  url?: string;
  headers?: Record<string, string>;
  people?: Record<string, PersonRecord>;
  accepts?: (token: string) => Promise<boolean>;
}

function ask({
  environment = development,
  url = 'http://localhost:7071/api/conversations',
  headers = {},
  people = {},
  accepts = async () => true,
}: Asked = {}) {
  const tellCaller = createTellCaller({
    settings: readSettings(environment).security,
    directory: { personOf: async (identity) => people[identity] },
    checkChatToken: createCheckChatToken({ accepts, clock: () => now }),
  });
  const query = Object.fromEntries(new URL(url).searchParams);
  return tellCaller(new HttpRequest({ method: 'GET', url, headers, query }));
}

const kindOf = async (asked: Asked) => (await ask(asked)).kind;

type Claim = [typ: string, val: string];
const ids: Claim[] = [
  ['tid', tenant],
  ['oid', objectId],
];
const principalOf = (claims: Claim[], more: object = {}) => ({
  'x-ms-client-principal': encode({
    auth_typ: 'aad',
    name_typ: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress',
    role_typ: 'roles',
    claims: claims.map(([typ, val]) => ({ typ, val })),
    ...more,
  }),
});
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');

describe('a person signed in by the platform', () => {
  const environment = { WEBSITE_AUTH_ENABLED: 'True', WEBSITE_SITE_NAME: 'parley' };

  test('is known by tenant and object id, in both spellings of the claims', async () => {
    const mapped: Claim[] = [
      ['http://schemas.microsoft.com/identity/claims/tenantid', tenant.toUpperCase()],
      ['http://schemas.microsoft.com/identity/claims/objectidentifier', objectId],
    ];
    for (const claims of [ids, mapped, [...ids, ...mapped]]) {
      assert.deepEqual(await ask({ environment, headers: principalOf(claims) }), {
        kind: 'person',
        identities: [entra],
      });
    }
  });

  test('is never known by a mail, a name or any other claim', async () => {
    const claims: Claim[] = [
      ['http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress', 'joe@example.com'],
      ['preferred_username', 'joe@example.com'],
      ['name', 'Joe'],
      ['http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier', '8:acs:joe'],
      ['skypeid', 'acs:joe'],
    ];
    assert.equal(await kindOf({ environment, headers: principalOf(claims) }), 'nobody');
    assert.deepEqual(await ask({ environment, headers: principalOf([...ids, ...claims]) }), {
      kind: 'person',
      identities: [entra],
    });
  });

  test('is nobody where the header is malformed, ambiguous or of another provider', async () => {
    const wrong = [
      '',
      'e30=',
      '%%%',
      encode(null),
      encode([]),
      encode({ auth_typ: 'aad', claims: [{ typ: 'tid' }] }),
      encode({ auth_typ: 'aad', claims: {} }),
      `${encode({ auth_typ: 'aad', claims: ids.map(([typ, val]) => ({ typ, val })) })},${encode({})}`,
      principalOf(ids, { auth_typ: 'google' })['x-ms-client-principal'],
      principalOf([['oid', objectId]])['x-ms-client-principal'],
      principalOf([...ids, ['oid', tenant]])['x-ms-client-principal'],
      principalOf([
        ['tid', tenant],
        ['oid', '../../other'],
      ])['x-ms-client-principal'],
    ];
    for (const header of wrong) {
      assert.equal(
        await kindOf({ environment, headers: { 'x-ms-client-principal': header } }),
        'nobody',
        header,
      );
    }
  });

  test('is nobody whatever bytes the header has, and no header throws', async () => {
    const texts = fc.oneof(fc.string(), fc.json(), fc.base64String());
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const header = Buffer.from(text).toString('base64');
        assert.equal(await kindOf({ environment, headers: { 'x-ms-client-principal': header } }), 'nobody');
      }),
    );
  });

  test('is not believed unless the platform says that authentication is on', async () => {
    for (const WEBSITE_AUTH_ENABLED of ['', 'false', 'False', '0', 'yes']) {
      for (const more of [development, { WEBSITE_SITE_NAME: 'parley' }]) {
        const environment = { ...more, WEBSITE_AUTH_ENABLED };
        const headers = principalOf([...ids, ['roles', 'operator']]);
        assert.equal(await kindOf({ environment, headers }), 'nobody');
      }
    }
  });

  test('is an operator by the app role alone, and named by the identity', async () => {
    const headers = principalOf([...ids, ['roles', 'reader'], ['roles', 'operator']]);
    assert.deepEqual(await ask({ environment, headers }), { kind: 'operator', name: entra });
    const others: Claim[] = [
      ['roles', 'Operator'],
      ['roles', 'operators'],
      ['groups', 'operator'],
      ['role', 'operator'],
      ['name', 'operator'],
    ];
    for (const claim of others) {
      const role = principalOf([...ids, claim], { role_typ: claim[0] });
      assert.equal(await kindOf({ environment, headers: role }), 'person', claim.join('='));
    }
  });

  test('of another tenant is nobody where tenants are set, operators too', async () => {
    const here = { ...environment, ENTRA_TENANTS: tenant.toUpperCase() };
    const elsewhere = { ...environment, ENTRA_TENANTS: objectId };
    const headers = principalOf([...ids, ['roles', 'operator']]);
    assert.equal(await kindOf({ environment: here, headers }), 'operator');
    assert.equal(await kindOf({ environment: elsewhere, headers }), 'nobody');
  });

  test('has the identities that the directory links, and what staff answer for as long as they are staff', async () => {
    const record: PersonRecord = {
      id: `p_${'A'.repeat(22)}`,
      role: 'staff',
      identities: ['mailto:ana@example.com', entra],
      answersFor: ['4:+18005550100'],
    };
    const asked = { environment, headers: principalOf(ids) };
    assert.deepEqual(await ask({ ...asked, people: { [entra]: record } }), {
      kind: 'person',
      identities: [entra, 'mailto:ana@example.com', '4:+18005550100'],
      person: record.id,
    });
    const former: PersonRecord = { ...record, role: 'customer' };
    const told = await ask({ ...asked, people: { [entra]: former } });
    assert.deepEqual(told.kind === 'person' && told.identities, [entra, 'mailto:ana@example.com']);
  });
});

describe('an operator', () => {
  const environment = { ...development, OPERATOR_KEYS: keys };

  test('is named by the key, in the header or the query, the old one and the new one', async () => {
    const named = { kind: 'operator', name: 'ana' };
    assert.deepEqual(await ask({ environment, headers: { 'x-functions-key': long('old') } }), named);
    assert.deepEqual(await ask({ environment, headers: { 'x-functions-key': long('new') } }), named);
    const url = `http://localhost/api/conversations?code=${long('ops')}`;
    assert.deepEqual(await ask({ environment, url }), { kind: 'operator', name: 'ops' });
  });

  test('with a wrong key is nobody, whatever else would do', async () => {
    const right = tokenOf({ skypeid: 'acs:r_joe', exp: now.getTime() / 1_000 + 60 });
    const authorization = `Bearer ${right}`;
    assert.equal(await kindOf({ environment, headers: { authorization } }), 'person');
    for (const wrong of [
      '',
      'x',
      long('old').slice(1),
      `${long('old')} `.trim().toUpperCase(),
      'ana',
      keys,
    ]) {
      assert.equal(
        await kindOf({ environment, headers: { 'x-functions-key': wrong, authorization } }),
        'nobody',
      );
    }
    const url = `http://localhost/api/conversations?code=${long('old')}`;
    assert.equal(await kindOf({ environment, url, headers: { 'x-functions-key': long('ops') } }), 'nobody');
    const onAzure = { WEBSITE_AUTH_ENABLED: 'true', WEBSITE_SITE_NAME: 'parley', OPERATOR_KEYS: keys };
    const headers = { ...principalOf(ids), 'x-functions-key': 'wrong' };
    assert.equal(await kindOf({ environment: onAzure, headers }), 'nobody');
  });

  test('has keys that are long enough, each once, and no more than two', () => {
    const refused = (OPERATOR_KEYS: string) =>
      assert.throws(() => readSettings({ OPERATOR_KEYS }), /OPERATOR_KEYS/, OPERATOR_KEYS);
    refused('ana:short');
    refused(long('nobody'));
    refused(`ana:${long('one')};ops:${long('two')} x`);
    refused(`ana:${long('one')},ops:${long('one')}`);
    refused(['one', 'two', 'three'].map((key) => `ana:${long(key)}`).join(','));
    const error = (() => {
      try {
        readSettings({ OPERATOR_KEYS: 'ana:short-secret' });
      } catch (thrown) {
        return String(thrown);
      }
    })();
    assert.ok(!error?.includes('short-secret'), 'no key stands in an error');
  });
});

describe('whoever asks on their own machine', () => {
  const local = (asked: Asked) => kindOf({ environment: development, ...asked });

  test('is its operator where no key is set, by any of its names', async () => {
    for (const host of ['localhost:7071', '127.0.0.1:7071', '[::1]:7071', '127.8.8.8']) {
      assert.equal(await local({ url: `http://${host}/api/x`, headers: { host } }), 'operator', host);
    }
    const page = { origin: 'http://localhost:7071', 'sec-fetch-site': 'same-origin' };
    assert.equal(await local({ headers: page }), 'operator');
    assert.equal(await local({ headers: { 'sec-fetch-site': 'none' } }), 'operator');
    assert.equal(await local({ url: 'http://localhost:7071/api/x?code=whatever' }), 'operator');
  });

  test('is nobody where a key is set, on Azure, and where the platform does not say that this is development', async () => {
    assert.equal(await local({ environment: { ...development, OPERATOR_KEYS: keys } }), 'nobody');
    assert.equal(await local({ environment: {} }), 'nobody');
    for (const mark of [
      'WEBSITE_SITE_NAME',
      'WEBSITE_INSTANCE_ID',
      'WEBSITE_HOSTNAME',
      'CONTAINER_APP_NAME',
    ]) {
      assert.equal(await local({ environment: { ...development, [mark]: 'x' } }), 'nobody', mark);
    }
    const onAzure = { WEBSITE_SITE_NAME: 'parley' };
    const url = 'http://localhost/api/x?code=anything';
    assert.equal(await local({ environment: onAzure, url }), 'nobody');
  });

  test('is nobody through a tunnel, under another name, or from a page of elsewhere', async () => {
    for (const host of [
      'evil.example',
      'localhost.evil.example',
      '127.0.0.1.nip.io',
      '10.0.0.4',
      '0.0.0.0',
    ]) {
      assert.equal(await local({ url: `http://${host}:7071/api/x` }), 'nobody', host);
      assert.equal(await local({ headers: { host } }), 'nobody', `Host: ${host}`);
    }
    const headers: Record<string, string>[] = [
      { 'x-forwarded-for': '203.0.113.7' },
      { 'x-forwarded-host': 'abc.tunnel.example' },
      { forwarded: 'for=203.0.113.7' },
      { via: '1.1 proxy' },
      { 'x-real-ip': '203.0.113.7' },
      { 'cf-connecting-ip': '203.0.113.7' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://localhost:3000' },
      { referer: 'https://evil.example/page' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { authorization: 'Basic YTpi' },
      { authorization: 'Bearer x' },
      { 'x-ms-client-principal': 'e30=' },
      { 'x-ms-client-principal-id': objectId },
    ];
    for (const header of headers)
      assert.equal(await local({ headers: header }), 'nobody', JSON.stringify(header));
  });
});
