import type { ChatCompletionMessageParam, ReasoningEffort } from 'openai/resources';
import type { RequestBody } from './connect.ts';
import { tokensOfMessage } from './count-tokens.ts';
import type { Call, CountTokens } from './language-model.ts';
import type { Learnt } from './learnt.ts';
import { toJsonSchema } from './to-json-schema.ts';

/** An answer that cannot be used, and what is wrong with it. */
export interface Rejected {
  text: string;
  problem: string;
}

export interface RequestOptions {
  deployment: string;
  learnt: Learnt;
  temperature: number | undefined;
  reasoningEffort: ReasoningEffort | undefined;
  /** To be repaired: the model sees its own answer. */
  rejected?: Rejected | undefined;
}

/** The request of one call, in the form that the deployment is known to take. */
export function writeRequest<Value>(call: Call<Value>, options: RequestOptions): RequestBody {
  const { learnt, temperature, reasoningEffort } = options;
  return {
    model: options.deployment,
    messages: writeMessages(call, options),
    [learnt.limits[0]]: call.mostOutputTokens,
    ...(learnt.temperature && temperature !== undefined ? { temperature } : {}),
    ...(learnt.reasoningEffort && reasoningEffort ? { reasoning_effort: reasoningEffort } : {}),
    ...writeFormat(call, learnt),
  };
}

/** Tokens of a request's input as far as they can be counted here: texts, schema and the overhead of the protocol. */
export function inputTokensOf(
  { messages, response_format: format }: RequestBody,
  count: CountTokens,
): number {
  const texts = messages.map(({ content }) => (typeof content === 'string' ? content : ''));
  if (format?.type === 'json_schema') texts.push(JSON.stringify(format.json_schema));
  return texts.reduce((tokens, text) => tokens + count(text) + tokensOfMessage, tokensOfMessage);
}

function writeMessages<Value>(
  call: Call<Value>,
  { learnt, rejected }: RequestOptions,
): ChatCompletionMessageParam[] {
  const form = learnt.tellsForm
    ? `\n\nAnswer with one JSON object and nothing else. Its JSON schema:\n${JSON.stringify(toJsonSchema(call.answer.schema))}`
    : '';
  // Half of a surrogate pair is no text: some endpoints refuse the whole request for it.
  const instructions = (call.instructions + form).toWellFormed();
  const input = call.input.toWellFormed();
  const messages: ChatCompletionMessageParam[] = learnt.systemRole
    ? [
        { role: 'system', content: instructions },
        { role: 'user', content: input },
      ]
    : [{ role: 'user', content: `${instructions}\n\n${input}` }];
  if (rejected)
    messages.push(
      { role: 'assistant', content: rejected.text.toWellFormed() || '(nothing)' },
      {
        role: 'user',
        content: `This answer cannot be used: ${rejected.problem}\nAnswer again, with one JSON object in the form that was asked for and nothing else.`,
      },
    );
  return messages;
}

function writeFormat<Value>(
  { answer }: Call<Value>,
  { format }: Learnt,
): Pick<RequestBody, 'response_format'> {
  if (format === 'text') return {};
  if (format === 'json_object') return { response_format: { type: 'json_object' } };
  const schema = toJsonSchema(answer.schema);
  return {
    response_format: { type: 'json_schema', json_schema: { name: answer.name, strict: true, schema } },
  };
}
