import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as z from 'zod';
import { summarySchema } from '../../src/shared/summaries/summary.ts';

test('docs/summary.schema.json is the schema of summary.json', () => {
  const written = JSON.parse(readFileSync('docs/summary.schema.json', 'utf8'));
  assert.deepEqual(written, JSON.parse(JSON.stringify(z.toJSONSchema(summarySchema))));
});
