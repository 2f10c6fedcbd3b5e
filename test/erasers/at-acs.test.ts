import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AcsEvent } from '../../local/acs/emulator.ts';
import { createEraserAtAcs } from '../../src/shared/channels/chat/erase-at-acs.ts';
import type {
  EraseAtProvider,
  ErasedAtProvider,
  ProviderErasure,
} from '../../src/shared/channels/eraser-at-provider.ts';
import { ParleyError } from '../../src/shared/errors.ts';
import { collect, newPerson, newThread, type Person } from '../acs/people.ts';
import { clientsOf, useAcs } from '../support/acs.ts';

let milliseconds = 0;
const clock = () => new Date(Date.now() + milliseconds);
const emitted: AcsEvent[] = [];
const acs = useAcs({ onEvent: (event) => emitted.push(event) });
const limited = useAcs({ limits: true, clock });

const signal = () => AbortSignal.timeout(60_000);

interface Done {
  deleted: number;
  problems: ErasedAtProvider['problems'];
  calls: number;
}

/** Calls it until it is done, as an erasure does: `next` goes through JSON, and a wait through the clock. */
async function erase(
  eraser: EraseAtProvider,
  erasure: ProviderErasure,
  { steps = Number.POSITIVE_INFINITY }: { steps?: number } = {},
): Promise<Done> {
  const done: Done = { deleted: 0, problems: [], calls: 0 };
  for (let from: unknown; ; ) {
    let begun = 0;
    const isTimeUp = () => {
      begun += 1;
      return begun > steps;
    };
    const {
      deleted,
      problems,
      next,
      waitMilliseconds = 0,
    } = await eraser(erasure, {
      from,
      isTimeUp,
      signal: signal(),
    });
    done.deleted += deleted;
    done.problems.push(...problems);
    done.calls += 1;
    assert.ok(done.calls < 500, 'it never ends');
    if (next === undefined) return done;
    from = JSON.parse(JSON.stringify(next));
    milliseconds += waitMilliseconds;
  }
}

function eraserOf(place = acs, serviceUser?: string): EraseAtProvider {
  return createEraserAtAcs({ clients: place.clients(), serviceUser });
}

async function write(person: Person, thread: string, ...texts: string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const content of texts) {
    ids.push((await person.chat.getChatThreadClient(thread).sendMessage({ content })).id);
  }
  return ids;
}

/** What a participant is shown of a thread, oldest first. */
async function shown(person: Person, thread: string): Promise<string[]> {
  const messages = await collect(person.chat.getChatThreadClient(thread).listMessages());
  return messages.flatMap(({ content }) => content?.message ?? []).reverse();
}

async function twoThreads() {
  const [joe, ann] = [await newPerson(acs.emulator()), await newPerson(acs.emulator())];
  const [one, two] = [await newThread('One', [ann, joe]), await newThread('Two', [joe, ann])];
  const ids = await write(joe, one, 'first of Joe', 'second of Joe');
  await write(ann, one, 'of Ann');
  await write(joe, two, 'unknown here');
  await write(ann, two, 'of Ann, too');
  const messages = ids.map((messageId) => ({ conversation: one, messageId, sender: joe.id }));
  return { joe, ann, one, two, messages };
}

