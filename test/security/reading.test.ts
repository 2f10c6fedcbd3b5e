import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { newPerson } from '../acs/people.ts';
import { clientsOf, useAcs } from '../support/acs.ts';
import { useAzurite } from '../support/azurite.ts';
import { timeAt, user } from '../support/chat-events.ts';
import { type Answer, ask, askUntil, newFolder, type Parley, post, startParley } from '../support/parley.ts';
import { addPerson, gone, playScene, type Scene, sms, team, words } from './scene.ts';
import { tokenOf } from './tokens.ts';

const acs = useAcs();
const others = useAcs();
const azurite = useAzurite();
let parley: Parley;
let removeFolder: () => Promise<void>;

const operator = { 'x-functions-key': `ops-${'k'.repeat(24)}` };
let scene: Scene;

const get = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  ask(`${parley.url}/api/${path}`, { headers });
const by = (name: string): Record<string, string> => scene.by(name);
const idOf = (name: string): string => scene.idOf(name);
const conversation = (channel: string, id: string) => `conversations/${channel}/${encodeURIComponent(id)}`;
const summary = (channel: string, id: string) => `summaries/${channel}/${encodeURIComponent(id)}`;
const theTeam = conversation('chat', team);
const theMails = conversation('email', 'first@customer.example');

/** What of the words above an answer tells. */
const told = ({ text }: Answer): string[] => Object.values(words).filter((word) => text.includes(word));
const textsOf = ({ text }: Answer): string[] =>
  JSON.parse(text).messages.map((one: { text: string }) => one.text);
const idsIn = ({ text }: Answer): string[] =>
  JSON.parse(text).conversations.map((one: { id: string }) => one.id);

async function refused(path: string, headers: Record<string, string>, status: number): Promise<Answer> {
  const answer = await get(path, headers);
  assert.equal(answer.status, status, answer.text);
  assert.deepEqual(told(answer), []);
  return answer;
}

