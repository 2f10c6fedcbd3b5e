import { setTimeout as wait } from 'node:timers/promises';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import type { ModelReply } from '../../test/support/model-endpoint.ts';
import { startModelEndpoint } from '../../test/support/model-endpoint.ts';
import { writeAnswer } from '../../test/support/write-answer.ts';
import { createRequestLimiter, type Limit } from './request-limiter.ts';

/** What the endpoint was asked, as it counts itself: of instructions, input and form, and of answers. */
export interface Traffic {
  calls: number;
  refused: number;
  inputTokens: number;
  outputTokens: number;
  /** Of the largest call, both together. */
  mostTokens: number;
  /** Calls with messages of Parley's form in them. */
  pieces: number;
  /** Calls that were under way together, at most. */
  atOnce: number;
}

export interface SummarizingEndpoint {
  baseUrl: string;
  /** Settings of Parley that use it. */
  environment: Record<string, string>;
  /** What came since it was asked last. */
  take(): Traffic;
  close(): Promise<void>;
}

interface Options {
  latencyMilliseconds?: number;
  /** Beyond it, requests are refused with a 429 that tells when to come again, as Azure OpenAI does. */
  limit?: Limit;
}

const none: Traffic = {
  calls: 0,
  refused: 0,
  inputTokens: 0,
  outputTokens: 0,
  mostTokens: 0,
  pieces: 0,
  atOnce: 0,
};

/** A language model that answers after a fixed time, over HTTP, with sentences of what it was given: the same to both sides. */
export async function startSummarizingEndpoint({
  latencyMilliseconds = 0,
  limit,
}: Options = {}): Promise<SummarizingEndpoint> {
  let traffic = { ...none };
  let underWay = 0;
  let refuses = limit ? createRequestLimiter(limit) : () => undefined;
  const endpoint = await startModelEndpoint(async (request): Promise<ModelReply> => {
    // Nobody looks at them, and 100,000 messages would be kept.
    endpoint.requests.length = 0;
    const milliseconds = refuses();
    if (milliseconds !== undefined) {
      traffic.refused += 1;
      return refuse(milliseconds);
    }
    const text = writeAnswer(request);
    const form = request.body.response_format;
    const inputTokens =
      countTokens(request.instructions + request.input) + (form ? countTokens(JSON.stringify(form)) : 0);
    const outputTokens = countTokens(text);
    traffic.calls += 1;
    traffic.inputTokens += inputTokens;
    traffic.outputTokens += outputTokens;
    if (/^\d+ [^:]{1,60}: /mu.test(request.input)) traffic.pieces += 1;
    traffic.mostTokens = Math.max(traffic.mostTokens, inputTokens + outputTokens);
    underWay += 1;
    traffic.atOnce = Math.max(traffic.atOnce, underWay);
    await wait(latencyMilliseconds);
    underWay -= 1;
    return { text };
  });
  return {
    baseUrl: endpoint.baseUrl,
    environment: endpoint.environment,
    take() {
      const taken = traffic;
      traffic = { ...none };
      if (limit) refuses = createRequestLimiter(limit);
      return taken;
    },
    close: endpoint.close,
  };
}

function refuse(milliseconds: number): ModelReply {
  return {
    status: 429,
    headers: {
      'retry-after': String(Math.ceil(milliseconds / 1_000)),
      'retry-after-ms': String(milliseconds),
    },
    error: { code: '429', message: 'Requests have exceeded the call rate limit of this deployment.' },
  };
}
