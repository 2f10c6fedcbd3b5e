import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import {
  type Act,
  type Judged,
  judgeMessages,
  measureAct,
  parseMessages,
  shareRight,
} from '../../eval/measure-acts.ts';

const messages = parseMessages(readFileSync(new URL('../../eval/acts.jsonl', import.meta.url), 'utf8'));
const judged = (act: Act, found: Act | undefined): Judged => ({
  split: 'dev',
  language: 'en',
  text: '',
  act,
  found,
});

describe('the measure of acts', () => {
  test('counts what was found wrongly and what was missed', () => {
    const all = [
      judged('question', 'question'),
      judged('question', 'other'),
      judged('request', 'question'),
      judged('other', undefined),
    ];
    assert.deepEqual(measureAct(all, 'question'), { precision: 1 / 2, recall: 1 / 2 });
    assert.equal(measureAct(all, 'request').recall, 0);
    assert.ok(Number.isNaN(measureAct(all, 'greeting').precision));
    assert.equal(shareRight(all), 1 / 4);
  });

  test('a line that is no labelled message is named', () => {
    assert.throws(() => parseMessages('{"split":"dev"}'), /line 1 is no labelled message/);
  });
});

describe('the labelled messages', () => {
  test('are many, in three languages above all, and a third of them is held out', () => {
    for (const language of ['en', 'de', 'es']) {
      const own = messages.filter((message) => message.language === language);
      const held = own.filter(({ split }) => split === 'test');
      assert.ok(own.length >= 80, language);
      assert.ok(held.length >= own.length / 3, language);
    }
  });

  test('none stands in both halves', () => {
    const texts = messages.map(({ language, text }) => `${language} ${text.toLowerCase()}`);
    assert.equal(new Set(texts).size, texts.length);
  });

  test('those held out are mostly read as they were meant, and complaints are hardly ever made up', async () => {
    const held = await judgeMessages(messages.filter(({ split }) => split === 'test'));
    for (const language of ['en', 'de', 'es']) {
      const own = held.filter((message) => message.language === language);
      assert.ok(shareRight(own) >= 0.8, `${language} ${shareRight(own)}`);
      assert.ok(measureAct(own, 'complaint').precision >= 0.9, language);
    }
  });
});
