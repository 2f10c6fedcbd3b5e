import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { countSegments } from '../../src/shared/channels/sms/count-segments.ts';
import { hasOptedOut, isWord } from '../../src/shared/channels/sms/opt-out.ts';
import type { Message } from '../../src/shared/transcripts/conversation.ts';

describe('segments of an SMS', () => {
  const cases: [string, string, string, number][] = [
    ['nothing', '', 'GSM-7', 1],
    ['160 of the alphabet', 'a'.repeat(160), 'GSM-7', 1],
    ['161', 'a'.repeat(161), 'GSM-7', 2],
    ['two full ones', 'a'.repeat(306), 'GSM-7', 2],
    ['one more', 'a'.repeat(307), 'GSM-7', 3],
    ['the extension table takes two', '€'.repeat(80), 'GSM-7', 1],
    ['81 of it', '[]{}|~^\\€'.repeat(9), 'GSM-7', 2],
    ['an escape is not divided', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 'GSM-7', 3],
    ['Greek capitals of the alphabet', 'ΔΦΓΛΩΠΨΣΘΞ', 'GSM-7', 1],
    ['a backtick is outside', '`', 'UCS-2', 1],
    ['70 units', 'я'.repeat(70), 'UCS-2', 1],
    ['71', 'я'.repeat(71), 'UCS-2', 2],
    ['one character makes all of it UCS-2', `${'a'.repeat(133)}я`, 'UCS-2', 2],
    ['a pair is not divided', `${'a'.repeat(66)}🙂${'a'.repeat(66)}`, 'UCS-2', 3],
  ];
  for (const [title, text, encoding, count] of cases) {
    test(title, () => assert.deepEqual(countSegments(text), { encoding, count }));
  }

  test('are never fewer for a longer text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 400 }),
        fc.string({ maxLength: 20 }),
        (text, more) => {
          assert.ok(countSegments(text + more).count >= countSegments(text).count);
        },
      ),
    );
  });
});

describe('who has opted out', () => {
  const person = '4:+15551230001';
  const words = { optOutWords: ['STOP', 'UNSUBSCRIBE', 'OPT OUT'], optInWords: ['START', 'UNSTOP'] };
  const at = (second: number) => new Date(Date.UTC(2026, 10, 24, 9, 0, second)).toISOString();
  const theirs = (text: string, second: number): Message => {
    return { id: `m${second}`, at: at(second), sender: { id: person }, text };
  };
  const ours = (second: number, reason: string): Message => ({
    ...{ id: `o${second}`, at: at(second), sender: { id: '4:+18005550100' }, text: 'STOP' },
    delivery: [{ recipient: person, status: 'failed', at: at(second + 1), reason }],
  });
  const optedOut = (...messages: Message[]): boolean =>
    hasOptedOut({ channel: 'sms', id: 'x', participants: [], messages }, person, words);

  test('is decided by the newest of their words', () => {
    assert.equal(optedOut(), false);
    assert.equal(optedOut(theirs('Stop', 1)), true);
    assert.equal(optedOut(theirs('Stop', 1), theirs('Thanks', 2)), true);
    assert.equal(optedOut(theirs('Stop', 1), theirs('start!', 2)), false);
    assert.equal(optedOut(theirs('Stop', 1), theirs('start', 2), theirs('UNSUBSCRIBE', 3)), true);
  });

  test('and by what the carrier blocked, until they opt in', () => {
    const blocked = ours(1, 'Sender blocked for given recipient.');
    assert.equal(optedOut(blocked), true);
    assert.equal(optedOut(blocked, theirs('UNSTOP', 5)), false);
    assert.equal(optedOut(theirs('START', 0), blocked), true);
    assert.equal(optedOut(ours(1, 'Number unreachable')), false);
  });

  test('a word counts alone, whatever its case, spaces and punctuation', () => {
    for (const text of ['stop', ' STOP. ', 'S-T-O-P!', 'opt-out', '“Stop”', 'ＳＴＯＰ']) {
      assert.ok(isWord(text, words.optOutWords), text);
    }
    for (const text of ['please stop', 'stop it', 'nonstop', '', '!', 'Stopp']) {
      assert.ok(!isWord(text, words.optOutWords), text);
    }
    assert.ok(!isWord('!!!', ['…']), 'a list of nothing but punctuation matches nothing');
  });
});
