import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { foldText } from '../../src/shared/analysis/fold-text.ts';
import { createOfflineAnalysis } from '../../src/shared/analysis/offline-analysis.ts';
import { analysis } from '../../src/shared/transcripts/entry.ts';

const model = createOfflineAnalysis();

const phrase = fc.constantFrom(
  'Where is my order?',
  'Das Paket ist kaputt!',
  'por favor',
  '\n> said before\n',
  '```code();```',
  'https://example.com/x?y=z',
  '👍🏽',
  '"quoted"',
  '\u200b\u202e',
  'still nothing',
  '¿¡',
);
const anyText = fc
  .array(fc.oneof(phrase, fc.string({ unit: 'binary', maxLength: 60 })), { maxLength: 12 })
  .map((parts) => parts.join(' ').toWellFormed());

describe('reading a text', () => {
  test('tells its language, its act, its intent in its own words, and what it is about', async () => {
    const [english, german, greeting, thanks] = await model.analyse([
      { text: 'Hello!\nThe washing machine is leaking again. Please send a technician.' },
      { text: 'Guten Tag, wann kommt der Techniker?' },
      { text: 'Good morning 👋' },
      { text: 'Gracias' },
    ]);
    assert.equal(english?.act, 'complaint');
    assert.equal(english?.intent, 'The sender complains: "The washing machine is leaking again."');
    assert.ok(english?.keyPhrases?.includes('washing machine'));
    assert.deepEqual(german, {
      language: { code: 'de', confidence: 0.99 },
      act: 'question',
      intent: 'The sender asks: "Guten Tag, wann kommt der Techniker?"',
      keyPhrases: ['Techniker'],
    });
    assert.equal(greeting?.intent, 'The sender greets.');
    assert.deepEqual(thanks, { language: { code: 'es' }, act: 'other', keyPhrases: [] });
  });

  test('of nothing comes to nothing', async () => {
    for (const text of ['', ' \n\t', '👍', '\u200b']) {
      const [reading] = await model.analyse([{ text }]);
      assert.deepEqual(
        reading,
        { language: { code: 'und' }, act: 'other', keyPhrases: [] },
        JSON.stringify(text),
      );
    }
  });

  test('does not take what was quoted for the sender’s own', async () => {
    const [reading] = await model.analyse([{ text: '> Where is my order?\nIt came today, thank you.' }]);
    assert.equal(reading?.act, 'other');
  });

  test('leaves the sender’s name out of what it is about', async () => {
    const text = 'Quintana Rivera here, about the garden fence.';
    const [named] = await model.analyse([{ text, sender: 'Quintana Rivera' }]);
    assert.ok(!named?.keyPhrases?.some((found) => /Quintana/.test(found)), named?.keyPhrases?.join());
    assert.ok(named?.keyPhrases?.some((found) => /fence/.test(found)));
  });

  test('cuts a long sentence between words, and says so', async () => {
    const [reading] = await model.analyse([{ text: `Where is ${'my parcel and '.repeat(40)}my letter?` }]);
    const quote = /^The sender asks: "(.*)"$/.exec(reading?.intent ?? '')?.[1] ?? '';
    assert.ok(quote.length <= 200 && quote.length > 180);
    assert.match(quote, /(?:my|parcel|and)…$/);
  });

  test('never fails, always comes to the same, and quotes only what stands there', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyText,
        fc.option(fc.constantFrom('en', 'de', 'pl', 'ja'), { nil: undefined }),
        async (text, prior) => {
          const [reading] = await model.analyse([{ text, prior }]);
          assert.deepEqual((await model.analyse([{ text: 'other' }, { text, prior }]))[1], reading);
          assert.ok(analysis.safeParse({ ...reading, by: 'parley' }).success);
          const folded = foldText(text);
          const quote = /^The sender \w+: "(.*)"$/su.exec(reading?.intent ?? '')?.[1];
          if (quote !== undefined) {
            assert.doesNotMatch(quote, /[\p{Cc}\u2028\u2029]/u);
            assert.ok(quote.isWellFormed() && quote.length <= 200);
            assert.ok(folded.includes(quote) || folded.includes(quote.replace(/…$/u, '')), quote);
          }
          assert.ok((reading?.keyPhrases ?? []).length <= 5);
          for (const found of reading?.keyPhrases ?? []) {
            for (const word of found.split(/[\s-]/u)) {
              assert.ok(folded.toLowerCase().includes(word.toLowerCase()), `${found} | ${folded}`);
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test('lets others run, stops when nobody waits any more, and takes odd texts in its stride', async () => {
    const odd = ['a\u200Db\u200C', '?', 'a\n', 'a, ', '😀', 'x', 'llevo una ', 'not ', '漢', '` '].map(
      (text) => ({
        text: text.repeat(10_000 / text.length).toWellFormed(),
      }),
    );
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const started = performance.now();
    await model.analyse(odd);
    clearInterval(timer);
    assert.ok(performance.now() - started < 20_000, `${performance.now() - started} ms`);
    assert.ok(turns >= odd.length / 2, `${turns} turns`);

    const abort = new AbortController();
    const waiting = model.analyse(odd, { signal: abort.signal });
    setImmediate(() => abort.abort(new Error('nobody waits')));
    await assert.rejects(waiting, /nobody waits/);
  });
});

test('no source of the analysis loads a language part before it is needed', async () => {
  for (const name of [
    'read-english',
    'identify-language',
    'offline-analysis',
    'rank-languages',
    'serve-analysis',
  ]) {
    const source = await readFile(new URL(`../../src/shared/analysis/${name}.ts`, import.meta.url), 'utf8');
    assert.doesNotMatch(source, /^import (?!type)[^;]*'(?:wink|eld)/m, name);
  }
});
