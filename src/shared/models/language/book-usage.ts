import type { Usage } from './allowance.ts';
import type { CountTokens } from './language-model.ts';
import { type Completion, textOf } from './read-completion.ts';

/**
 * What a completion is booked with: what the endpoint reported or what is counted here of input and visible output, whichever is
 * more. One that reports no output, or less than half of what can be seen of it, is not believed: then the highest output
 * that was allowed counts, since reasoning cannot be seen.
 */
export function usageOf(
  completion: Completion,
  { input, mostOutput, count }: { input: number; mostOutput: number; count: CountTokens },
): Usage {
  const { usage } = completion;
  const visible = count(textOf(completion));
  const reported = usage?.completion_tokens ?? 0;
  const isBelieved = reported > 0 && reported >= visible / 2;
  const cached = usage?.prompt_tokens_details?.cached_tokens ?? 0;
  return {
    calls: 1,
    inputTokens: Math.max(input, usage?.prompt_tokens ?? 0),
    outputTokens: Math.max(visible, isBelieved ? reported : mostOutput),
    ...(cached > 0 ? { cachedInputTokens: cached } : {}),
  };
}
