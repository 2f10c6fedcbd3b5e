import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { contentDigest } from '../../src/shared/summaries/compose.ts';
import type { Conversation } from '../../src/shared/transcripts/conversation.ts';
import {
  type Analysis,
  type AnalysisEntry,
  type ContentEntry,
  type TranscriptEntry,
  transcriptEntry,
} from '../../src/shared/transcripts/entry.ts';
import { createFold } from '../../src/shared/transcripts/fold.ts';
import { hashText } from '../../src/shared/transcripts/match-texts.ts';
import { renderMarkdown, renderText } from '../../src/shared/transcripts/render.ts';

const conversation = 'c4a77e10:US.1';
const sender = 'whatsapp:US.1';

function timeAt(second: number): string {
  return new Date(Date.parse('2026-11-23T09:00:00Z') + second * 1_000).toISOString();
}

function content(
  kind: 'message' | 'edit',
  messageId: string,
  text: string,
  second: number,
  more: Partial<ContentEntry> = {},
): ContentEntry {
  const at = timeAt(second);
  const version = String(Date.parse(at));
  const id = `${kind}:${messageId}:${version}`;
  const base = { kind, id, conversation, version, at, messageId, sender: { id: sender }, text };
  return { ...base, ...(kind === 'message' ? { composedAt: at } : {}), ...more };
}

/** What Parley made of a version of a message, or a provider that names the message. */
function reading(of: ContentEntry, analysis: Analysis, second = 100): AnalysisEntry {
  const { messageId, version: read } = of;
  const at = timeAt(second);
  const version = String(Date.parse(at));
  const id = `analysis:${messageId}:${read}:${analysis.by}:${version}`;
  return { kind: 'analysis', id, conversation, version, at, messageId, of: read, analysis };
}

/** A provider's, which does not name the message. */
function unnamed(
  text: string,
  second: number,
  { intent = `wants ${text}`, from = sender }: { intent?: string; from?: string } = {},
): AnalysisEntry {
  const at = timeAt(second);
  const version = String(Date.parse(at));
  const id = `analysis:${from}:${hashText(text).slice(0, 16)}:${version}`;
  const matches = { sender: from, textHash: hashText(text), length: text.length, at };
  const analysis: Analysis = { by: 'provider', intent };
  return { kind: 'analysis', id, conversation, version, at, matches, analysis };
}

function fold(entries: readonly TranscriptEntry[]): Conversation {
  const state = createFold({ channel: 'whatsapp', id: conversation });
  for (const entry of entries) state.add(entry);
  return state.result();
}

function unreadIn(entries: readonly TranscriptEntry[]): string[] {
  const state = createFold({ channel: 'whatsapp', id: conversation });
  for (const entry of entries) state.add(entry);
  return state.unread().messages.map(({ id }) => id);
}

function intents(entries: readonly TranscriptEntry[]): Record<string, string | undefined> {
  return Object.fromEntries(fold(entries).messages.map(({ id, analysis }) => [id, analysis?.intent]));
}

const flowers = content('message', 'm1', 'Please send flowers', 0);
const ours: Analysis = {
  by: 'parley',
  language: { code: 'en', confidence: 0.9 },
  act: 'request',
  intent: 'ours',
  keyPhrases: ['flowers'],
};

