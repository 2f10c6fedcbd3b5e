import type { ContentFilterResultsForChoiceOutput } from '@azure/openai/types';
import * as z from 'zod';
import { ParleyError } from '../../errors.ts';
import { extractJson } from './extract-json.ts';
import type { Call } from './language-model.ts';
import { dropPlaceholders } from './to-json-schema.ts';
import type { Rejected } from './write-request.ts';

const tokens = z.number().int().nonnegative();

const usage = z.object({
  prompt_tokens: tokens,
  completion_tokens: tokens,
  prompt_tokens_details: z.object({ cached_tokens: tokens.optional() }).nullish().catch(undefined),
});

const part = z.object({ type: z.string(), text: z.string().optional() });

/** A chat completion, as far as it is read: endpoints differ in all the rest. */
const completionSchema = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({
          content: z.union([z.string(), z.array(part)]).nullish(),
          refusal: z.string().nullish(),
        }),
        finish_reason: z.string().nullish(),
        content_filter_results: z.record(z.string(), z.unknown()).optional().catch(undefined),
      }),
    )
    .min(1),
  usage: usage.nullish().catch(undefined),
});

export type Completion = z.infer<typeof completionSchema>;

/** Undefined where it is no chat completion. */
export function parseCompletion(body: unknown): Completion | undefined {
  return completionSchema.safeParse(body).data;
}

/** What a model wrote, a refusal too. */
export function textOf({ choices: [choice] }: Completion): string {
  const content = choice?.message.content ?? choice?.message.refusal ?? '';
  if (typeof content === 'string') return content;
  return content.map(({ type, text }) => (type === 'text' ? (text ?? '') : '')).join('');
}

/**
 * The answer, or what is wrong with its form. Throws `ParleyError`: `model_refused`, `model_filtered`, `model_cut_short`.
 */
export function readCompletion<Value>(
  completion: Completion,
  { answer, mostOutputTokens }: Call<Value>,
): { value: Value } | { rejected: Rejected; isJson: boolean } {
  const [choice] = completion.choices;
  if (choice?.finish_reason === 'content_filter') throw filtered(choice.content_filter_results);
  if (choice?.message.refusal) throw new ParleyError('model_refused', 'The model refused to answer this.');
  if (choice?.finish_reason === 'length')
    throw new ParleyError(
      'model_cut_short',
      `The model's answer was longer than ${mostOutputTokens} tokens. Where the model reasons, set MODEL_REASONING_EFFORT lower or MODEL_OUTPUT_TOKENS higher.`,
    );
  const text = textOf(completion);
  const found = extractJson(text);
  if (found === undefined) return { rejected: { text, problem: 'it holds no JSON object.' }, isJson: false };
  const result = answer.schema.safeParse(found);
  if (result.success) return { value: result.data };
  const second = answer.schema.safeParse(dropPlaceholders(found, answer.schema));
  if (second.success) return { value: second.data };
  return { rejected: { text, problem: describeIssues(second.error) }, isJson: true };
}

/** A filter stopped it, and which one where the endpoint says so. */
export function filtered(results: Record<string, unknown> | undefined, cause?: Error): ParleyError {
  const kinds = Object.entries(results ?? {}).flatMap(([kind, result]) =>
    isFilterKind(kind) && filterResult.safeParse(result).data?.filtered ? [kind.replaceAll('_', ' ')] : [],
  );
  const which = kinds.length > 0 ? ` (${kinds.join(', ')})` : '';
  return new ParleyError(
    'model_filtered',
    `The content filter of the model's endpoint stopped this${which}. Where it is wrong, change the filter of the deployment.`,
    { cause },
  );
}

const filterResult = z.object({ filtered: z.boolean() });

type FilterKind = keyof ContentFilterResultsForChoiceOutput | 'jailbreak' | 'indirect_attack';

const filterKinds: readonly FilterKind[] = [
  'hate',
  'self_harm',
  'sexual',
  'violence',
  'profanity',
  'jailbreak',
  'indirect_attack',
  'protected_material_text',
  'protected_material_code',
];

function isFilterKind(kind: string): boolean {
  return filterKinds.some((known) => known === kind);
}

const mostIssues = 10;

function describeIssues({ issues }: z.ZodError): string {
  const told = issues
    .slice(0, mostIssues)
    .map(({ path, message }) => `${path.join('.') || 'the object'}: ${message}`);
  return `it does not have the form: ${told.join('; ')}.`;
}
