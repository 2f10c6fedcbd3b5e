import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import {
  chatEvent,
  deleted,
  edited,
  joined,
  sent,
  smallTalk,
  topicChanged,
  user,
} from '../support/chat-events.ts';
import { type Answer, ask, askUntil, newFolder, type Parley, post, startParley } from '../support/parley.ts';

let parley: Parley;
let removeFolder: () => Promise<void>;

before(async () => {
  const { folder, remove } = await newFolder();
  removeFolder = remove;
  parley = await startParley(folder);
});

after(async () => {
  await parley.stop();
  await removeFolder();
});

const events = (body: unknown, headers?: Record<string, string>): Promise<Answer> =>
  post(`${parley.url}/api/events`, body, headers);
const trigger = (body: unknown): Promise<Answer> =>
  post(`${parley.url}/runtime/webhooks/eventgrid?functionName=chatEvents`, body, {
    'aeg-event-type': 'Notification',
  });
const conversation = (thread: string, headers: Record<string, string> = {}, query = ''): Promise<Answer> =>
  ask(`${parley.url}/api/conversations/chat/${encodeURIComponent(thread)}${query}`, { headers });

const ada = { id: '1', from: 'Ada', text: 'Good morning, where is the report?', second: 1 };

describe('events through the front door', () => {
  test('both addresses and both schemas make the same transcript', async () => {
    const threads = ['19:twin@thread.v2', '19:trigger@thread.v2', '19:cloud@thread.v2', '19:mixed@thread.v2'];
    const happenings = (thread: string) => [
      chatEvent('ChatThreadCreated', thread, {
        createTime: '2026-11-23T09:00:00.000Z',
        version: 1795424400000,
        properties: { topic: 'Report' },
        participants: [{ displayName: 'Ada', participantCommunicationIdentifier: { rawId: user('Ada') } }],
      }),
      sent(thread, ada),
      edited(thread, { ...ada, text: 'Good morning, where is the May report?' }, 20),
      sent(thread, { ...ada, id: '2', text: 'oops', second: 3 }),
      deleted(thread, { ...ada, id: '2', second: 3 }, 30),
      joined(thread, 'Grace', 40),
      topicChanged(thread, 'May report', 50),
    ];
    const cloud = (event: ReturnType<typeof sent>) => ({
      specversion: '1.0',
      id: event.id,
      type: event.eventType,
      source: event.topic,
      time: event.eventTime,
      data: event.data,
    });
    const [twin = '', byTrigger = '', byCloud = '', mixed = ''] = threads;
    assert.equal((await events(happenings(twin))).status, 200);
    assert.equal((await trigger(happenings(byTrigger))).status, 202);
    assert.equal(
      (await events(happenings(byCloud).map(cloud), { 'content-type': 'application/cloudevents-batch+json' }))
        .status,
      200,
    );
    for (const event of happenings(mixed).reverse()) assert.equal((await events(event)).status, 200);
    const answers = await Promise.all(threads.map((thread) => conversation(thread)));
    for (const [index, { json }] of answers.entries()) {
      assert.deepEqual(json, {
        channel: 'chat',
        id: threads[index],
        topic: 'May report',
        participants: [
          { id: user('Ada'), name: 'Ada' },
          { id: user('Grace'), name: 'Grace' },
        ],
        messages: [
          {
            id: '1',
            at: '2026-11-23T09:00:01.000Z',
            sender: { id: user('Ada'), name: 'Ada' },
            text: 'Good morning, where is the May report?',
            editedAt: '2026-11-23T09:00:20.000Z',
          },
        ],
      });
    }
  });

  test('what people write comes back byte for byte, dates and odd characters included', async () => {
    const thread = '19:bytes@thread.v2';
    const texts = [
      '2030-01-01T02:00:00+02:00',
      '👩‍👩‍👧‍👦 שלום \u202eabc',
      ' a\u2028b\n\tc ',
      '<b>not html</b>',
      '\u0001"\\',
    ];
    await events(
      texts.map((text, index) => sent(thread, { ...ada, id: String(index), text, second: index })),
    );
    const { text } = await conversation(thread);
    assert.deepEqual(
      JSON.parse(text).messages.map((message: { text: string }) => message.text),
      texts,
    );
  });

  test('the handshakes of Event Grid are answered', async () => {
    const validation = [
      {
        id: 'v',
        topic: '/t',
        subject: '',
        eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
        data: { validationCode: '512d38b6' },
      },
    ];
    const answer = await events(validation, { 'aeg-event-type': 'SubscriptionValidation' });
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.json, { validationResponse: '512d38b6' });
    const options = await ask(`${parley.url}/api/events`, {
      method: 'OPTIONS',
      headers: { 'webhook-request-origin': 'eventgrid.azure.net', 'webhook-request-rate': '120' },
    });
    assert.equal(options.status, 200);
    assert.equal(options.headers.get('webhook-allowed-origin'), 'eventgrid.azure.net');
    assert.equal(options.headers.get('webhook-allowed-rate'), '120');
  });

  test('five thousand events are taken, one more is refused with the limit, and so are 16 MiB', async () => {
    const typing = chatEvent('ChatTypingIndicatorReceivedInThread', '19:many@thread.v2', {});
    const many = await events(Array.from({ length: 5_000 }, () => typing));
    assert.equal(many.status, 200);
    const more = await events(Array.from({ length: 5_001 }, () => typing));
    assert.equal(more.status, 413);
    assert.match(more.text, /5000 events/);
    const large = await events(JSON.stringify('x'.repeat(16 * 1024 ** 2)));
    assert.equal(large.status, 413);
    assert.match(large.text, /16 MiB/);
  });

  test('a body that is no JSON is told what it must be', async () => {
    assert.equal((await events('')).status, 411);
    for (const body of ['nope', '{"half":', Buffer.from([0xff, 0xfe]).toString('latin1')]) {
      const answer = await events(body);
      assert.ok(answer.status === 400, `${body} ${answer.status}`);
      assert.match(answer.text, /"code":"bad_request"/);
    }
    assert.deepEqual((await events([])).json, { received: 0, stored: 0, deadLettered: 0, ignored: {} });
  });

  test('a malformed event becomes a dead letter that can be read and replayed, and the rest is stored', async () => {
    const thread = '19:half@thread.v2';
    const bad = chatEvent('ChatMessageReceivedInThread', thread, { messageId: 7.5 });
    const answer = await events([bad, sent(thread, ada)]);
    assert.deepEqual(answer.json, { received: 2, stored: 1, deadLettered: 1, ignored: {} });
    const listed = JSON.parse((await ask(`${parley.url}/api/dead-letters`)).text);
    assert.equal(listed.deadLetters.length, 1);
    const whole = await ask(`${parley.url}/api/dead-letters/${listed.deadLetters[0].name}`);
    assert.deepEqual(JSON.parse(whole.text).original, JSON.parse(JSON.stringify(bad)));
    const replay = await post(`${parley.url}/api/dead-letters/replay`, '');
    assert.deepEqual(replay.json, { replayed: 0, left: 1 });
    const tool = (...words: string[]): string =>
      execFileSync(process.execPath, ['local/dead-letters.ts', ...words, '--url', parley.url], {
        encoding: 'utf8',
      });
    assert.match(tool(), /data\.messageId[\s\S]*1 dead letters\./);
    assert.match(tool('show', listed.deadLetters[0].name), /"messageId": 7\.5/);
    assert.equal(tool('replay'), '0 replayed and removed, 1 left.\n');
    assert.equal(JSON.parse((await ask(`${parley.url}/api/dead-letters`)).text).deadLetters.length, 1);
  });
});