describe('at ACS', () => {
  test('their messages go, those that nobody told us of too, then the user, and others keep theirs', async () => {
    const { joe, ann, one, two, messages } = await twoThreads();
    const erasure = { identities: [joe.id, 'mailto:joe@example.com', '4:+15551230001'], messages };
    const done = await erase(eraserOf(), erasure);
    assert.deepEqual(done, { deleted: 3, problems: [], calls: 1 });
    assert.deepEqual(await shown(ann, one), ['of Ann']);
    assert.deepEqual(await shown(ann, two), ['of Ann, too']);
    const identity = await acs.clients().identity();
    await assert.rejects(identity.getToken({ communicationUserId: joe.id }, ['chat']), { statusCode: 404 });
    await assert.rejects(shown(joe, one), { statusCode: 401 });
    const told = emitted.filter(
      ({ type, data }) => type === 'ChatMessageDeletedInThread' && data.threadId === one,
    );
    assert.equal(told.length, 2);
  });

  test('done again, it finds nothing and complains of nothing', async () => {
    const { joe, one, messages } = await twoThreads();
    const erasure = { identities: [joe.id], messages: messages.slice(0, 1) };
    await erase(eraserOf(), erasure);
    const again = await erase(eraserOf(), erasure);
    assert.equal(again.deleted, 0);
    assert.deepEqual(again.problems, [
      {
        where: one,
        reason: 'keeps messages whose sender is unknown to the resource: nobody may delete them.',
      },
    ]);
  });

  test('broken off after every single step, it comes to the same', async () => {
    const { joe, ann, one, two, messages } = await twoThreads();
    const done = await erase(eraserOf(), { identities: [joe.id], messages }, { steps: 1 });
    assert.equal(done.deleted, 3);
    assert.ok(done.calls > 5);
    assert.deepEqual([...(await shown(ann, one)), ...(await shown(ann, two))], ['of Ann', 'of Ann, too']);
  });

  test('a process that dies after a message is followed by one that begins from the beginning, and comes to the same', async () => {
    const { joe, ann, one, messages } = await twoThreads();
    const eraser = eraserOf();
    const begun = await eraser({ identities: [joe.id], messages }, { isTimeUp: once(), signal: signal() });
    assert.equal(begun.deleted, 1);
    const done = await erase(eraserOf(), { identities: [joe.id], messages });
    // The service may say of a message twice that it deleted it.
    assert.ok(done.deleted >= 2);
    assert.deepEqual(done.problems, []);
    assert.deepEqual(await shown(ann, one), ['of Ann']);
  });

  test('what was deleted before is fine; what they may not delete is told, without telling whom', async () => {
    const [joe, ann] = [await newPerson(acs.emulator()), await newPerson(acs.emulator())];
    const [left, open] = [await newThread('Left', [ann, joe]), await newThread('Open', [ann, joe])];
    const [inLeft = ''] = await write(joe, left, 'stays, because Joe has left');
    const [first = '', second = ''] = await write(joe, open, 'deleted before', 'to delete');
    await joe.chat.getChatThreadClient(open).deleteMessage(first);
    await ann.chat.getChatThreadClient(left).removeParticipant({ communicationUserId: joe.id });
    const sender = joe.id;
    const done = await erase(eraserOf(), {
      identities: [joe.id],
      messages: [
        { conversation: left, messageId: inLeft, sender },
        { conversation: open, messageId: first, sender },
        { conversation: open, messageId: second, sender },
        { conversation: open, messageId: '1', sender },
      ],
    });
    assert.deepEqual(done.problems, [
      { where: left, reason: 'keeps messages whose sender may not delete them any more (403).' },
    ]);
    assert.ok(!JSON.stringify(done.problems).includes(joe.id));
    assert.deepEqual(await shown(ann, left), ['stays, because Joe has left']);
    assert.deepEqual(await shown(ann, open), []);
  });

  test('a conversation that goes loses the messages of everybody, and nobody is deleted', async () => {
    const { joe, ann, one, messages } = await twoThreads();
    const [ofAnn = ''] = await write(ann, one, 'once more of Ann');
    const all = [...messages, { conversation: one, messageId: ofAnn, sender: ann.id }];
    const done = await erase(eraserOf(), { identities: [], messages: all });
    assert.deepEqual(done, { deleted: 3, problems: [], calls: 1 });
    assert.deepEqual(await shown(joe, one), ['of Ann']);
  });

  test('our own service user is never deleted', async () => {
    const ours = await newPerson(acs.emulator());
    const thread = await newThread('Ours', [ours]);
    await write(ours, thread, 'an answer');
    const done = await erase(eraserOf(acs, ours.id), { identities: [ours.id], messages: [] });
    assert.equal(done.deleted, 0);
    assert.deepEqual(await shown(ours, thread), ['an answer']);
  });

  test('more threads and messages than a page has go all', async () => {
    const [joe, ann] = [await newPerson(acs.emulator()), await newPerson(acs.emulator())];
    const threads: string[] = [];
    for (let number = 0; number < 205; number += 1) threads.push(await newThread(`${number}`, [ann, joe]));
    await write(joe, threads[0] ?? '', 'in the oldest thread');
    await write(joe, threads[204] ?? '', ...Array.from({ length: 210 }, (_, number) => `${number}`));
    const done = await erase(eraserOf(), { identities: [joe.id], messages: [] });
    assert.deepEqual(done, { deleted: 211, problems: [], calls: 1 });
    assert.deepEqual(await shown(ann, threads[204] ?? ''), []);
  });

  test('the rate limit is obeyed: it waits as long as the service asks, and goes on there', async () => {
    const [joe, ann] = [await newPerson(limited.emulator()), await newPerson(limited.emulator())];
    const thread = await newThread('Busy', [ann, joe]);
    const messages: ProviderErasure['messages'][number][] = [];
    for (let round = 0; round < 4; round += 1) {
      const ids = await write(joe, thread, ...Array.from({ length: 9 }, (_, number) => `${round} ${number}`));
      messages.push(...ids.map((messageId) => ({ conversation: thread, messageId, sender: joe.id })));
      milliseconds += 60_000;
    }
    const before = milliseconds;
    const done = await erase(eraserOf(limited), { identities: [joe.id], messages });
    assert.equal(done.deleted, 36);
    assert.deepEqual(done.problems, []);
    assert.ok(done.calls > 2 && done.calls < 20, `${done.calls} calls`);
    assert.ok(milliseconds - before >= 20_000, 'it waited');
    assert.deepEqual(await shown(ann, thread), []);
  });

  test('a service that does not answer is worth another try, and one that refuses the app is not', async () => {
    const { joe, messages } = await twoThreads();
    const { url, connectionString } = acs.emulator();
    const fault = await fetch(`${url}/emulator/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ path: '/chat/threads/*/messages/*', answer: { status: 503 } }),
    });
    assert.equal(fault.status, 200, await fault.text());
    const erasure = { identities: [joe.id], messages };
    await assert.rejects(
      erase(eraserOf(), erasure),
      (error) => error instanceof ParleyError && error.retryable && error.code === 'provider_unavailable',
    );
    const wrong = connectionString.replace(/accesskey=.*/, 'accesskey=d3Jvbmcta2V5LW5vdC1hLXNlY3JldA==');
    const clients = clientsOf({ ...acs.emulator(), connectionString: wrong });
    await assert.rejects(
      erase(createEraserAtAcs({ clients }), erasure),
      (error) =>
        error instanceof ParleyError && !error.retryable && /ACS_CONNECTION_STRING/.test(error.message),
    );
    assert.equal((await erase(eraserOf(), erasure)).deleted, 3);
  });
});

/** Time for one step. */
function once(): () => boolean {
  let begun = 0;
  return () => {
    begun += 1;
    return begun > 1;
  };
}
