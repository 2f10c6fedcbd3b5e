import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createMatcher, type Traces } from '../../src/shared/erasers/matcher.ts';
import { encodeName } from '../../src/shared/transcripts/conversation-path.ts';
import { user } from './joe-smith.ts';

const theirWords = fc.constantFrom(
  ...'canoe vermilion heron paddle the and tungsten lantern über café don’t 9 Schlüssel 東京 へ 駅 велосипед دراجة'.split(
    ' ',
  ),
);
const otherWords = fc.constantFrom(
  ...'oars shed boots Zürich naïve isn’t 42 Brücke 大阪 чай شاي pier mooring rope knot tide'.split(' '),
);
const gaps = fc.constantFrom(
  ' ',
  '  ',
  ', ',
  '. ',
  '\n',
  '\n> ',
  ' “',
  '” ',
  '"',
  '\u00a0',
  '\u00ad',
  '<br>',
  '&nbsp;',
  '=\n',
  '\\n',
  '%20',
  '[erased]',
);
const noise = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    '&amp;',
    '=3D',
    '\\u0041',
    '%41',
    '~41',
    '<b>',
    'QUJD',
    '@',
    '=?',
    '🙂',
    '[',
    '+1 555',
    '8:acs:',
  ),
);

const prose = (words: fc.Arbitrary<string>, least: number, most: number) =>
  fc
    .array(fc.tuple(words, gaps), { minLength: least, maxLength: most })
    .map((pairs) => pairs.flat().join(''));

const names = ['Joe Smith', 'Ana María López', '山田 太郎', 'محمد العلي', '김민수', 'Will', 'Zoé'];
const identities = [
  user,
  '4:+15551230001',
  'mailto:joe.s@bücher.example',
  'whatsapp:US.13491208655302741918',
];

const traces: fc.Arbitrary<Traces> = fc.record({
  identities: fc.subarray(identities),
  names: fc.subarray(names),
  texts: fc.array(prose(theirWords, 1, 14), { maxLength: 6 }),
});

const shown = fc.constantFrom(
  user,
  '+1 (555) 123-0001',
  '0015551230001',
  '(555) 123-0001',
  'JOE.S@xn--bcher-kva.example',
  'us.13491208655302741918',
  'Smith, Joe',
  'joe.smith@elsewhere.example',
  'ana maria lopez',
  '山田太郎さん',
  'ومحمد العلي',
  '김민수는',
  'hi Will,',
  'Zoé',
);
const encoded = shown.chain((text) =>
  fc.constantFrom(
    text,
    JSON.stringify(text),
    encodeURIComponent(text),
    encodeName(text),
    Buffer.from(text).toString('base64'),
    `<b>${text}</b>`,
  ),
);
const host = fc
  .array(fc.oneof(prose(otherWords, 1, 6), prose(theirWords, 1, 12), noise, shown, encoded), {
    maxLength: 10,
  })
  .map((pieces) => pieces.join(' '));
const isTheirs = fc.boolean();

const runs = { numRuns: 600 };

describe('whatever the traces and the text', () => {
  test('no trace survives', () => {
    fc.assert(
      fc.property(traces, host, isTheirs, (known, text, near) => {
        const matcher = createMatcher(known);
        const redacted = matcher.redact(text, { isTheirs: near });
        assert.ok(!matcher.isIn(redacted, { isTheirs: near }), JSON.stringify(redacted));
        assert.equal(matcher.isIn(text, { isTheirs: near }), redacted !== text);
        assert.equal(matcher.redact(redacted, { isTheirs: near }), redacted);
      }),
      runs,
    );
  });

  test('what they wrote themselves is found in their conversations, and nothing of it left', () => {
    const rows = fc.array(theirWords, { minLength: 5, maxLength: 9 });
    fc.assert(
      fc.property(
        rows,
        prose(otherWords, 0, 6),
        prose(otherWords, 0, 6),
        gaps,
        (words, before, after, gap) => {
          fc.pre(!['[erased]', '%20'].includes(gap) && words.join(' ').length > 24);
          // Fewer, of which a character of a script without spaces is half a one, are anybody's.
          fc.pre(words.reduce((sum, word) => sum + (['へ', '駅'].includes(word) ? 1 : 2), 0) >= 8);
          const matcher = createMatcher({ identities: [], names: [], texts: [words.join(' ')] });
          const text = `${before} ${words.join(gap === '\u00ad' ? ' ' : gap)} ${after}`;
          assert.ok(matcher.isIn(text, { isTheirs: true }), text);
          const left = matcher.redact(text, { isTheirs: true });
          assert.ok(!left.includes(words.join(gap)), left);
        },
      ),
      runs,
    );
  });

  test('text without a trace stays byte for byte', () => {
    const innocent = fc
      .array(
        fc.oneof(prose(otherWords, 1, 8), fc.constantFrom('&amp;', '=3D', '%41', '~41', '🙂', '\ud800')),
        {
          maxLength: 8,
        },
      )
      .map((pieces) => pieces.join(' '));
    fc.assert(
      fc.property(traces, innocent, isTheirs, (known, text, near) => {
        assert.equal(createMatcher(known).redact(text, { isTheirs: near }), text);
      }),
      runs,
    );
  });

  test('what stays stands as it stood, in its order', () => {
    fc.assert(
      fc.property(traces, host, isTheirs, (known, text, near) => {
        const parts = createMatcher(known).redact(text, { isTheirs: near }).split('[erased]');
        let from = 0;
        for (const part of parts) {
          const place = text.indexOf(part, from);
          assert.ok(place >= 0, `${JSON.stringify(part)} is in its place in ${JSON.stringify(text)}`);
          from = place + part.length;
        }
        assert.ok(text.startsWith(parts[0] ?? '') && text.endsWith(parts.at(-1) ?? ''));
      }),
      runs,
    );
  });

  test('the order of the traces changes nothing, nor what was searched before', () => {
    fc.assert(
      fc.property(traces, fc.array(host, { minLength: 1, maxLength: 4 }), isTheirs, (known, texts, near) => {
        const turned = createMatcher({
          identities: known.identities.toReversed(),
          names: known.names.toReversed(),
          texts: [...known.texts, ...known.texts].reverse(),
        });
        const matcher = createMatcher(known);
        const forwards = texts.map((text) => matcher.redact(text, { isTheirs: near }));
        const backwards = texts.toReversed().map((text) => turned.redact(text, { isTheirs: near }));
        assert.deepEqual(forwards, backwards.reverse());
      }),
      { numRuns: 300 },
    );
  });
});