describe('what was read in a message', () => {
  test('stands beside it, whether it came before or after', () => {
    const entries = [flowers, reading(flowers, ours)];
    for (const order of [entries, entries.toReversed()]) {
      assert.deepEqual(fold(order).messages[0]?.analysis, ours);
    }
  });

  test('an edit makes the analysis of the earlier version void, until the new version is read', () => {
    const edited = content('edit', 'm1', 'Please send chocolate', 60);
    const old = reading(flowers, ours);
    assert.equal(fold([flowers, edited, old]).messages[0]?.analysis, undefined);
    assert.deepEqual(unreadIn([flowers, edited, old]), ['m1']);
    const renewed = reading(edited, { ...ours, intent: 'chocolate' });
    assert.deepEqual(intents([flowers, old, edited, renewed]), { m1: 'chocolate' });
    assert.deepEqual(unreadIn([flowers, old, edited, renewed]), []);
  });

  test('of two readings by the same reader the later one counts', () => {
    const first = reading(flowers, { ...ours, intent: 'first' }, 100);
    const second = reading(flowers, { ...ours, intent: 'second' }, 200);
    assert.deepEqual(intents([flowers, second, first]), { m1: 'second' });
  });

  test("the provider's members go before Parley's own, which fill in what it left out", () => {
    const provider: Analysis = {
      by: 'provider',
      language: { code: 'en', confidence: 0.99 },
      intent: 'Order request: the customer wants flowers.',
      sentiment: { score: 0.5 },
    };
    assert.deepEqual(
      fold([flowers, reading(flowers, ours), reading(flowers, provider)]).messages[0]?.analysis,
      {
        ...provider,
        act: 'request',
        keyPhrases: ['flowers'],
      },
    );
  });

  test('`by` says whose language and intent are shown', () => {
    const phrases: Analysis = { by: 'provider', keyPhrases: ['bouquet'] };
    const shown = fold([flowers, reading(flowers, ours), reading(flowers, phrases)]).messages[0]?.analysis;
    assert.deepEqual(shown, { ...ours, keyPhrases: ['bouquet'] });
  });

  test('of a deleted message is gone with it, and of one that never came shows nothing', () => {
    const deletion: TranscriptEntry = {
      kind: 'delete',
      id: 'delete:m1:9',
      conversation,
      version: '9',
      at: timeAt(9),
      messageId: 'm1',
    };
    const { messages, participants } = fold([
      flowers,
      deletion,
      reading(flowers, ours),
      unnamed('Anybody there?', 5),
    ]);
    assert.deepEqual([messages, participants], [[], []]);
  });

  test('says nothing in the forms that people read, and changes nothing that a summary reads', () => {
    const plain = fold([flowers]);
    const annotated = fold([flowers, reading(flowers, ours), unnamed('Please send flowers', 2)]);
    assert.notDeepEqual(annotated, plain);
    assert.equal(renderText(annotated), renderText(plain));
    assert.equal(renderMarkdown(annotated), renderMarkdown(plain));
    assert.equal(contentDigest(annotated), contentDigest(plain));
  });
});

describe('an analysis that does not name its message', () => {
  test('goes to the message of the same sender and text that is nearest in time', () => {
    const entries = [
      content('message', 'a', 'Hello', 0),
      content('message', 'b', 'Hello', 600),
      content('message', 'c', 'Hello!', 603),
      content('message', 'd', 'Hello', 604, { sender: { id: 'whatsapp:US.2' } }),
      unnamed('Hello', 603),
    ];
    assert.deepEqual(intents(entries), { a: undefined, b: 'wants Hello', c: undefined, d: undefined });
  });

  test('goes to one message, and a message takes one', () => {
    const entries = [
      content('message', 'a', 'ok', 0),
      content('message', 'b', 'ok', 10),
      unnamed('ok', 2, { intent: 'first' }),
      unnamed('ok', 12, { intent: 'second' }),
      unnamed('ok', 13, { intent: 'third' }),
    ];
    assert.deepEqual(intents(entries), { a: 'first', b: 'second' });
  });

  test('goes to nobody where no message is within an hour', () => {
    const hour = 3_600;
    assert.deepEqual(intents([flowers, unnamed(flowers.text, hour)]), { m1: `wants ${flowers.text}` });
    assert.deepEqual(intents([flowers, unnamed(flowers.text, hour + 1)]), { m1: undefined });
  });

  test('of an edited message is shown where it read the text that stands', () => {
    const edited = content('edit', 'm1', 'Please send chocolate', 4_000);
    assert.deepEqual(intents([flowers, unnamed(flowers.text, 2), edited]), { m1: undefined });
    assert.deepEqual(intents([flowers, edited, unnamed(edited.text, 4_002)]), {
      m1: 'wants Please send chocolate',
    });
  });

  test('leaves the message to be read by Parley, too, and says what there is already', () => {
    const state = createFold({ channel: 'whatsapp', id: conversation });
    for (const entry of [flowers, unnamed(flowers.text, 2)]) state.add(entry);
    const [unread] = state.unread().messages;
    assert.deepEqual([unread?.id, unread?.provider?.intent], ['m1', 'wants Please send flowers']);
  });

  test('ten thousand of one text find their messages in less than a second', () => {
    const count = 10_000;
    const entries = Array.from({ length: count }, (_, index) => [
      content('message', `m${index}`, 'ok', index / 10),
      unnamed('ok', index / 10 + 3, { intent: String(index) }),
    ]).flat();
    const started = performance.now();
    const { messages } = fold(entries);
    assert.ok(performance.now() - started < 1_000, `${performance.now() - started} ms`);
    assert.equal(messages.filter(({ analysis }) => analysis).length, count);
  });
});

