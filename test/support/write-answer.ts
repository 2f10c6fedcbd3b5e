import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import * as z from 'zod';
import type { ModelRequest } from './model-endpoint.ts';

/** A summary has so many tokens of text, or half of what it is of where that is less: the same for whoever asks. */
const mostTokens = 150;
const share = 0.5;

interface Line {
  number: number;
  text: string;
}

/** The part of JSON Schema that forms of answers use. */
interface Form {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Form[];
  $ref?: string;
  properties?: Record<string, Form>;
  items?: Form;
  $defs?: Record<string, Form>;
}

const form: z.ZodType<Form> = z.lazy(() =>
  z.object({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    enum: z.array(z.unknown()).optional(),
    const: z.unknown().optional(),
    anyOf: z.array(form).optional(),
    $ref: z.string().optional(),
    properties: z.record(z.string(), form).optional(),
    items: form.optional(),
    $defs: z.record(z.string(), form).optional(),
  }),
);

const body = z.object({
  response_format: z.object({ json_schema: z.object({ schema: form }) }).optional(),
});

/**
 * What a model that does as it is told might answer: sentences that stand in the input, as plain text where nothing else is
 * asked for, and else in the form asked for, citing their lines.
 */
export function writeAnswer(request: Pick<ModelRequest, 'body' | 'input' | 'instructions'>): string {
  const schema = body.parse(request.body).response_format?.json_schema.schema;
  const most = Number(/at most (\d+) notes/iu.exec(request.instructions)?.[1] ?? Infinity);
  const lines = chooseLines(request.input, most);
  if (!schema) return lines.map(({ text }) => text).join(' ');
  const answer = schema.properties?.summaries
    ? { summaries: fillEach(request.input, schema) }
    : fill(schema, { name: '', lines, index: 0, definitions: schema.$defs ?? {} });
  return JSON.stringify(answer);
}

/** Of lines of the whole input, as many as a summary has. */
function chooseLines(input: string, most = Infinity): Line[] {
  const lines = linesIn(input);
  const tokens = Math.min(mostTokens, lines.reduce((sum, { text }) => sum + countTokens(text), 0) * share);
  const mean = lines.reduce((sum, { text }) => sum + countTokens(text), 0) / Math.max(1, lines.length);
  const count = Math.max(1, Math.min(most, lines.length, Math.round(tokens / Math.max(1, mean))));
  return lines.filter(
    (_, place) =>
      Math.floor((place * count) / lines.length) !== Math.floor(((place - 1) * count) / lines.length),
  );
}

/** Messages, `12 Anna: text`, and notes, `- said: text [7, 9]`, where the input has any, else all sentences of it. */
function linesIn(input: string): Line[] {
  const lines = input.split('\n').flatMap((line) => {
    const [, number, text] = /^(\d+) [^:]{1,60}: (.+)$/u.exec(line) ?? [];
    if (number && text) return [{ number: Number(number), text }];
    const [, note, cited] = /^- [^:]{1,60}: (.+) \[(\d+)[\d, ]*\]$/u.exec(line) ?? [];
    return note && cited ? [{ number: Number(cited), text: note }] : [];
  });
  if (lines.length > 0) return lines;
  const sentences = input.split(/\n|(?<=[.!?]) /u).filter((sentence) => sentence.trim() !== '');
  return sentences.map((text, index) => ({ number: index, text }));
}

/** One summary for each of several conversations in one input. */
function fillEach(input: string, schema: Form): unknown[] {
  const [, ...parts] = input.split(/^=== conversation (\d+).*$/mu);
  const items = schema.properties?.summaries?.items ?? {};
  return Array.from({ length: parts.length / 2 }, (_, place) => {
    const lines = chooseLines(parts[place * 2 + 1] ?? '');
    const summary = fill(items, { name: '', lines, index: 0, definitions: schema.$defs ?? {} });
    return { ...z.record(z.string(), z.unknown()).parse(summary), conversation: Number(parts[place * 2]) };
  });
}

interface Place {
  /** Of the property that is filled. */
  name: string;
  lines: readonly Line[];
  /** Of the line that is spoken of. */
  index: number;
  definitions: Record<string, Form>;
}

function fill(schema: Form, place: Place): unknown {
  const { lines, index, name, definitions } = place;
  const line = lines[index % Math.max(1, lines.length)] ?? { number: 0, text: 'Nothing was said.' };
  if (schema.$ref !== undefined) return fill(definitions[schema.$ref.split('/').at(-1) ?? ''] ?? {}, place);
  if (isNullable(schema)) return null;
  if (schema.anyOf) return fill(schema.anyOf[0] ?? {}, place);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.type === 'object') {
    const properties = Object.entries(schema.properties ?? {});
    return Object.fromEntries(properties.map(([key, value]) => [key, fill(value, { ...place, name: key })]));
  }
  if (schema.type === 'array') {
    const { items = {} } = schema;
    const isAll = ['sentences', 'notes'].includes(name);
    return Array.from({ length: isAll ? lines.length : 1 }, (_, item) =>
      fill(items, { ...place, index: isAll ? item : index }),
    );
  }
  if (schema.type === 'integer' || schema.type === 'number') return line.number;
  if (schema.type === 'boolean') return false;
  return isBrief(name) ? line.text.split(' ').slice(0, 4).join(' ') : line.text;
}

const isNullable = ({ type, anyOf }: Form): boolean =>
  (Array.isArray(type) && type.includes('null')) || (anyOf ?? []).some((one) => one.type === 'null');

const isBrief = (name: string): boolean => ['headline', 'topics', 'keyPhrases', 'intent'].includes(name);
