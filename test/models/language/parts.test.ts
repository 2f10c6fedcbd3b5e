import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import * as z from 'zod';
import { loadTokenCounter } from '../../../src/shared/models/language/count-tokens.ts';
import { encodingOf } from '../../../src/shared/models/language/encodings.ts';
import { extractJson } from '../../../src/shared/models/language/extract-json.ts';
import { costOf } from '../../../src/shared/models/language/prices.ts';
import { dropPlaceholders, toJsonSchema } from '../../../src/shared/models/language/to-json-schema.ts';
import { toldWait } from '../../../src/shared/models/language/told-wait.ts';

describe('counting tokens', () => {
  test('goes by the encoding of the model, and special tokens are the text that they are', async () => {
    const counts = await Promise.all(
      (['o200k_base', 'cl100k_base'] as const).map(async (encoding) =>
        (await loadTokenCounter(encoding))('Grüße aus Zürich <|endoftext|>'),
      ),
    );
    // By tiktoken, with no special tokens allowed.
    assert.deepEqual(counts, [12, 13]);
    for (const name of ['gpt-4', 'gpt-35-turbo', 'gpt-3.5-turbo-16k', 'our-gpt-4-32k'])
      assert.equal(encodingOf(name), 'cl100k_base', name);
    for (const name of ['gpt-4o', 'gpt-4.1-mini', 'gpt-5', 'o4-mini', 'summaries', 'llama3.1'])
      assert.equal(encodingOf(name), 'o200k_base', name);
  });

  test('one word of a megabyte takes no longer than other text, in tokens that differ by little', async () => {
    const count = await loadTokenCounter('o200k_base');
    for (const character of ['a', '😀', ' ', '.', '漢', 'e\u0301', '\n'])
      assert.ok(count(character.repeat(1_000_000 / character.length)) > 0);
    // Whole, this has 250 tokens.
    assert.ok(Math.abs(count('a'.repeat(2_000)) - 250) <= 2_000 / 128);
  });
});

describe('the schema of an answer', () => {
  const schema = z.object({
    title: z.string().min(1).max(80).describe('A title.'),
    kind: z.enum(['question', 'task']),
    due: z.iso.date().nullable(),
    note: z.string().optional(),
    owner: z.object({ name: z.string(), age: z.number().int().min(0) }).optional(),
    parts: z.array(z.union([z.object({ a: z.literal(1) }), z.object({ b: z.string().nullish() })])).max(3),
  });

  test('is strict at each level, and tells limits in words', () => {
    const made = JSON.stringify(toJsonSchema(schema));
    assert.doesNotMatch(
      made,
      /"(\$schema|minLength|maxLength|format|pattern|minimum|maximum|const|maxItems)"/,
    );
    assert.deepEqual(toJsonSchema(schema).required, ['title', 'kind', 'due', 'note', 'owner', 'parts']);
    assert.equal(made.match(/"additionalProperties":false/g)?.length, 4);
    assert.match(made, /A title\. \(at least 1 characters, at most 80 characters\)/);
    assert.match(made, /"note":\{"anyOf":\[\{"type":"string"\},\{"type":"null"\}\]\}/);
  });

  test('takes back null where a member may be missing, and nowhere else', () => {
    const answer = {
      title: 'Refund',
      kind: 'task',
      due: null,
      note: null,
      owner: null,
      parts: [{ a: 1 }, { b: null }],
    };
    assert.equal(schema.safeParse(answer).success, false);
    const { note: _, owner: __, ...expected } = answer;
    assert.deepEqual(schema.parse(dropPlaceholders(answer, schema)), expected);
    assert.equal(schema.safeParse(dropPlaceholders({ ...answer, title: null }, schema)).success, false);
  });

  test('has no form that strict mode does not know', () => {
    for (const wrong of [
      z.object({ a: z.record(z.string(), z.string()) }),
      z.object({ a: z.tuple([z.string()]) }),
    ])
      assert.throws(() => toJsonSchema(wrong), TypeError);
  });
});

test('any JSON object is found again among words and fences', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.constantFrom('', 'Sure: ', '```json\n'),
      (value, lead) => {
        const text = JSON.stringify(value);
        const found = extractJson(`${lead}${text}${lead.startsWith('`') ? '\n```' : ''}`);
        assert.equal(JSON.stringify(found), JSON.stringify(JSON.parse(text)));
      },
    ),
  );
});

test('a text of braces alone costs little, and holds nothing', () => {
  assert.equal(extractJson('{'.repeat(100_000)), undefined);
  assert.equal(extractJson('{"a":'.repeat(50_000)), undefined);
});

test('what an endpoint tells to wait is never below zero, above a day, or no number', () => {
  const headers = fc.record(
    {
      'retry-after-ms': fc.oneof(
        fc.integer().map(String),
        fc.constantFrom('', 'x', '1e9', '-1', '999999999999'),
      ),
      'retry-after': fc.oneof(
        fc.double().map(String),
        fc.constantFrom('', 'soon', '1994', 'Tue, 03 Nov 1994 10:00:00 GMT'),
      ),
      date: fc.constantFrom('', 'never', 'Tue, 03 Nov 2026 10:00:00 GMT'),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(headers, (given) => {
      const told = toldWait(new Headers(given), Date.UTC(2026, 10, 3));
      assert.ok(told === undefined || (told >= 0 && told <= 86_400_000));
    }),
  );
});

test('use has a price where the table has one, and what was cached costs less', () => {
  const prices = { mini: { input: 0.4, output: 1.6, cached: 0.1 }, plain: { input: 1, output: 2 } };
  const usage = { calls: 2, inputTokens: 1_000_000, outputTokens: 500_000, cachedInputTokens: 250_000 };
  assert.equal(costOf(usage, 'mini', prices)?.toFixed(6), '1.125000');
  assert.equal(costOf(usage, 'plain', prices), 2);
  assert.equal(costOf(usage, 'other', prices), undefined);
  assert.equal(costOf(usage, 'toString', prices), undefined);
});
