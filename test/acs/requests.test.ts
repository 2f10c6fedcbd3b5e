import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { request } from 'node:http';
import { test } from 'node:test';
import { useAcs } from '../support/acs.ts';
import { newPerson } from './people.ts';

const acs = useAcs();

interface Signing {
  host?: string;
  date?: string;
  signedBody?: string;
  signedPath?: string;
  headers?: Record<string, string>;
}

/** Headers as the REST documentation has one compute them. */
function sign(method: string, path: string, body: string, signing: Signing = {}): Record<string, string> {
  const { host = new URL(acs.emulator().url).host, date = new Date().toUTCString() } = signing;
  const [, accessKey = ''] = /accesskey=(.*)/.exec(acs.emulator().connectionString) ?? [];
  const hash = createHash('sha256')
    .update(signing.signedBody ?? body)
    .digest('base64');
  const signature = createHmac('sha256', Buffer.from(accessKey, 'base64'))
    .update(`${method}\n${signing.signedPath ?? path}\n${date};${host};${hash}`)
    .digest('base64');
  return {
    host,
    'x-ms-date': date,
    'x-ms-content-sha256': hash,
    authorization: `HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=${signature}`,
    ...signing.headers,
  };
}

interface Answer {
  status: number | undefined;
  headers: Record<string, unknown>;
  body: { error?: { code: string; message: string; target?: string } } & Record<string, unknown>;
}

