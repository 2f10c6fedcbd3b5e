import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { cutText, foldText } from '../../src/shared/analysis/fold-text.ts';
import { sentenceReaderFor } from '../../src/shared/analysis/read-any-language.ts';
import { loadEnglishReader } from '../../src/shared/analysis/read-english.ts';
import type { SentenceReader } from '../../src/shared/analysis/sentence.ts';

const line = fc.string({ unit: 'binary', maxLength: 80 }).map(foldText);

function assertFaithful(read: SentenceReader, text: string): void {
  let end = 0;
  for (const sentence of read(text)) {
    assert.ok(sentence.start >= end && sentence.end > sentence.start);
    assert.equal(sentence.text, text.slice(sentence.start, sentence.end));
    end = sentence.end;
  }
  assert.ok(end <= text.length);
}

describe('reading sentences', () => {
  test('links, code and long runs neither end a sentence nor become words', async () => {
    const read = await loadEnglishReader();
    const link = read('Please open https://a.example/b.c?d=1 now. Run `make.all()` too!');
    assert.deepEqual(
      link.map(({ text }) => text),
      ['Please open https://a.example/b.c?d=1 now.', 'Run `make.all()` too!'],
    );
    assert.deepEqual(
      link[0]?.words.map(({ text }) => text),
      ['Please', 'open', 'now'],
    );
    assert.deepEqual(
      sentenceReaderFor('de')('Siehe https://a.example/b.c. Danke!').map(({ text }) => text),
      ['Siehe https://a.example/b.c.', 'Danke!'],
    );
    assert.equal(read('x'.repeat(5000))[0]?.words.length, 0);
  });

  test('contractions are read as two words and quoted as they were written', async () => {
    const read = await loadEnglishReader();
    const [sentence] = read("I'm sending it. We’ll see.");
    assert.equal(sentence?.text, "I'm sending it.");
    assert.deepEqual(
      sentence?.words.map(({ stem }) => stem),
      ['i', 'am', 'send', 'it'],
    );
  });

  test('a word with a hyphen is one word', async () => {
    const read = await loadEnglishReader();
    assert.deepEqual(
      read('A part-time job')[0]?.words.map(({ text }) => text),
      ['A', 'part-time', 'job'],
    );
  });

  test('every sentence is exactly what stands at its place, whatever the text', async () => {
    const english = await loadEnglishReader();
    fc.assert(
      fc.property(
        line,
        fc.constantFrom("I'm", 'https://a.b/c', '`x`', 'yes.', '你好。'),
        line,
        (before, middle, after) => {
          const text = foldText(`${before} ${middle} ${after}`);
          assertFaithful(english, text);
          for (const language of ['ja', 'de', 'und']) assertFaithful(sentenceReaderFor(language), text);
        },
      ),
    );
  });
});

describe('folding', () => {
  test('any text becomes one line, once and for all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const folded = foldText(text);
        assert.doesNotMatch(folded, /[\p{Cc}\u2028\u2029]| {2}|^ | $/u);
        assert.ok(folded.isWellFormed());
        assert.equal(foldText(folded), folded);
      }),
    );
  });

  test('keeps what joins Persian words and emoji', () => {
    assert.equal(foldText('می‌خواهم 👩‍💻'), 'می‌خواهم 👩‍💻');
  });

  test('a cut never exceeds its limit and never halves a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 2, max: 30 }), (text, limit) => {
        const cut = cutText(foldText(text), limit);
        assert.ok(cut.length <= limit && cut.isWellFormed());
      }),
    );
    assert.equal(cutText('one two three four', 12), 'one two…');
  });
});
