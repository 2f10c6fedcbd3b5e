import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createMatcher } from '../../src/shared/erasers/matcher.ts';
import { type About, createRedactions, judgeEntry } from '../../src/shared/erasers/redact-entry.ts';
import {
  type ContentEntry,
  type TranscriptEntry,
  transcriptEntry,
} from '../../src/shared/transcripts/entry.ts';
import { hashText } from '../../src/shared/transcripts/match-texts.ts';
import { joe, user } from './joe-smith.ts';

const number = '4:+15551230001';
const address = 'mailto:joe.s@xn--bcher-kva.example';
const ann = { id: 'mailto:ann@example.org', name: 'Ann Brown' };
const about: About = {
  identities: new Set(joe.identities),
  messages: new Set(['m1']),
  matcher: createMatcher(joe),
  isTheirs: true,
};
const elsewhere: About = { ...about, isTheirs: false };

const stamp = { conversation: 'c1', version: '7', at: '2026-11-23T09:00:00.000Z' };

function message(content: Partial<ContentEntry> = {}): ContentEntry {
  return {
    kind: 'message',
    id: 'message:m2:7',
    ...stamp,
    messageId: 'm2',
    sender: ann,
    text: 'Hello',
    ...content,
  };
}

/** What it becomes, which is valid, has the same id and version, and stays as it is from then on. */
function judged(entry: TranscriptEntry, by: About = about): TranscriptEntry | undefined {
  const before = structuredClone(entry);
  const after = judgeEntry(entry, by);
  assert.deepEqual(entry, before, 'what is judged does not change');
  if (!after) return undefined;
  assert.deepEqual(transcriptEntry.parse(after), after);
  assert.deepEqual([after.id, after.version, after.kind], [entry.id, entry.version, entry.kind]);
  assert.equal(judgeEntry(after, by), after, 'once is enough');
  return after;
}

describe('of theirs nothing stays', () => {
  const theirs: TranscriptEntry[] = [
    message({ sender: { id: user } }),
    message({ sender: { id: 'whatsapp:US.9' }, alsoKnownAs: [number] }),
    { ...message({ sender: { id: address, name: 'J.' } }), kind: 'edit', id: 'edit:m3:7', messageId: 'm3' },
    { kind: 'delete', id: 'delete:m1:7', ...stamp, messageId: 'm1' },
    { kind: 'participant', id: 'participant:j:7', ...stamp, participant: { id: user }, change: 'added' },
    {
      kind: 'reaction',
      id: 'reaction:m2:j:7',
      ...stamp,
      messageId: 'm2',
      sender: { id: number },
      emoji: '👍',
    },
    { kind: 'reaction', id: 'reaction:m1:a:7', ...stamp, messageId: 'm1', sender: ann, emoji: '👍' },
    { kind: 'receipt', id: 'receipt:m2:j:7', ...stamp, messageId: 'm2', recipient: number, status: 'read' },
    { kind: 'receipt', id: 'receipt:m1:a:7', ...stamp, messageId: 'm1', recipient: ann.id, status: 'read' },
    {
      kind: 'attachment',
      id: 'attachment:m1:f:7',
      ...stamp,
      messageId: 'm1',
      attachment: { id: 'f', type: 'image/png' },
    },
    { kind: 'analysis', id: 'analysis:m1:7', ...stamp, messageId: 'm1', of: '7', analysis: { by: 'parley' } },
    {
      kind: 'analysis',
      id: 'analysis:x:7',
      ...stamp,
      matches: { sender: number, textHash: hashText('x'), length: 1, at: stamp.at },
      analysis: { by: 'provider' },
    },
  ];
  for (const entry of theirs) {
    test(`${entry.id} goes`, () => {
      assert.equal(judged(entry), undefined);
      assert.equal(judged(entry, elsewhere), undefined);
    });
  }
});