function send(
  method: string,
  path: string,
  body: string | Buffer,
  headers: Record<string, string>,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(`${acs.emulator().url}${path}`, { method, headers }, async (response) => {
      const text = (await response.toArray()).join('');
      resolve({
        status: response.statusCode,
        headers: response.headers,
        body: text === '' ? {} : JSON.parse(text),
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const identities = '/identities?api-version=2023-10-01';
const createUser = (signing: Signing = {}, body = '{}') =>
  send('POST', identities, body, sign('POST', identities, body, signing));

test('a request signed by the documentation is answered, for the host that it was signed for', async () => {
  assert.equal((await createUser()).status, 201);
  assert.equal((await createUser({ host: 'contoso.communication.azure.com' })).status, 201);
  const forwarded = { host: 'contoso.communication.azure.com' };
  const proxied = await createUser({
    ...forwarded,
    headers: { host: 'localhost', 'x-ms-host': forwarded.host },
  });
  assert.equal(proxied.status, 201);
});

test('each fault of a signature is refused with what is wrong', async () => {
  const minutes = (count: number) => new Date(Date.now() + count * 60_000).toUTCString();
  const faults: [Signing, RegExp][] = [
    [{ headers: { authorization: '' } }, /no header "Authorization/],
    [{ headers: { authorization: 'Bearer eyJh.eyJi.c2ln' } }, /Entra/],
    [{ headers: { authorization: 'HMAC-SHA256 SignedHeaders=host&Signature=x' } }, /SignedHeaders lacks/],
    [{ date: minutes(-16) }, /15 minutes/],
    [{ date: minutes(16) }, /15 minutes/],
    [{ date: 'yesterday' }, /15 minutes/],
    [{ signedBody: '{"other":1}' }, /SHA-256 of the body/],
    [{ signedPath: '/identities?api-version=2023-10-02' }, /signature is wrong/],
    [{ headers: { host: 'other.communication.azure.com' } }, /signature is wrong/],
  ];
  for (const [signing, message] of faults) {
    const { status, body } = await createUser(signing);
    assert.equal(status, 401);
    assert.equal(body.error?.code, 'Unauthorized');
    assert.match(body.error?.message ?? '', message);
  }
  assert.equal((await createUser({ date: minutes(-14) })).status, 201);
});

test('what is no request of ACS is refused in its form', async () => {
  const ana = await newPerson(acs.emulator());
  const bearer = { authorization: `Bearer ${ana.token}`, 'content-type': 'application/json' };
  const version = 'api-version=2025-03-15';
  const { body: created } = await send('POST', `/chat/threads?${version}`, '{"topic":"Faults"}', bearer);
  const { id } = created.chatThread as { id: string };
  const thread = `/chat/threads/${encodeURIComponent(id)}`;
  const faults: [string, string, string, number, string, string?][] = [
    ['GET', '/nothing', '', 404, 'NotFound'],
    ['GET', '/chat/threads/%E0%A4%A/messages', '', 404, 'NotFound'],
    ['PUT', `/chat/threads?${version}`, '{}', 405, 'MethodNotAllowed'],
    ['GET', '/chat/threads', '', 400, 'MissingApiVersionParameter'],
    ['GET', '/chat/threads?api-version=1999-01-01', '', 400, 'UnsupportedApiVersion'],
    ['POST', `/chat/threads?${version}`, '{"topic":', 400, 'BadRequest'],
    ['POST', `/chat/threads?${version}`, '', 400, 'BadRequest', 'topic'],
    ['POST', `${thread}/messages?${version}`, '{"content":5}', 400, 'BadRequest', 'content'],
    [
      'POST',
      `${thread}/messages?${version}`,
      '{"content":"x","metadata":{"a":1}}',
      400,
      'BadRequest',
      'metadata.a',
    ],
    ['GET', `${thread}/messages?maxPageSize=0&${version}`, '', 400, 'BadRequest', 'maxPageSize'],
    ['GET', `${thread}/messages?startTime=soon&${version}`, '', 400, 'BadRequest', 'startTime'],
    ['GET', `/chat/threads/19%3Anone%40thread.v2?${version}`, '', 404, 'NotFound'],
  ];
  for (const [method, path, body, status, code, target] of faults) {
    const answer = await send(method, path, body, bearer);
    const { error } = answer.body;
    assert.deepEqual(
      [answer.status, error?.code, error?.target],
      [status, code, target],
      `${method} ${path}`,
    );
    assert.equal(answer.headers['x-ms-error-code'], code);
  }
});

test('what is null is taken as missing', async () => {
  const ana = await newPerson(acs.emulator());
  const bearer = { authorization: `Bearer ${ana.token}`, 'content-type': 'application/json' };
  const create = (body: object) =>
    send('POST', '/chat/threads?api-version=2025-03-15', JSON.stringify(body), bearer);
  const nothing = { participants: null, metadata: null, retentionPolicy: null };
  assert.equal((await create({ topic: 'Nulls', ...nothing })).status, 201);
  assert.equal((await create({ topic: null })).body.error?.target, 'topic');
});

test('tokens that the emulator did not issue are refused', async () => {
  const { token } = await newPerson(acs.emulator());
  const [head, body, signature] = token.split('.');
  const path = '/chat/threads?api-version=2025-03-15';
  const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
  for (const forged of [
    `${none}.${body}.`,
    `${head}.${body}x.${signature}`,
    `${head}.${body}`,
    'x',
    `${token}.x`,
  ]) {
    const { status, body: answer } = await send('GET', path, '', { authorization: `Bearer ${forged}` });
    assert.equal(status, 401, answer.error?.message);
  }
  assert.equal((await send('GET', path, '', {})).status, 401);
  const signed = await send('GET', path, '', sign('GET', path, ''));
  assert.equal(signed.status, 401);
  assert.match(signed.body.error?.message ?? '', /token of a communication user/);
});

test('answers carry a request id, and that of the client', async () => {
  const { headers } = await createUser({ headers: { 'x-ms-client-request-id': 'mine' } });
  assert.equal(headers['x-ms-client-request-id'], 'mine');
  assert.match(String(headers['x-ms-request-id']), /^[0-9a-f-]{36}$/);
});

test('links name the address that the client used', async () => {
  const { token } = await newPerson(acs.emulator());
  const path = '/chat/threads?api-version=2025-03-15';
  const create = async (headers: Record<string, string>) => {
    const answer = await send('POST', path, '{"topic":"Links"}', {
      authorization: `Bearer ${token}`,
      ...headers,
    });
    return String(answer.headers.location);
  };
  assert.match(await create({ host: 'contoso.communication.azure.com' }), /^https:\/\/contoso\.comm/);
  const direct = await create({});
  assert.ok(direct.startsWith(`${acs.emulator().url}/chat/threads/19%3A`), direct);
});

test('a body larger than any operation takes is refused', async () => {
  const { status, headers, body } = await send('POST', identities, Buffer.alloc(33 * 1024 ** 2), {});
  assert.equal(status, 413);
  assert.equal(body.error?.code, 'RequestEntityTooLarge');
  assert.ok(headers['x-ms-request-id']);
});
