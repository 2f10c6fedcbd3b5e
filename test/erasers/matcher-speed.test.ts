import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createMatcher } from '../../src/shared/erasers/matcher.ts';
import { plainView } from '../../src/shared/erasers/matching/view.ts';
import { viewsOf } from '../../src/shared/erasers/matching/views.ts';
import { joe } from './joe-smith.ts';

const matcher = createMatcher({
  ...joe,
  names: ['Joe Smith', '김민수', '山田太郎', 'محمد علي', 'Will'],
  texts: [...joe.texts, 'a a a a a a a a a a a a a a a a a a a a', '> > > " “ no no no'],
});

/** Pieces that make somebody look far ahead or behind, again and again. */
const pieces = [
  '<',
  '<a ',
  '<!',
  '</',
  '&',
  '&#',
  '&a',
  '=',
  '=?',
  '=?a?b?',
  '=4',
  '%',
  '%2',
  '%25',
  '~',
  '~7e',
  '\\',
  '\\u',
  '\\"',
  '"',
  '“',
  '「',
  '>',
  '> ',
  '\n',
  '\n\n',
  '\n>',
  '@',
  'a@',
  '@a',
  '.@',
  'mailto:',
  '1',
  '1 ',
  '1-',
  '00',
  '+1 (555) ',
  '15551230001',
  'A',
  'QUJD',
  'QQ==',
  '[',
  '[erased]',
  '[erased] ',
  "'",
  'a’',
  'a ',
  'Joe ',
  'Joe',
  'Smith ',
  'Will ',
  'hi ',
  '김민수',
  '이랑',
  'و',
  'محمد ',
  '山',
  '山田',
  'ﾟ',
  '\u0301',
  '\u00ad',
  '🙂',
  '\ud83d',
  ' ',
  '\t',
  'charset=koi8-r ',
  'é',
  '8:acs:',
  '-',
];

/** In units of UTF-16. */
function work(text: string): number {
  let sum = 0;
  for (const view of viewsOf(plainView(text))) sum += view.text.length;
  return sum;
}

describe('it takes time in proportion to the text', () => {
  test('all ways to read a text are together a bounded number of times as long', () => {
    const mean = fc
      .array(fc.tuple(fc.constantFrom(...pieces), fc.integer({ min: 1, max: 40 })), {
        minLength: 1,
        maxLength: 12,
      })
      .map((parts) => parts.map(([piece, times]) => piece.repeat(times)).join(''));
    const nested = fc.tuple(mean, fc.integer({ min: 0, max: 6 })).map(([text, depth]) => {
      let inner = text;
      for (let level = 0; level < depth; level += 1) {
        inner = level % 2 === 0 ? Buffer.from(inner).toString('base64') : JSON.stringify({ inner });
      }
      return inner;
    });
    fc.assert(
      fc.property(nested, (text) => {
        assert.ok(work(text) <= 100 * text.length + 100, `${work(text)} units for ${text.length}`);
      }),
      { numRuns: 2_000 },
    );
  });

  test('no text of 150,000 units that repeats itself takes long, near or far, to find or to erase', () => {
    for (const piece of pieces) {
      const text = piece.repeat(Math.ceil(150_000 / piece.length));
      for (const isTheirs of [false, true]) {
        const before = performance.now();
        const found = matcher.isIn(text, { isTheirs });
        const redacted = matcher.redact(text, { isTheirs });
        const took = performance.now() - before;
        assert.equal(found, redacted !== text);
        // Looking back at half of it for each unit would take minutes.
        assert.ok(took < 15_000, `${JSON.stringify(piece)} took ${took.toFixed(0)} ms`);
      }
    }
  });

  test('ten thousand texts are looked for as fast as ten', () => {
    const sentence = (number: number) =>
      Array.from({ length: 40 }, (_, word) => `w${(number * 40 + word) % 390_001}`).join(' ');
    const place = Array.from({ length: 40_000 }, (_, number) => `x${(number * 31) % 4_001}`).join(' ');
    const timeOf = (count: number): number => {
      const texts = Array.from({ length: count }, (_, number) => sentence(number));
      const many = createMatcher({ identities: [], names: [], texts });
      assert.ok(many.isIn(`${place} ${texts.at(-1)}`));
      const times = Array.from({ length: 7 }, () => {
        const before = performance.now();
        assert.ok(!many.isIn(place));
        return performance.now() - before;
      });
      return Math.min(...times);
    };
    const [few, many] = [timeOf(10), timeOf(10_000)];
    // One by one it would be a thousand times as long.
    assert.ok(many < 50 * few + 500, `${few.toFixed(1)} ms and ${many.toFixed(1)} ms`);
  });
});
