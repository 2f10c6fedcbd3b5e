import type * as z from 'zod';
import type { Allowance, Usage } from './allowance.ts';
import type { RequestBody } from './connect.ts';

/** What calls are made for; each may have a deployment of its own. */
export type Job = 'summary' | 'ask';

/** One question to a language model. */
export interface Call<Value> {
  job: Job;
  /** What to do: our words alone. */
  instructions: string;
  /** What it is about: text of people, fenced by whoever made it. */
  input: string;
  /** The form of the answer. Its JSON schema goes to the endpoint, strict: no optional members, `nullable` ones instead. */
  answer: { name: string; schema: z.ZodType<Value> };
  /** Reasoning included. */
  mostOutputTokens: number;
  /** The answer may come hours later, in a batch: nothing else waits for it, and the same call can be made again. */
  mayWait?: boolean;
}

export interface CallOptions {
  allowance: Allowance;
  signal?: AbortSignal;
  /** A batch has answered this call: the completion is read and booked, and nothing sent unless it has to be mended. */
  answered?: { completion: unknown };
}

/** Tells how many tokens a text has, by the encoding of the model. */
export type CountTokens = (text: string) => number;

/** A language model behind an endpoint. */
export interface LanguageModel {
  /** The name of the deployment for a job. */
  nameFor(job: Job): string;
  /** Tokens of input and output together that one call may have, and the most of them that may be output. */
  readonly window: { tokens: number; outputTokens: number };
  /** For the model of a job; without one, that of summaries. */
  tokenCounter(job?: Job): Promise<CountTokens>;
  /** What `call` will reserve: input, schema and the overhead of the protocol, and the highest output. */
  tokensOf<Value>(call: Call<Value>): Promise<number>;
  /** The request of a call as a line of a batch, and the tokens to reserve for it. Throws `model_input_too_large`. */
  writeForBatch<Value>(call: Call<Value>): Promise<{ body: RequestBody; tokens: number }>;
  /**
   * Reserves the tokens of the call, makes it (again, where the endpoint asks to wait or fails), checks the answer and books
   * what was used. Throws `ParleyError`: `budget_spent` before anything is sent where the allowance has not so many tokens
   * left; `model_refused`, `model_filtered`, `model_cut_short`, `model_answer_invalid`, `model_input_too_large`, each about
   * this input; `model_unavailable`, retryable; `model_not_usable` for a wrong key, address or deployment.
   */
  call<Value>(call: Call<Value>, options: CallOptions): Promise<{ value: Value; usage: Usage }>;
}
