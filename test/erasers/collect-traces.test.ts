import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createCollector } from '../../src/shared/erasers/collect-traces.ts';
import { createMatcher, type Traces } from '../../src/shared/erasers/matcher.ts';
import type { ContentEntry, TranscriptEntry } from '../../src/shared/transcripts/entry.ts';

const key = { channel: 'email', id: 'c1' };
const stamp = { conversation: 'c1', version: '7', at: '2026-11-23T09:00:00.000Z' };
const joe = { id: 'mailto:joe@example.org', name: 'Joe Smith' };
const ann = { id: 'mailto:ann@example.org', name: 'Ann Brown' };

function message(content: Partial<ContentEntry> = {}): ContentEntry {
  const messageId = content.messageId ?? 'm1';
  return {
    kind: 'message',
    id: `message:${messageId}:7`,
    ...stamp,
    messageId,
    sender: joe,
    text: '',
    ...content,
  };
}

function collect(entries: readonly TranscriptEntry[], known: Partial<Traces> = {}): Traces {
  const collector = createCollector({ identities: [joe.id], names: [], texts: [], ...known });
  for (const entry of entries) collector.add(key, entry);
  return structuredClone(collector.result());
}

describe('what somebody left', () => {
  test('is what they wrote in every version, subjects and file names of theirs, and not what they quote', () => {
    const { texts, names } = collect([
      message({
        text: 'First words',
        subject: 'A canoe',
        quoted: '> what Ann said',
        attachments: [{ id: 'a', type: 'image/png', name: 'My boat.png' }],
      }),
      {
        ...message({ text: 'Second words', replyTo: 'm0', subject: 'Re: Ann’s subject' }),
        kind: 'edit',
        id: 'edit:m1:8',
      },
      { kind: 'delete', id: 'delete:m1:9', ...stamp, messageId: 'm1' },
      message({ messageId: 'm2', sender: ann, text: 'Words of Ann' }),
    ]);
    assert.deepEqual(texts, ['First words', 'A canoe', 'My boat', 'Second words']);
    assert.deepEqual(names, ['Joe Smith']);
  });

  test('HTML counts as what its reader sees, unless it may quote others', () => {
    const html = '<p>Only <b>here</b> &amp; now</p>';
    assert.deepEqual(
      collect([message({ text: 'x', html })]).texts.map((text) => text.trim()),
      ['x', 'Only here & now'],
    );
    assert.deepEqual(collect([message({ text: 'x', html, quoted: '> y' })]).texts, ['x']);
  });

  test('names are those that anybody shows for any identity of theirs', () => {
    const { names } = collect([
      message({ sender: ann, to: [{ id: joe.id, name: 'Joey' }, ann] }),
      {
        kind: 'participant',
        id: 'p',
        ...stamp,
        participant: { id: joe.id, name: 'J. Smith' },
        change: 'added',
      },
      { kind: 'reaction', id: 'r', ...stamp, messageId: 'm1', sender: { id: joe.id, name: 'Joe 🙂' } },
    ]);
    assert.deepEqual(names, ['Joey', 'J. Smith', 'Joe 🙂']);
    assert.deepEqual(
      collect([message({ sentBy: 'Zoe Carter', sender: ann })], { identities: ['staff:Zoe Carter'] }).names,
      ['Zoe Carter'],
    );
  });

  test('identities are added that their own messages show, and not those of others', () => {
    const known = { identities: ['whatsapp:US.1'] };
    const entries = [
      message({ sender: { id: 'whatsapp:US.1' }, alsoKnownAs: ['4:+15551230001'], text: 'a' }),
      message({ messageId: 'm2', sender: { id: '4:+15551230001' }, text: 'b' }),
      message({ messageId: 'm3', sender: ann, alsoKnownAs: ['4:+15559990000'], text: 'c' }),
    ];
    const { identities, texts } = collect(entries, known);
    assert.deepEqual(identities, ['whatsapp:US.1', '4:+15551230001']);
    assert.deepEqual(texts, ['a', 'b']);
  });

  test('what was known stays, each thing once', () => {
    const known: Traces = { identities: [joe.id], names: ['Joe Smith'], texts: ['a'] };
    assert.deepEqual(collect([message({ text: 'a' }), message({ text: 'b' })], known), {
      ...known,
      texts: ['a', 'b'],
    });
    assert.deepEqual(collect([], known), known);
  });

  test('read twice, in whatever order the entries come, it is the same', () => {
    const ids = fc.constantFrom(joe.id, ann.id, '4:+15551230001', 'whatsapp:US.1');
    const entry = fc
      .record({
        sender: ids,
        other: fc.option(ids, { nil: undefined }),
        text: fc.constantFrom('a', 'b', 'c', ''),
      })
      .map(({ sender, other, text }) =>
        message({
          sender: { id: sender, name: `name of ${sender}` },
          text,
          ...(other ? { alsoKnownAs: [other] } : {}),
        }),
      );
    const settle = (entries: readonly TranscriptEntry[]) => {
      let known = collect(entries);
      for (let pass = 0; pass < 4; pass += 1) known = collect(entries, known);
      return Object.values(known).map((list) => [...list].sort());
    };
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 6 }), (entries) => {
        assert.deepEqual(settle(entries), settle(entries.toReversed()));
      }),
    );
  });

  test('others’ quotes of them are found by it', () => {
    const wrote = 'The vermilion canoe is still not here.';
    const matcher = createMatcher(collect([message({ text: wrote })]));
    assert.equal(
      matcher.redact(`Joe wrote:\n> ${wrote}\nSorry!`, { isTheirs: true }),
      '[erased] wrote:\n> [erased]\nSorry!',
    );
  });
});
