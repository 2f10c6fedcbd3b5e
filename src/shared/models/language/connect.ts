import type { AzureOpenAI, OpenAI } from 'openai';
import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions';
import * as z from 'zod';
import type { ModelEndpoint } from '../../model-settings.ts';
import type { Failure } from './failure.ts';
import { openIdentity, type TellToken } from './identity.ts';

export type RequestBody = ChatCompletionCreateParamsNonStreaming;

/** What came of one request. */
export type Outcome = { body: unknown } | { failure: Failure };

export interface SendOptions {
  signal: AbortSignal | undefined;
  /** The most that it may take, beside what the settings allow. */
  mostMilliseconds: number;
}

/** Makes one request of the endpoint, once. Throws only when `signal` ends it. */
export type Send = (body: RequestBody, options: SendOptions) => Promise<Outcome>;

/** The client of the endpoint, which is loaded with the first request: it is large. */
export function connect(endpoint: ModelEndpoint, { timeoutSeconds }: { timeoutSeconds: number }): Send {
  const identity = endpoint.apiKey === undefined ? openIdentity(endpoint.clientId) : undefined;
  let opened: Promise<AzureOpenAI | OpenAI> | undefined;
  return async (body, { signal, mostMilliseconds }) => {
    signal?.throwIfAborted();
    try {
      await identity?.();
    } catch (error) {
      return { failure: { kind: 'not identified', text: '', code: nameOf(error) } };
    }
    opened ??= openClient(endpoint, identity);
    const timeout = Math.max(1, Math.min(timeoutSeconds * 1000, mostMilliseconds));
    const client = await opened;
    try {
      const answer: unknown = await client.chat.completions.create(body, { signal, timeout });
      return toOutcome(answer);
    } catch (error) {
      signal?.throwIfAborted();
      return { failure: toFailure(error) };
    }
  };
}

/** Without a deployment of its own: each request names one. */
export async function openClient(
  endpoint: ModelEndpoint,
  identity: TellToken | undefined,
  { timeout }: { timeout?: number } = {},
): Promise<AzureOpenAI | OpenAI> {
  const { AzureOpenAI, OpenAI } = await import('openai');
  // Retries are ours alone; what it logs would hold text of people.
  const options = { maxRetries: 0, logLevel: 'off', timeout } as const;
  if (endpoint.kind === 'compatible')
    return new OpenAI({ ...options, baseURL: endpoint.baseUrl, apiKey: identity ?? endpoint.apiKey });
  return new AzureOpenAI({
    ...options,
    baseURL: `${endpoint.endpoint}/openai`,
    apiVersion: endpoint.apiVersion,
    ...(identity ? { azureADTokenProvider: identity } : { apiKey: endpoint.apiKey }),
  });
}

/** Any other content than JSON arrives as text, an empty body as nothing. */
function toOutcome(answer: unknown): Outcome {
  if (typeof answer === 'object' && answer !== null) return { body: answer };
  const text = String(answer ?? '');
  return /^\s*</.test(text)
    ? { failure: { kind: 'wrong address', text: '', code: 'html' } }
    : { failure: { kind: 'broken off', text: '' } };
}

const answered = z.object({
  status: z.number(),
  code: z.string().nullish().catch(undefined),
  type: z.string().nullish().catch(undefined),
  param: z.string().nullish().catch(undefined),
  error: z.unknown(),
  headers: z.instanceof(Headers).optional().catch(undefined),
});

/** Errors of the client are told apart by what they carry: its classes would have to be loaded for it. */
function toFailure(error: unknown): Failure {
  const { success, data } = answered.safeParse(error);
  if (success) {
    const code = data.code ?? data.type;
    const whole = data.error ?? (error instanceof Error ? error.message : '');
    return {
      kind: 'answered',
      status: data.status,
      text: typeof whole === 'string' ? whole : JSON.stringify(whole),
      ...(code ? { code } : {}),
      ...(data.param ? { param: data.param } : {}),
      ...(data.headers ? { headers: data.headers } : {}),
    };
  }
  const causes = causesOf(error);
  if (causes.some((cause) => cause.constructor.name === 'APIConnectionTimeoutError'))
    return { kind: 'timed out', text: '' };
  const code = causes.map(codeOf).find((each) => each !== undefined);
  const known = code === undefined ? {} : { code };
  if (code !== undefined && wrongAddress.test(code)) return { kind: 'wrong address', text: '', ...known };
  if (code !== undefined && neverSent.test(code)) return { kind: 'unreachable', text: '', ...known };
  return { kind: 'broken off', text: '', ...known };
}

const neverSent =
  /^(ECONNREFUSED|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENETDOWN|UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT)$/;
const wrongAddress = /^(ENOTFOUND|ERR_INVALID_URL)$|CERT|^ERR_TLS|^ERR_SSL|^EPROTO$|UNABLE_TO_VERIFY/;

function causesOf(error: unknown): Error[] {
  const causes: Error[] = [];
  for (let cause = error; cause instanceof Error && causes.length < 5; cause = cause.cause)
    causes.push(cause);
  return causes;
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Error';
}