describe('what is left for Parley to read', () => {
  test('is the oldest first, without what we sent and what has no words', () => {
    const entries = [
      content('message', 'late', 'Second', 20),
      content('message', 'early', 'First', 10),
      content('message', 'sent', 'From us', 5, { sentBy: 'desk' }),
      content('message', 'blank', ' \n', 6),
      content('message', 'picture', '[image]', 7),
      content('message', 'read', 'Read', 8),
      reading(content('message', 'read', 'Read', 8), ours),
    ];
    assert.deepEqual(unreadIn(entries), ['early', 'late']);
  });
});

describe('analyses in any order', () => {
  const pool: TranscriptEntry[] = [
    flowers,
    content('edit', 'm1', 'ok', 30),
    content('message', 'm2', 'ok', 31),
    content('message', 'm3', 'ok', 61, { sentBy: 'desk' }),
    content('message', 'm4', 'ok', 62),
    { ...content('message', 'm5', 'ok', 63), sender: { id: 'somebody else' } },
    { kind: 'delete', id: 'delete:m4:9', conversation, version: '9', at: timeAt(70), messageId: 'm4' },
    reading(flowers, ours),
    reading(content('edit', 'm1', 'ok', 30), { ...ours, intent: 'edited' }),
    reading(content('message', 'm2', 'ok', 31), ours, 100),
    reading(content('message', 'm2', 'ok', 31), { ...ours, intent: 'again' }, 100),
    reading(content('message', 'm2', 'ok', 31), { by: 'provider', intent: 'named' }, 90),
    unnamed('ok', 30),
    unnamed('ok', 33, { intent: 'one' }),
    { ...unnamed('ok', 33, { intent: 'two' }), id: 'analysis:other' },
    unnamed('ok', 64, { from: 'somebody else' }),
    unnamed('Please send flowers', 1),
    { ...unnamed('ok', 62), id: 'analysis:no text', matches: undefined },
  ];

  test('the entries of these tests are such as are stored', () => {
    for (const entry of pool) assert.deepEqual(transcriptEntry.parse(entry).kind, entry.kind);
  });

  test('any selection, repeated and shuffled, tells what the set of them tells', () => {
    let withAnalysis = 0;
    fc.assert(
      fc.property(fc.array(fc.nat(pool.length - 1), { maxLength: 60 }), (picks) => {
        const chosen = picks.flatMap((index) => pool[index] ?? []);
        const once = pool.filter((entry) => chosen.includes(entry));
        const expected = fold(once);
        assert.deepEqual(fold(chosen), expected);
        assert.deepEqual(unreadIn(chosen), unreadIn(once));
        withAnalysis += expected.messages.filter(({ analysis }) => analysis).length;
      }),
      { numRuns: 2_000 },
    );
    assert.ok(withAnalysis > 1_000, `only ${withAnalysis} messages had an analysis`);
  });
});