describe('of others’', () => {
  test('everything that tells of them goes, and everything else stays', () => {
    const before = message({
      text: 'Joe said the vermilion canoe is late. I will look.',
      subject: 'Re: Joe Smith',
      to: [
        { id: address, name: 'Joe Smith' },
        { id: 'mailto:zoe@example.org', name: 'Zoe' },
      ],
      attachments: [
        { id: 'a1', type: 'text/plain', name: 'letter to joe smith.txt', size: 3, blob: 'email/c1/ff' },
        { id: 'a2', type: 'image/png', name: 'boat.png' },
      ],
      metadata: { ticket: '42', contact: '+1 555 123 0001', 'joe.smith@x.example': 'yes' },
      sentBy: 'Ann Brown',
      replyTo: '<joe.s@bücher.example>',
      quoted: '> Yes, do that',
      html: '<p>Joe said the vermilion <b>canoe</b> is late.</p>',
      original: { type: 'card', body: ['Joe Smith'] },
      marks: ['auto-reply'],
      composedAt: stamp.at,
    });
    assert.deepEqual(judged(before), {
      ...message({
        text: '[erased] said [erased] late. I will look.',
        subject: 'Re: [erased]',
        to: [{ id: 'mailto:zoe@example.org', name: 'Zoe' }],
        attachments: [
          { id: 'a1', type: 'text/plain', name: 'letter to [erased].txt', size: 3, blob: 'email/c1/ff' },
          { id: 'a2', type: 'image/png', name: 'boat.png' },
        ],
        metadata: { ticket: '42', contact: '[erased]' },
        sentBy: 'Ann Brown',
        marks: ['auto-reply'],
        composedAt: stamp.at,
      }),
    });
  });

  test('what has no trace stays the very same, whatever it has', () => {
    const entries: TranscriptEntry[] = [
      message({
        html: '<p>Hello</p>',
        quoted: '> Hi',
        original: { a: [1, null] },
        replyTo: 'm0',
        to: [ann],
        metadata: { a: 'b' },
        sentBy: 'Ann',
        subject: 'Hello',
        attachments: [{ id: 'a', type: 'image/png', name: 'x.png' }],
      }),
      { kind: 'topic', id: 'topic:topic:7', ...stamp, topic: 'Boats' },
      { kind: 'thread', id: 'thread:created:7', ...stamp, change: 'created' },
      { kind: 'delete', id: 'delete:m9:7', ...stamp, messageId: 'm9' },
      { kind: 'participant', id: 'participant:a:7', ...stamp, participant: ann, change: 'removed' },
      {
        kind: 'receipt',
        id: 'receipt:m2:7',
        ...stamp,
        messageId: 'm2',
        status: 'failed',
        reason: 'Unknown number',
      },
    ];
    for (const entry of entries) for (const by of [about, elsewhere]) assert.equal(judged(entry, by), entry);
  });

  test('a topic, a reason, an attachment that came later and a reading lose it, too', () => {
    const topic: TranscriptEntry = { kind: 'topic', id: 'topic:topic:7', ...stamp, topic: 'For Joe Smith' };
    assert.deepEqual(judged(topic, elsewhere), { ...topic, topic: 'For [erased]' });
    const receipt: TranscriptEntry = {
      kind: 'receipt',
      id: 'receipt:m2:7',
      ...stamp,
      messageId: 'm2',
      status: 'failed',
      reason: 'No such number: 15551230001.',
    };
    assert.deepEqual(judged(receipt), { ...receipt, reason: 'No such number: [erased].' });
    const attachment: TranscriptEntry = {
      kind: 'attachment',
      id: 'attachment:m2:f:7',
      ...stamp,
      messageId: 'm2',
      attachment: { id: 'f', type: 'image/png', name: 'Joe.png' },
    };
    assert.deepEqual(judged(attachment), {
      ...attachment,
      attachment: { ...attachment.attachment, name: '[erased].png' },
    });
    const reading: TranscriptEntry = {
      kind: 'analysis',
      id: 'analysis:m2:7',
      ...stamp,
      messageId: 'm2',
      analysis: { by: 'parley', intent: 'The sender says that Joe Smith called.' },
    };
    assert.equal(judged(reading), undefined);
  });

  test('HTML goes with the words of its text, also where it hides them better', () => {
    const text = 'the vermilion canoe is late';
    const html = '<p>the ver<i>milion</i> c<span>anoe</span> <span>is</span> late</p>';
    const after = judged(message({ text, html }));
    assert.ok(after?.kind === 'message' && after.html === undefined && !after.text.includes('canoe'));
  });

  test('another Joe keeps his name, and a member of staff who is erased does not stay as who sent it', () => {
    const joeBrown = { id: 'mailto:joe.b@example.org', name: 'Joe Brown' };
    const entry = message({ sender: joeBrown, to: [joeBrown], text: 'Fine' });
    assert.equal(judged(entry), entry);
    const staff = { ...about, identities: new Set(['staff:Zoe Carter', 'mailto:zoe@example.org']) };
    for (const sentBy of ['Zoe Carter', 'zoe@example.org']) {
      assert.deepEqual(judged(message({ sentBy }), staff), message({ sentBy: '[erased]' }));
    }
  });

  test('readings of a message that loses words go: their key phrases are of these words', () => {
    const redactions = createRedactions();
    const changed = message({ text: 'the vermilion canoe is late' });
    const same = message({ id: 'message:m5:7', messageId: 'm5', text: 'Fine' });
    for (const entry of [changed, same]) redactions.note(entry, judgeEntry(entry, about));
    const by = { ...about, redactions };
    const reading = (messageId: string): TranscriptEntry => ({
      kind: 'analysis',
      id: `analysis:${messageId}:7`,
      ...stamp,
      messageId,
      analysis: { by: 'parley', keyPhrases: ['vermilion canoe'] },
    });
    const unnamed = (text: string): TranscriptEntry => ({
      kind: 'analysis',
      id: `analysis:${text}:7`,
      ...stamp,
      matches: { sender: ann.id, textHash: hashText(text), length: text.length, at: stamp.at },
      analysis: { by: 'provider', intent: 'Wants it' },
    });
    assert.deepEqual(
      ['m2', 'm5'].map((id) => judged(reading(id), by) !== undefined),
      [false, true],
    );
    assert.deepEqual(
      [changed.text, same.text].map((text) => judged(unnamed(text), by) !== undefined),
      [false, true],
    );
  });

  test('elsewhere a first name and a single short quote stay', () => {
    const entry = message({
      text: 'Joe said the vermilion canoe is late',
      html: '<p>Joe</p>',
      quoted: '> Yes, do that',
    });
    assert.equal(judged(entry, elsewhere), entry);
  });
});