describe('through the front door', () => {
  before(async () => {
    const { folder, remove } = await newFolder();
    removeFolder = remove;
    const { url, connectionString } = acs.emulator();
    parley = await startParley(join(folder, 'parley'), {
      AzureWebJobsStorage: azurite.connectionString(),
      ACS_EMULATOR_URL: url,
      ACS_CONNECTION_STRING: connectionString,
      EMAIL_TRUSTED_AUTH_HEADER: 'Authentication-Results',
      OPERATOR_KEYS: `ops:${operator['x-functions-key']}`,
    });
    scene = await playScene(parley.url, acs.emulator());
  });

  after(async () => {
    await parley.stop();
    await removeFolder();
  });

  describe('what people read of their own', () => {
    test('whoever was there all the time reads all of it, as an operator does', async () => {
      const whole = await get(theTeam, operator);
      assert.deepEqual((await get(theTeam, by('Ada'))).json, whole.json);
      assert.deepEqual(textsOf(whole), [words.start, words.changed, words.whileAway, words.late]);
    });

    test('the list of a person is their own, by token alone or with their name', async () => {
      assert.deepEqual(idsIn(await get('conversations', by('Ada'))).sort(), [gone, team]);
      assert.deepEqual(
        idsIn(await get('conversations', by('Bob'))).sort(),
        [gone, team, 'first@customer.example'].sort(),
      );
      const withBob = `conversations?with=${encodeURIComponent('bob@customer.example')}`;
      assert.deepEqual(idsIn(await get(withBob, by('Bob'))), ['first@customer.example']);
      assert.deepEqual(idsIn(await get('conversations', by('Eve'))), []);
    });

    test('the past of a deleted thread stays theirs', async () => {
      assert.deepEqual(textsOf(await get(conversation('chat', gone), by('Bob'))), [words.early]);
    });

    test('pages go through what is theirs', async () => {
      const texts: string[] = [];
      for (let path: string | undefined = `${parley.url}/api/${theTeam}?limit=1`; path; ) {
        const page = await ask(path, { headers: by('Dan') });
        texts.push(...textsOf(page));
        path = JSON.parse(page.text).nextLink;
      }
      assert.deepEqual(texts, [words.start, words.changed, words.late]);
    });
  });

  describe('ways to read what is not one’s own', () => {
    test('1: a stranger asks for a conversation, and is told what is told of none', async () => {
      const none = await refused(conversation('chat', '19:none@thread.v2'), by('Eve'), 404);
      const not = await refused(theTeam, by('Eve'), 404);
      assert.equal(not.text, none.text);
      for (const type of ['text/plain', 'text/markdown']) {
        assert.equal((await refused(theTeam, { ...by('Eve'), accept: type }, 404)).text, none.text);
      }
      assert.equal((await get(conversation('chat', '19:none@thread.v2'), operator)).text, none.text);
    });

    test('2: a late joiner reads from when they joined', async () => {
      const answer = await get(theTeam, by('Cleo'));
      assert.deepEqual(textsOf(answer), [words.late]);
      assert.deepEqual(told(answer), [words.late, words.topic]);
    });

    test('3: a removed member reads until they left: no later message, topic, newcomer or time', async () => {
      const answer = await get(theTeam, by('Bob'));
      assert.deepEqual(told(answer), [words.start]);
      assert.ok(!answer.text.includes(idOf('Cleo')));
      const { conversations } = JSON.parse((await get('conversations', by('Bob'))).text);
      const listed = conversations.find(({ id }: { id: string }) => id === team);
      assert.equal(listed.lastChangedAt, timeAt(20));
    });

    test('4: a removed member does not read what a message of their time was changed to', async () => {
      assert.ok(!(await get(theTeam, by('Bob'))).text.includes(words.changed));
    });

    test('5: whoever comes back does not read what was said while they were away', async () => {
      assert.deepEqual(textsOf(await get(theTeam, by('Dan'))), [words.start, words.changed, words.late]);
    });

    test('6: nobody at all, and a wrong key, are told neither', async () => {
      for (const path of [
        theTeam,
        conversation('chat', '19:none@thread.v2'),
        'conversations',
        'summaries',
        summary('chat', team),
      ]) {
        const { text } = await refused(path, {}, 401);
        assert.match(text, /not_authenticated.*OPERATOR_KEYS/s);
        await refused(path, { 'x-functions-key': `${operator['x-functions-key']}x` }, 401);
        await refused(`${path}?code=x`, by('Ada'), 401);
      }
    });

    test('7: a header of the platform that the platform did not send', async () => {
      const claims = [
        { typ: 'tid', val: '72f988bf-86f1-41af-91ab-2d7cd011db47' },
        { typ: 'oid', val: '8f6f0e2c-3c0e-4d0a-9b8e-6a51e0a5d001' },
        { typ: 'roles', val: 'operator' },
      ];
      const principal = Buffer.from(JSON.stringify({ auth_typ: 'aad', claims })).toString('base64');
      const headers = { 'x-ms-client-principal': principal, 'x-ms-client-principal-id': idOf('Ada') };
      await refused(theTeam, headers, 401);
      await refused(theTeam, { ...headers, ...by('Eve') }, 404);
    });

    test('8: a token that nobody signed', async () => {
      const claims = { skypeid: idOf('Ada').slice(2), exp: Date.now() / 1_000 + 600 };
      const none = tokenOf(claims, { header: { alg: 'none', typ: 'JWT' } });
      await refused(theTeam, { authorization: `Bearer ${none}` }, 401);
      await refused(theTeam, { authorization: `Bearer ${none.slice(0, none.lastIndexOf('.') + 1)}` }, 401);
    });

    test('9: a token that they signed themselves', async () => {
      const claims = { skypeid: idOf('Ada').slice(2), exp: Math.floor(Date.now() / 1_000) + 600 };
      await refused(theTeam, { authorization: `Bearer ${tokenOf(claims)}` }, 401);
    });

    test('10: a token of another resource, for the same user', async () => {
      // What the other one knows by the same id.
      others.emulator().chat.say({ from: idOf('Ada'), text: 'Hello.' });
      const identity = await clientsOf(others.emulator()).identity();
      const { token } = await identity.getToken({ communicationUserId: idOf('Ada') }, ['chat']);
      await refused(theTeam, { authorization: `Bearer ${token}` }, 401);
    });

    test('11: a token whose time is over', async () => {
      const claims = { skypeid: idOf('Ada').slice(2), exp: Math.floor(Date.now() / 1_000) - 1 };
      await refused(theTeam, { authorization: `Bearer ${tokenOf(claims)}` }, 401);
    });

    test('12: their own token with the claims of another in it', async () => {
      const [head, , signature] = (by('Eve').authorization ?? '').replace('Bearer ', '').split('.');
      const claims = {
        skypeid: idOf('Ada').slice(2),
        acsScope: 'chat',
        generation: 0,
        iat: 1,
        exp: 9_999_999_999,
      };
      const body = Buffer.from(JSON.stringify(claims)).toString('base64url');
      await refused(theTeam, { authorization: `Bearer ${head}.${body}.${signature}` }, 401);
    });

    test('13: another user of the same resource, by the name of a participant', async () => {
      const ada = await newPerson(acs.emulator());
      await refused(theTeam, { authorization: `Bearer ${ada.token}` }, 404);
    });

    test('14: an identity in the query, in headers of their own, or twice', async () => {
      for (const query of ['with', 'identity', 'person', 'user', 'caller', 'skypeid']) {
        await refused(`${theTeam}?${query}=${encodeURIComponent(idOf('Ada'))}`, by('Eve'), 404);
      }
      await refused(
        theTeam,
        { ...by('Eve'), 'x-ms-client-principal-id': idOf('Ada'), 'x-user': idOf('Ada') },
        404,
      );
      await refused(
        theTeam,
        { authorization: `${by('Eve').authorization}, ${by('Ada').authorization}` },
        401,
      );
    });

    test('15: "as", which is for operators, who are logged by the name of their key', async () => {
      const as = `as=${encodeURIComponent(idOf('Ada'))}`;
      for (const path of [theTeam, 'conversations', 'summaries', summary('chat', team)]) {
        const { text } = await refused(`${path}?${as}`, by('Eve'), 403);
        assert.match(text, /not_allowed/);
        await refused(`${path}?as=p_${'A'.repeat(22)}`, by('Eve'), 403);
      }
      const asBob = await get(`${theTeam}?as=${encodeURIComponent(idOf('Bob'))}`, operator);
      assert.deepEqual(asBob.json, (await get(theTeam, by('Bob'))).json);
      const logged = parley.lines.filter((line) => line.includes('actingAs'));
      assert.equal(logged.length, 1);
      assert.match(logged[0] ?? '', /"actingAs":"p_[\w-]+","operator":"ops"/);
    });

    test('16: the list of somebody else, who may exist or not', async () => {
      const bob = JSON.parse((await get(`people?identity=${encodeURIComponent(idOf('Bob'))}`, operator)).text)
        .people[0].id;
      const answers: string[] = [];
      for (const name of [idOf('Ada'), user('Nobody'), bob, `p_${'A'.repeat(22)}`, '+15551230001']) {
        const { text } = await refused(`conversations?with=${encodeURIComponent(name)}`, by('Eve'), 403);
        answers.push(text);
      }
      assert.equal(new Set(answers).size, 1);
    });

    test('17: the next page of somebody else', async () => {
      const { nextLink } = JSON.parse((await get('conversations?limit=1', by('Bob'))).text);
      const stolen = await ask(nextLink, { headers: by('Eve') });
      assert.deepEqual(idsIn(stolen), []);
      const page = JSON.parse((await get(`${theTeam}?limit=1`, by('Ada'))).text);
      const read = await ask(page.nextLink, { headers: by('Eve') });
      assert.deepEqual([read.status, told(read)], [404, []]);
      const cursor = new URL(page.nextLink).searchParams.get('cursor');
      const late = await get(`${theTeam}?cursor=${cursor}`, by('Bob'));
      assert.deepEqual(told(late), []);
      const listed = JSON.parse((await get('conversations?limit=1', operator)).text);
      assert.equal((await ask(listed.nextLink, { headers: by('Eve') })).status, 400);
    });

    test('18: an attachment by the name of its blob', async () => {
      const { messages } = JSON.parse((await get(theMails, operator)).text);
      const blob = messages[1].attachments[0].blob;
      const kept = await get(`media/${blob}`, operator);
      assert.deepEqual([kept.status, kept.text], [200, words.file]);
      const none = await refused(`media/${blob.slice(0, -4)}0000`, by('Bob'), 404);
      for (const name of ['Bob', 'Eve']) {
        assert.equal((await refused(`media/${blob}`, by(name), 404)).text, none.text);
      }
      await refused(`media/${blob}`, {}, 401);
    });

    test('19: mails of a thread that do not name them, by the id of any mail', async () => {
      for (const id of ['first@customer.example', 'second@customer.example']) {
        const answer = await get(conversation('email', id), by('Bob'));
        assert.deepEqual(told(answer), [words.mailToAll]);
        assert.equal(JSON.parse(answer.text).id, id);
        await refused(conversation('email', id), by('Eve'), 404);
      }
    });

    test('20: ids in another spelling', async () => {
      const spellings = [
        `conversations/chat/${team}`,
        `conversations/chat/${encodeURIComponent(encodeURIComponent(team))}`,
        `conversations/chat/19~3ateam~40thread~2ev2`,
        `conversations/chat/x%2F..%2F${encodeURIComponent(team)}`,
        `conversations/CHAT/${encodeURIComponent(team)}`,
        `conversations/chat%2F${encodeURIComponent(team)}`,
        `conversations/chat/${encodeURIComponent(`${team}/`)}`,
        `conversations/chat/${encodeURIComponent(`${team}\0`)}`,
      ];
      for (const path of spellings) {
        const { status, text } = await get(path, by('Eve'));
        assert.ok([400, 404].includes(status), `${path}: ${status}`);
        assert.deepEqual(told({ text } as Answer), []);
      }
    });

    test('21: the conversation of a number that they know', async () => {
      const none = await refused(conversation('sms', '+18005550100:+15551239999'), by('Eve'), 404);
      assert.equal((await refused(conversation('sms', sms), by('Eve'), 404)).text, none.text);
    });

    test('22: what staff answered for, once they do not any more', async () => {
      const identities = [idOf('Cleo')];
      const id = await addPerson(parley.url, {
        name: 'Cleo',
        role: 'staff',
        identities,
        answersFor: ['+18005550100'],
      });
      assert.deepEqual(textsOf(await get(conversation('sms', sms), by('Cleo'))), [words.sms]);
      const put = {
        method: 'PUT',
        body: JSON.stringify({ role: 'customer' }),
        headers: { 'content-type': 'application/json' },
      };
      assert.equal((await ask(`${parley.url}/api/people/${id}`, put)).status, 200);
      await refused(conversation('sms', sms), by('Cleo'), 404);
    });

    test('23: the summary of a conversation that goes on without them, or began without them', async () => {
      const started = await post(`${parley.url}/api/summaries/runs`, '');
      assert.ok([200, 202].includes(started.status), started.text);
      await askUntil(started.headers.get('location') ?? '', ({ text }) => text.includes('"completed"'));
      const whole = await get(summary('chat', team), operator);
      assert.ok(told(whole).length > 1, whole.text);
      assert.equal((await get(summary('chat', team), by('Ada'))).text, whole.text);
      assert.deepEqual(told(await get(summary('chat', team), by('Bob'))), [words.start]);
      const late = await get(summary('chat', team), by('Cleo'));
      assert.deepEqual(
        told(late).filter((word) => word !== words.topic),
        [words.late],
      );
      const none = await refused(summary('chat', '19:none@thread.v2'), by('Eve'), 404);
      assert.equal((await refused(summary('chat', team), by('Eve'), 404)).text, none.text);
      assert.ok(
        !(await get(summary('email', 'first@customer.example'), by('Bob'))).text.includes(words.mailToOne),
      );
      const headlines = await get('summaries', by('Bob'));
      assert.deepEqual(JSON.parse(headlines.text).summaries.length, 3);
      assert.ok(told(headlines).every((word) => [words.start, words.early, words.mailToAll].includes(word)));
    });

    test('24: words of others, looked for over all summaries and action items', async () => {
      const resultsOf = async (word: string, headers: Record<string, string>): Promise<unknown[]> =>
        JSON.parse((await get(`search?q=${word}`, headers)).text).results;
      assert.ok((await resultsOf(words.start, operator)).length > 0);
      assert.ok((await resultsOf(words.late, by('Ada'))).length > 0);
      for (const word of Object.values(words)) assert.deepEqual(await resultsOf(word, by('Eve')), [], word);
      for (const word of [words.late, words.changed]) assert.deepEqual(await resultsOf(word, by('Bob')), []);
      assert.deepEqual(await resultsOf(words.start, by('Cleo')), []);
      const items = await get('action-items', by('Eve'));
      assert.deepEqual([items.status, told(items)], [200, []]);
    });

    test('25: a request in plain words over what is not theirs, and the answer to somebody else’s', async () => {
      const wanted = { request: `summarize all conversations about ${words.start}` };
      const asking = (headers: Record<string, string>, body: object = wanted) =>
        post(`${parley.url}/api/ask`, body, { ...headers, prefer: 'wait=20' });
      const ofEve = await asking(by('Eve'));
      assert.ok([200, 202].includes(ofEve.status), ofEve.text);
      assert.deepEqual(
        told(ofEve).filter((word) => word !== words.start),
        [],
      );
      const ofAda = await asking(by('Ada'), { request: 'summarize all my conversations' });
      assert.ok(told(ofAda).length > 0, ofAda.text);
      const address = ofAda.headers.get('location') ?? '';
      assert.equal((await ask(address, { headers: by('Ada') })).status, 200);
      const stolen = await ask(address, { headers: by('Eve') });
      const none = await ask(`${address.slice(0, -4)}AAAA`, { headers: by('Eve') });
      assert.deepEqual([stolen.status, stolen.text], [404, none.text]);
      assert.equal((await asking({})).status, 401);
      assert.equal((await asking(by('Eve'), { ...wanted, as: idOf('Ada') })).status, 403);
    });

    test('the log names no token, no key and nothing that was said', () => {
      const secrets = [
        ...['Ada', 'Bob', 'Cleo', 'Dan', 'Eve'].map((name) =>
          (by(name).authorization ?? '').slice('Bearer '.length),
        ),
        operator['x-functions-key'],
        ...Object.values(words),
      ];
      assert.deepEqual(
        parley.lines.filter((line) => secrets.some((secret) => line.includes(secret))),
        [],
      );
    });
  });
});
