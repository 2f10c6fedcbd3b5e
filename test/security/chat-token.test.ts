import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createAcceptsChatToken } from '../../src/shared/acs/accepts-chat-token.ts';
import { ParleyError } from '../../src/shared/errors.ts';
import { createCheckChatToken, ownUserPrefix } from '../../src/shared/security/check-chat-token.ts';
import { readSettings } from '../../src/shared/settings.ts';
import { newPerson } from '../acs/people.ts';
import { clientsOf, useAcs } from '../support/acs.ts';
import { tokenOf } from './tokens.ts';

const ours = useAcs();
const theirs = useAcs();
const now = new Date('2026-11-24T12:00:00.000Z');
const seconds = now.getTime() / 1_000;

function settingsOf({ url, connectionString }: { url: string; connectionString: string }) {
  return readSettings({ ACS_CONNECTION_STRING: connectionString, ACS_EMULATOR_URL: url }).acs;
}

function open({ clock = () => new Date() } = {}) {
  const asked: string[] = [];
  const accepts = createAcceptsChatToken(settingsOf(ours.emulator()));
  const check = createCheckChatToken({
    accepts: (token) => {
      asked.push(token);
      return accepts(token);
    },
    clock,
  });
  return { check, asked };
}

const payloadOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));

describe('a chat token', () => {
  test('is believed once our endpoint takes it, which is asked once', async () => {
    const { id, token } = await newPerson(ours.emulator());
    const { check, asked } = open();
    assert.deepEqual(await Promise.all([check(token), check(token)]), [id, id]);
    assert.equal(await check(token), id);
    assert.equal(asked.length, 1);
  });

  test('of another resource is not believed, whomever it names', async () => {
    const { token } = await newPerson(theirs.emulator());
    const { check, asked } = open();
    assert.equal(await check(token), undefined);
    assert.equal(await check(token), undefined);
    assert.equal(asked.length, 1, 'a refusal is remembered, too');
  });

  test('that somebody signed themselves, or did not sign, is not believed', async () => {
    const { token } = await newPerson(ours.emulator());
    const claims = payloadOf(token);
    const { check, asked } = open();
    assert.equal(await check(tokenOf(claims)), undefined);
    const none = tokenOf(claims, { header: { alg: 'none', typ: 'JWT' } });
    const tail = none.slice(0, none.lastIndexOf('.') + 1);
    for (const forged of [none, tail, `${tail}e30`, tokenOf(claims, { header: { alg: 'NoNe' } })]) {
      assert.equal(await check(forged), undefined);
    }
    const [head, , signature] = token.split('.');
    const other = Buffer.from(JSON.stringify({ ...claims, skypeid: 'acs:r_boss' })).toString('base64url');
    assert.equal(await check(`${head}.${other}.${signature}`), undefined);
    assert.ok(
      asked.every((one) => !one.startsWith(tail)),
      'what is not signed is not even sent on',
    );
  });

  test('that is no token of a communication user costs no request', async () => {
    const { check, asked } = open();
    const exp = Date.now() / 1_000 + 60;
    for (const wrong of [
      '',
      'a.b.c',
      tokenOf({ exp }),
      tokenOf({ skypeid: 'acs:r_joe' }),
      tokenOf({ skypeid: 'orgid:joe', exp }),
      tokenOf({ skypeid: 'acs:r_joe 8:acs:r_boss', exp }),
      tokenOf({ skypeid: ['acs:r_joe'], exp }),
      tokenOf({ oid: 'joe', tid: 'x', email: 'joe@example.com', exp }),
      `${tokenOf({ skypeid: 'acs:r_joe', exp })}.x`,
    ]) {
      assert.equal(await check(wrong), undefined, wrong);
    }
    assert.deepEqual(asked, []);
  });

  test('is not believed after its end, though it was before', async () => {
    let time = now;
    const check = createCheckChatToken({ accepts: async () => true, clock: () => time });
    const token = tokenOf({ skypeid: 'acs:r_joe', exp: seconds + 60 });
    assert.equal(await check(token), '8:acs:r_joe');
    time = new Date(now.getTime() + 60_000);
    assert.equal(await check(token), undefined);
  });

  test('that was revoked is refused by the endpoint', async () => {
    const { id, token } = await newPerson(ours.emulator());
    await (await clientsOf(ours.emulator()).identity()).revokeTokens({ communicationUserId: id });
    assert.equal(await open().check(token), undefined);
  });

  test('without the scope to chat is not believed', async () => {
    const { token } = await newPerson(ours.emulator(), ['voip']);
    assert.equal(await open().check(token), undefined);
  });

  test('is asked about again where the endpoint did not answer, which is no refusal', async () => {
    const down = createAcceptsChatToken(settingsOf({ ...ours.emulator(), url: 'http://127.0.0.1:9' }));
    let accepts = down;
    const check = createCheckChatToken({ accepts: (token) => accepts(token), clock: () => now });
    const token = tokenOf({ skypeid: 'acs:r_joe', exp: seconds + 60 });
    await assert.rejects(check(token), (error) => {
      assert.ok(error instanceof ParleyError);
      assert.deepEqual([error.code, error.status, error.retryable], ['provider_unavailable', 503, true]);
      assert.ok(!error.message.includes(token));
      return true;
    });
    accepts = async () => true;
    assert.equal(await check(token), '8:acs:r_joe');
  });

  test('is one of few that are looked at at once: a flood of forged ones is not handed on', async () => {
    const answers: ((isAccepted: boolean) => void)[] = [];
    const check = createCheckChatToken({
      accepts: () => new Promise((resolve) => answers.push(resolve)),
      clock: () => now,
    });
    const token = (index: number) => tokenOf({ skypeid: `acs:r_${index}`, exp: seconds + 60 });
    const looking = Array.from({ length: 50 }, (_, index) => check(token(index)));
    await assert.rejects(check(token(50)), { code: 'too_many_requests' });
    assert.equal(answers.length, 50);
    const again = check(token(0));
    for (const answer of answers) answer(true);
    assert.equal((await Promise.all(looking)).length, 50);
    assert.equal(await again, '8:acs:r_0');
  });

  test('is nobody where no resource is set', async () => {
    const accepts = createAcceptsChatToken(readSettings({}).acs);
    const check = createCheckChatToken({ accepts, clock: () => now });
    assert.equal(await check(tokenOf({ skypeid: 'acs:r_joe', exp: seconds + 60 })), undefined);
  });

  test('of a user of another resource is refused by its id where ours is known', async () => {
    const { acs } = readSettings({ CHAT_SERVICE_USER: '8:acs:res-1_parley' });
    const check = createCheckChatToken({
      accepts: async () => true,
      clock: () => now,
      prefix: ownUserPrefix(acs),
    });
    assert.equal(await check(tokenOf({ skypeid: 'acs:res-1_joe', exp: seconds + 60 })), '8:acs:res-1_joe');
    assert.equal(await check(tokenOf({ skypeid: 'acs:res-2_joe', exp: seconds + 60 })), undefined);
  });

  test('is remembered with few others: a flood of tokens takes no memory without end', async () => {
    let asked = 0;
    const check = createCheckChatToken({
      accepts: async () => {
        asked += 1;
        return true;
      },
      clock: () => now,
    });
    const tokens = Array.from({ length: 10_001 }, (_, index) =>
      tokenOf({ skypeid: `acs:r_${index}`, exp: seconds + 60 }),
    );
    for (const token of tokens) await check(token);
    await check(tokens.at(-1) ?? '');
    assert.equal(asked, 10_001);
    await check(tokens[0] ?? '');
    assert.equal(asked, 10_002, 'the oldest was forgotten');
  });
});
