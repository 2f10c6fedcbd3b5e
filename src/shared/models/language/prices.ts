import type { Usage } from './allowance.ts';

/** US dollars for a million tokens. */
export interface Price {
  input: number;
  output: number;
  /** Of input that the endpoint had cached; absent: as other input. */
  cached?: number | undefined;
}

/** By the name of the deployment or model. */
export type Prices = Readonly<Record<string, Price>>;

const million = 1_000_000;

/**
 * What so much use of a model costs, in US dollars; undefined where the table has no price for it. What a batch used has the
 * price of its deployment, where the table has one.
 */
export function costOf(usage: Usage, model: string, prices: Prices, batchModel = model): number | undefined {
  const price = Object.hasOwn(prices, model) ? prices[model] : undefined;
  if (!price) return undefined;
  const ofBatch = (Object.hasOwn(prices, batchModel) && prices[batchModel]) || price;
  const { batchInputTokens = 0, batchOutputTokens = 0 } = usage;
  const input = usage.inputTokens - batchInputTokens;
  const cached = Math.min(usage.cachedInputTokens ?? 0, input);
  return (
    ((input - cached) * price.input +
      cached * (price.cached ?? price.input) +
      (usage.outputTokens - batchOutputTokens) * price.output +
      batchInputTokens * ofBatch.input +
      batchOutputTokens * ofBatch.output) /
    million
  );
}

/** A cost as people read it: of less than a dollar, parts of a cent too. */
export function describeCost(cost: number): string {
  return `${cost.toFixed(cost < 1 ? 4 : 2)} US dollars`;
}
