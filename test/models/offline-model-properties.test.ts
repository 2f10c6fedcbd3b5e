import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { foldText } from '../../src/shared/analysis/fold-text.ts';
import { extractSummary } from '../../src/shared/models/offline/offline-model.ts';
import type { SummaryContent } from '../../src/shared/models/summary-content.ts';
import type { Conversation } from '../../src/shared/transcripts/conversation.ts';

const piece = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 30 }) },
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      "I'll send the report.",
      'Can you check it?',
      'Sure, will do',
      'Hello',
      '> quoted',
      '```let x = 1;\n```',
      '\n',
      '\r\n',
      'https://example.com/a?b=c',
      '。',
      '？',
      '你好世界',
      'هل وصل؟',
      '\uD83D',
      '\u200D',
      'Ich werde dir die Rechnung schicken.',
      'toString',
      'constructor',
      '"',
      '”',
      'I’m',
      '__proto__',
      '1234',
      ' ',
      'e-mail',
      '-',
    ),
  },
);
const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(' '));
const name = fc.option(fc.string({ unit: 'binary', maxLength: 12 }), { nil: undefined });
const id = fc.string({ unit: 'binary', minLength: 1, maxLength: 8 });

const conversation: fc.Arbitrary<Conversation> = fc
  .record({
    topic: fc.option(fc.string({ unit: 'binary' }), { nil: undefined }),
    people: fc.uniqueArray(fc.record({ id, name }), {
      minLength: 1,
      maxLength: 4,
      selector: (person) => person.id,
    }),
    messages: fc.array(fc.record({ text, sender: fc.nat({ max: 3 }) }), { minLength: 1, maxLength: 10 }),
  })
  .map(({ topic, people, messages }) => ({
    channel: 'chat',
    id: 'any',
    ...(topic === undefined ? {} : { topic }),
    participants: people,
    messages: messages.map(({ text, sender }, index) => ({
      id: `m${index}`,
      at: new Date(index * 1000).toISOString(),
      sender: people[sender % people.length] ?? { id: 'nobody' },
      text,
    })),
  }));

test('any conversation gives a valid summary that quotes it word for word', async () => {
  await fc.assert(
    fc.asyncProperty(conversation, async (conversation) => {
      const content = await extractSummary(conversation);
      assertValid(content, conversation);
      assert.deepEqual(await extractSummary(structuredClone(conversation)), content);
    }),
    { numRuns: 300 },
  );
});

function assertValid(content: SummaryContent, { messages }: Conversation): void {
  const said = new Map(messages.map(({ id, text }) => [id, foldText(text)]));
  const senders = new Set(messages.map(({ sender }) => sender.id));
  const assertSaid = (quote: string, messageId: string): void => {
    assert.doesNotMatch(quote, /[\p{Cc}\u2028\u2029]/u);
    assert.ok(said.get(messageId)?.includes(quote.replace(/…$/u, '')), `${messageId} does not say ${quote}`);
  };

  assert.ok(content.headline.trim() !== '' && content.headline.length <= 100);
  assert.doesNotMatch(content.headline, /[\p{Cc}\u2028\u2029]/u);
  assert.match(content.language, /^(?:[a-z]{2}|und)$/);
  for (const { text, cites } of content.summary) {
    assert.equal(cites.length, 1);
    const quoted = /: "(.*)"$/su.exec(text)?.[1];
    assert.ok(quoted !== undefined && quoted !== '');
    assertSaid(
      afterName(
        text,
        messages.find(({ id }) => id === cites[0]),
      ),
      cites[0] ?? '',
    );
  }
  for (const { text, messageId, by } of content.openQuestions) {
    assertSaid(text, messageId);
    assert.equal(messages.find(({ id }) => id === messageId)?.sender.id, by);
  }
  for (const { text, messageId, owner } of content.actionItems) {
    assertSaid(text, messageId);
    assert.ok(owner !== undefined && senders.has(owner));
  }
  for (const [list, limit] of [
    [content.topics, 5],
    [content.keyPhrases, 10],
  ] as const) {
    assert.ok(list.length <= limit);
    assert.equal(new Set(list.map((phrase) => phrase.toLowerCase())).size, list.length);
    assert.ok(list.every((phrase) => phrase.trim() !== ''));
  }
}

/** The quote of an item, which starts after the sender's name. */
function afterName(text: string, message: Conversation['messages'][number] | undefined): string {
  const folded = foldText(message?.sender.name ?? '');
  const label = folded === '' ? /^participant ….{0,12}?: "/u.exec(text)?.[0] : `${folded}: "`;
  assert.ok(label !== undefined && text.startsWith(label), `${text} does not start with its sender`);
  return text.slice(label.length, -1);
}
