import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { stemEnglish } from '../../src/shared/analysis/stem-english.ts';

test("words get the stems of Porter's paper", () => {
  const stems = {
    caresses: 'caress',
    ponies: 'poni',
    cats: 'cat',
    feed: 'feed',
    agreed: 'agre',
    plastered: 'plaster',
    bled: 'bled',
    motoring: 'motor',
    sing: 'sing',
    conflated: 'conflat',
    troubled: 'troubl',
    sized: 'size',
    hopping: 'hop',
    falling: 'fall',
    hissing: 'hiss',
    filing: 'file',
    failing: 'fail',
    happy: 'happi',
    relational: 'relat',
    conditional: 'condit',
    digitizer: 'digit',
    radically: 'radic',
    vietnamization: 'vietnam',
    operator: 'oper',
    hopefulness: 'hope',
    sensitiviti: 'sensit',
    triplicate: 'triplic',
    electrical: 'electr',
    goodness: 'good',
    revival: 'reviv',
    adjustment: 'adjust',
    adoption: 'adopt',
    effective: 'effect',
    probate: 'probat',
    rate: 'rate',
    cease: 'ceas',
    controll: 'control',
    roll: 'roll',
    generalizations: 'gener',
    oscillators: 'oscil',
  };
  for (const [word, stem] of Object.entries(stems)) assert.equal(stemEnglish(word), stem, word);
});

test("words get the stems of NLTK's extensions", () => {
  const stems = {
    sky: 'sky',
    dying: 'die',
    news: 'news',
    play: 'play',
    enjoyed: 'enjoy',
    died: 'die',
    ties: 'tie',
    used: 'use',
    hopefully: 'hope',
    biology: 'biolog',
    is: 'is',
  };
  for (const [word, stem] of Object.entries(stems)) assert.equal(stemEnglish(word), stem, word);
});

test('any word has a stem that is no longer than it', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{1,20}$/), (word) => {
      const stem = stemEnglish(word);
      assert.ok(stem.length > 0 && stem.length <= word.length);
    }),
  );
});

test('names of built-in properties are words like any other', () => {
  assert.equal(stemEnglish('constructor'), 'constructor');
});
