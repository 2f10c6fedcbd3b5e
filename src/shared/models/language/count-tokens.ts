import type { Encoding } from './encodings.ts';
import type { CountTokens } from './language-model.ts';

/** What one message costs beside its text, and the answer's beginning, rounded up (OpenAI cookbook: 3 each). */
export const tokensOfMessage = 4;

/**
 * The tokenizer works on one word at a time, in time that grows with the square of its length. Text of people may be one
 * word of a megabyte: such runs are counted in parts, which adds at most a token for each.
 */
const longRun = /[\p{L}\p{M}]{128}|[^\s\p{L}\p{N}]{128}|\s{128}/gu;

/** Loads an encoding's vocabulary, some megabytes, once. Special tokens within a text count as the text that they are. */
export async function loadTokenCounter(encoding: Encoding): Promise<CountTokens> {
  const { countTokens } =
    encoding === 'cl100k_base'
      ? await import('gpt-tokenizer/encoding/cl100k_base')
      : await import('gpt-tokenizer/encoding/o200k_base');
  const options = { disallowedSpecial: new Set<string>() };
  return (text) => {
    let tokens = 0;
    let from = 0;
    for (const { index, 0: run } of text.matchAll(longRun)) {
      tokens += countTokens(text.slice(from, index + run.length), options);
      from = index + run.length;
    }
    return tokens + countTokens(text.slice(from), options);
  };
}