describe('conversations through the front door', () => {
  test('are listed in key order, page by page', async () => {
    for (let index = 0; index < 7; index += 1) await events(smallTalk(`19:page${index}@thread.v2`, 1));
    const ids: string[] = [];
    let next: string | undefined = `${parley.url}/api/conversations?channel=chat&limit=3`;
    while (next) {
      const page = JSON.parse((await ask(next)).text);
      assert.ok(page.conversations.length <= 3);
      ids.push(...page.conversations.map(({ id }: { id: string }) => id));
      next = page.nextLink;
    }
    assert.equal(new Set(ids).size, ids.length);
    assert.equal(ids.filter((id) => id.startsWith('19:page')).length, 7);
    assert.deepEqual(JSON.parse((await ask(`${parley.url}/api/conversations?channel=sms`)).text), {
      conversations: [],
    });
  });

  test('are read page by page, as JSON, text and Markdown', async () => {
    const thread = '19:long/odd id@thread.v2';
    await events(smallTalk(thread, 25));
    const seen: string[] = [];
    let query = '?limit=10';
    for (let pages = 0; query; pages += 1) {
      assert.ok(pages < 4);
      const page = JSON.parse((await conversation(thread, {}, query)).text);
      seen.push(...page.messages.map(({ id }: { id: string }) => id));
      query = page.nextLink ? new URL(page.nextLink).search : '';
    }
    assert.equal(new Set(seen).size, 25);
    const text = await conversation(thread, { accept: 'text/plain' });
    assert.match(text.headers.get('content-type') ?? '', /^text\/plain/);
    assert.match(text.text, /\[2026-11-23 09:00\] Ada: The printer/);
    const markdown = await conversation(thread, { accept: 'text/markdown' });
    assert.match(markdown.text, /\*\*Ada:\*\* The printer/);
    assert.equal((await conversation(thread, { accept: 'image/png' })).status, 406);
  });

  test('wrong requests are told what is right', async () => {
    assert.equal((await conversation('19:nobody@thread.v2')).status, 404);
    for (const query of ['?limit=0', '?limit=1001', '?limit=ten', '?cursor=abc', '?cursor=e30']) {
      const answer = await conversation('19:nobody@thread.v2', {}, query);
      assert.equal(answer.status, 400, query);
      assert.match(answer.text, /"message":"(limit|cursor) /);
    }
    assert.equal((await ask(`${parley.url}/api/conversations?channel=../x`)).status, 400);
  });
});

describe('a night through the front door', () => {
  const run = (night: string) => `${parley.url}/api/summaries/runs/${night}`;
  const ended = ({ json }: Answer): boolean => /"state":"(completed|failed)"/.test(JSON.stringify(json));

  test('is started, joined, watched and read', async () => {
    await events(smallTalk('19:night@thread.v2', 12));
    const [first, second] = await Promise.all(
      [1, 2].map(() => post(`${parley.url}/api/summaries/runs`, { night: '2026-11-23' })),
    );
    assert.deepEqual([first?.status, second?.status].sort(), [200, 202]);
    assert.equal(first?.headers.get('location'), run('2026-11-23'));
    const done = await askUntil(run('2026-11-23'), ended);
    const report = JSON.parse(done.text);
    assert.equal(report.state, 'completed', done.text);
    assert.ok(report.found > 0);
    assert.deepEqual([report.done, report.failed, report.left], [report.found, 0, 0]);

    const digest = JSON.parse((await ask(report.digest)).text);
    assert.deepEqual(Object.keys(digest).sort(), [
      'conversations',
      'done',
      'failed',
      'found',
      'night',
      'postponed',
      'postponedCount',
      'tokens',
    ]);
    assert.equal(digest.done, report.found);
    const markdown = await ask(report.digest, { headers: { accept: 'text/markdown' } });
    assert.match(markdown.text, /^# Night of 2026-11-23/);

    const address = `${parley.url}/api/summaries/chat/${encodeURIComponent('19:night@thread.v2')}`;
    assert.equal(JSON.parse((await ask(address)).text).messageCount, 12);
    assert.match((await ask(address, { headers: { accept: 'text/markdown' } })).text, /## Summary/);
    const page = JSON.parse((await ask(`${parley.url}/api/summaries?limit=2`)).text);
    assert.equal(page.summaries.length, 2);
    assert.deepEqual(Object.keys(page.summaries[0]).sort(), ['at', 'channel', 'headline', 'id']);
    assert.ok(page.nextLink);
    assert.ok(parley.lines.some((line) => line.includes('summarizeConversations')));
  });

  test('wrong dates are told what is right', async () => {
    assert.equal((await post(`${parley.url}/api/summaries/runs`, { night: '2026-13-40' })).status, 400);
    assert.equal((await post(`${parley.url}/api/summaries/runs`, 'tonight')).status, 400);
    assert.equal((await ask(run('2020-01-01'))).status, 404);
    assert.equal((await ask(run('yesterday'))).status, 400);
    assert.equal((await ask(`${parley.url}/api/digests/2020-01-01`)).status, 404);
    assert.equal((await ask(`${parley.url}/api/summaries/chat/nobody`)).status, 404);
  });

  test('health tells that app and storage are there', async () => {
    assert.deepEqual((await ask(`${parley.url}/api/health`)).json, { status: 'ok' });
  });
});
