import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { averageRouge, countRouge } from '../../eval/count-rouge.ts';

const near = (given: number, expected: number): void =>
  assert.ok(Math.abs(given - expected) < 1e-9, `${given} is not ${expected}`);

describe('ROUGE', () => {
  test('is the F1 of words, of pairs and of the longest common subsequence', () => {
    // Five words against six; "the", "cat", "the", "mat" are common; so is one pair; in order come "the cat the mat".
    const { one, two, longest } = countRouge('the cat sat on the mat', 'the cat lay by the mat');
    near(one, 4 / 6);
    near(two, 2 / 5);
    near(longest, 4 / 6);
  });

  test('counts a repeated word only as often as the reference has it', () => {
    near(countRouge('the cat', 'the the the cat').one, (2 * 2) / (2 + 4));
  });

  test('compares stems of words longer than three letters, without case and punctuation', () => {
    near(countRouge('Meetings, cancelled!', 'meeting cancel').one, 1);
    near(countRouge('#Person1# says', 'person1').one, 2 / 3);
    near(countRouge('dies', 'die').one, 1);
  });

  test('of word order: the longest common subsequence', () => {
    near(countRouge('a b c d', 'd a b c').longest, 3 / 4);
  });

  test('is zero without a common word, or without any', () => {
    assert.deepEqual(countRouge('red', 'blue'), { one: 0, two: 0, longest: 0 });
    assert.deepEqual(countRouge('', ''), { one: 0, two: 0, longest: 0 });
  });

  test('is averaged figure by figure', () => {
    assert.deepEqual(
      averageRouge([
        { one: 1, two: 0, longest: 0.5 },
        { one: 0, two: 0, longest: 0.5 },
      ]),
      { one: 0.5, two: 0, longest: 0.5 },
    );
    assert.deepEqual(averageRouge([]), { one: 0, two: 0, longest: 0 });
  });
});