describe('whatever an entry has', () => {
  const piece = fc.constantFrom(
    'Joe Smith',
    'joe',
    '+1 555 123 0001',
    'the vermilion canoe is still not here',
    '> Yes, do that\n',
    'oars',
    '\n',
    '🙂',
    '&amp;',
    '[erased]',
    '"',
    user,
  );
  const text = fc
    .array(fc.oneof(piece, fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 6 })
    .map((all) => all.join(' '));
  const some = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
  const person = fc.record({
    id: fc.constantFrom(ann.id, user, number, 'mailto:zoe@example.org'),
    name: text,
  });
  const file = fc.record({
    id: fc.constantFrom('f', 'g'),
    type: fc.constantFrom('text/plain', 'image/png'),
    name: text,
  });
  const id = fc.constantFrom('m1', 'm2', 'm3');
  const content = fc
    .record({
      kind: fc.constantFrom('message' as const, 'edit' as const),
      messageId: id,
      sender: person,
      text,
      html: some(text),
      subject: some(text),
      quoted: some(text),
      replyTo: some(text),
      sentBy: some(text),
      alsoKnownAs: some(fc.constantFrom([number], ['4:+15559990000'])),
      to: some(fc.array(person, { maxLength: 3 })),
      attachments: some(fc.array(file, { maxLength: 2 })),
      metadata: some(fc.dictionary(text, text, { maxKeys: 3 })),
      original: some(fc.jsonValue({ maxDepth: 2 })),
    })
    .map((members) => ({ ...stamp, id: `${members.kind}:${members.messageId}:7`, ...members }));
  const entry: fc.Arbitrary<TranscriptEntry> = fc
    .oneof(
      content,
      fc
        .record({ kind: fc.constant('topic' as const), topic: text })
        .map((one) => ({ id: 'topic:topic:7', ...stamp, ...one })),
      fc
        .record({
          kind: fc.constant('receipt' as const),
          messageId: id,
          reason: some(text),
          recipient: some(fc.constantFrom(number, ann.id)),
          status: fc.constant('failed' as const),
        })
        .map((one) => ({ id: 'receipt:7', ...stamp, ...one })),
      fc
        .record({ kind: fc.constant('reaction' as const), messageId: id, sender: person, emoji: some(text) })
        .map((one) => ({ id: 'reaction:7', ...stamp, ...one })),
      fc
        .record({ kind: fc.constant('attachment' as const), messageId: id, attachment: file })
        .map((one) => ({ id: 'attachment:7', ...stamp, ...one })),
      fc
        .record({
          kind: fc.constant('participant' as const),
          participant: person,
          change: fc.constant('added' as const),
        })
        .map((one) => ({ id: 'participant:7', ...stamp, ...one })),
      fc
        .record({
          kind: fc.constant('analysis' as const),
          messageId: some(id),
          analysis: fc.record({ by: fc.constant('parley' as const), intent: some(text) }),
        })
        .map((one) => ({ id: 'analysis:7', ...stamp, ...one })),
    )
    .map((one) => transcriptEntry.parse(JSON.parse(JSON.stringify(one))));

  test('what stays is valid, stays from then on, and has no trace where words stand', () => {
    let stayed = 0;
    let changed = 0;
    fc.assert(
      fc.property(entry, fc.boolean(), (one, isTheirs) => {
        const by = { ...about, isTheirs };
        const after = judged(one, by);
        if (!after) return;
        if (after === one) stayed += 1;
        else changed += 1;
        for (const words of wordsOf(after)) assert.ok(!by.matcher.isIn(words, { isTheirs }), words);
      }),
      { numRuns: 2_000 },
    );
    assert.ok(stayed > 100 && changed > 100, `${stayed} stayed and ${changed} changed`);
  });
});

/** Whatever somebody wrote in an entry. */
function wordsOf(entry: TranscriptEntry): string[] {
  switch (entry.kind) {
    case 'message':
    case 'edit':
      return [
        entry.text,
        entry.html,
        entry.subject,
        entry.quoted,
        entry.replyTo,
        entry.sentBy,
        JSON.stringify(entry.original),
        ...(entry.attachments ?? []).map(({ name }) => name),
        ...Object.entries(entry.metadata ?? {}).flat(),
      ].filter((text) => text !== undefined);
    case 'topic':
      return [entry.topic];
    case 'receipt':
      return [entry.reason ?? ''];
    case 'attachment':
      return [entry.attachment.name ?? ''];
    case 'analysis':
      return [JSON.stringify(entry.analysis)];
    default:
      return [];
  }
}
