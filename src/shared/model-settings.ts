import * as z from 'zod';
import { parseJson } from './json.ts';
import { type Encoding, encodings } from './models/language/encodings.ts';
import type { Prices } from './models/language/prices.ts';

/** Where a language model is: nowhere means that summaries are extracts. */
export type ModelEndpoint = {
  /** Absent: managed identity. */
  apiKey?: string;
  /** Which one, where it is user-assigned. */
  clientId?: string;
} & (
  | {
      kind: 'azure';
      /** Without a slash at its end. */
      endpoint: string;
      apiVersion: string;
    }
  | { kind: 'compatible'; baseUrl: string }
);

const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'] as const;

export interface ModelSettings {
  endpoint?: ModelEndpoint;
  /** Deployment or model of each job. */
  deployments: { summary: string; ask: string; batch: string };
  /** Tokens of input and output together, and the most of output. */
  window: { tokens: number; outputTokens: number };
  /** For one request. */
  timeoutSeconds: number;
  /** For one call with all its tries and waits, from the first try on. */
  totalSeconds: number;
  /** Calls of a deployment at once, in this process. */
  concurrency: number;
  /** Absent: by the name of the model. */
  encoding?: Encoding;
  temperature?: number;
  reasoningEffort?: (typeof efforts)[number];
  prices: Prices;
}

type Read = <T>(name: string, schema: z.ZodType<T>, fallback: unknown) => T | undefined;

const text = z.string().optional();
const encodingName = z.enum(encodings, `must be one of ${encodings.join(', ')}`).optional();
const effort = z.enum(efforts, `must be one of ${efforts.join(', ')}`).optional();
const tokens = z.coerce
  .number('must be a number of tokens')
  .int('must be a whole number of tokens')
  .min(256, 'must be at least 256');
const number = (least: number, most: number, unit: string) =>
  z.coerce
    .number(`must be a number of ${unit}`)
    .min(least, `must be at least ${least}`)
    .max(most, `must be at most ${most}`);
const price = z.number().nonnegative();
const prices = z.record(
  z.string(),
  z.strictObject({ input: price, output: price, cached: price.optional() }),
);
const priceTable = z.string().transform((json, context): Prices => {
  const table = prices.safeParse(parseJson(json)).data;
  if (table) return table;
  context.addIssue(
    'must be US dollars for a million tokens by model, such as {"gpt-4.1-mini":{"input":0.4,"output":1.6,"cached":0.1}}',
  );
  return z.NEVER;
});

/** Conversations cross it: in plain HTTP only where it does not leave the machine or the private network. */
const address = z
  .url({
    protocol: /^https?$/,
    error: 'must be an address such as https://name.openai.azure.com',
    abort: true,
  })
  .refine((url) => !hasCredentials(url), 'must not hold a user name or a password: set the key instead')
  .refine(
    (url) => url.startsWith('https:') || isPrivateHost(new URL(url).hostname),
    'must begin with https: plain http would show conversations to the network. It is allowed for this machine and private networks only',
  )
  .transform((url) => url.replace(/\/+$/, ''));
const resource = address.refine(
  (url) => new URL(url).pathname === '/' && new URL(url).search === '',
  "must be the resource's address alone, such as https://name.openai.azure.com; for an address that ends in /v1 set OPENAI_BASE_URL",
);

/** Reads `AZURE_OPENAI_*`, `OPENAI_*` and `MODEL_*`; problems are reported through `read`, which then gives nothing. */
export function readModelSettings(read: Read): ModelSettings {
  const azure = read('AZURE_OPENAI_ENDPOINT', resource.optional(), undefined);
  const compatible = read('OPENAI_BASE_URL', address.optional(), undefined);
  const endpoint = azure ? readAzure(azure, read) : compatible ? readCompatible(compatible, read) : undefined;
  if (azure && compatible)
    complain(
      read,
      'OPENAI_BASE_URL',
      'must not be set beside AZURE_OPENAI_ENDPOINT: which of them is meant?',
    );
  const window = {
    tokens: read('MODEL_CONTEXT_TOKENS', tokens, 128_000) ?? 0,
    outputTokens: read('MODEL_OUTPUT_TOKENS', tokens, 4_000) ?? 0,
  };
  if (window.tokens > 0 && window.outputTokens >= window.tokens)
    complain(
      read,
      'MODEL_OUTPUT_TOKENS',
      'must be less than MODEL_CONTEXT_TOKENS, which has room for input and output',
    );
  const encoding = read('MODEL_ENCODING', encodingName, undefined);
  const temperature = read('MODEL_TEMPERATURE', number(0, 2, 'degrees'), 0.2);
  const reasoningEffort = read('MODEL_REASONING_EFFORT', effort, undefined);
  return {
    ...(endpoint ? { endpoint } : {}),
    deployments: endpoint ? readDeployments(endpoint, read) : { summary: '', ask: '', batch: '' },
    window,
    timeoutSeconds: read('MODEL_TIMEOUT_SECONDS', number(1, 290, 'seconds'), 120) ?? 0,
    totalSeconds: read('MODEL_TOTAL_SECONDS', number(1, 540, 'seconds'), 300) ?? 0,
    concurrency: read('MODEL_CONCURRENCY', number(1, 256, 'calls').int('must be a whole number'), 8) ?? 0,
    ...(encoding ? { encoding } : {}),
    ...(temperature !== undefined ? { temperature } : {}),
    ...(reasoningEffort ? { reasoningEffort } : {}),
    prices: read('MODEL_PRICES', priceTable, '{}') ?? {},
  };
}

function readAzure(endpoint: string, read: Read): ModelEndpoint {
  const apiKey = read('AZURE_OPENAI_API_KEY', text, undefined);
  const clientId = read('AZURE_OPENAI_CLIENT_ID', text, undefined);
  return {
    kind: 'azure',
    endpoint,
    apiVersion: read('AZURE_OPENAI_API_VERSION', z.string(), '2024-10-21') ?? '',
    ...(apiKey ? { apiKey } : clientId ? { clientId } : {}),
  };
}

/** A resource of Azure has its managed identity when there is no key; any other endpoint without one asks for none. */
function readCompatible(baseUrl: string, read: Read): ModelEndpoint {
  const isAzure = new URL(baseUrl).hostname.endsWith('.azure.com');
  const apiKey = read('OPENAI_API_KEY', text, isAzure ? undefined : 'none');
  const clientId = read('AZURE_OPENAI_CLIENT_ID', text, undefined);
  return { kind: 'compatible', baseUrl, ...(apiKey ? { apiKey } : clientId ? { clientId } : {}) };
}

/** The setting that names the deployment or model of batches. */
export function nameOfBatchSetting({ kind }: ModelEndpoint): string {
  return kind === 'azure' ? 'AZURE_OPENAI_DEPLOYMENT_BATCH' : 'OPENAI_MODEL_BATCH';
}

/** Whether it is a resource of Azure, under whatever address. */
export function isOfAzure(endpoint: ModelEndpoint): boolean {
  return endpoint.kind === 'azure' || new URL(endpoint.baseUrl).hostname.endsWith('.azure.com');
}

/** Deployments of Azure for batches take nothing else; elsewhere a model is a model. */
function readDeployments(endpoint: ModelEndpoint, read: Read): ModelSettings['deployments'] {
  const names =
    endpoint.kind === 'azure'
      ? {
          usual: 'AZURE_OPENAI_DEPLOYMENT',
          summary: 'AZURE_OPENAI_DEPLOYMENT_SUMMARY',
          ask: 'AZURE_OPENAI_DEPLOYMENT_ASK',
        }
      : { usual: 'OPENAI_MODEL', summary: 'OPENAI_MODEL_SUMMARY', ask: 'OPENAI_MODEL_ASK' };
  const usual = read(names.usual, text, undefined);
  const summary = read(names.summary, text, usual);
  const ask = read(names.ask, text, usual);
  if (!summary || !ask) complain(read, names.usual, 'must name the deployment or model that is to answer');
  const batch = read(nameOfBatchSetting(endpoint), text, isOfAzure(endpoint) ? undefined : summary);
  return { summary: summary ?? '', ask: ask ?? '', batch: batch ?? '' };
}

/** Reports what is wrong with several settings together. */
function complain(read: Read, name: string, message: string): void {
  read(name, z.never(message), undefined);
}

function hasCredentials(url: string): boolean {
  const { username, password } = new URL(url);
  return username !== '' || password !== '';
}

/** Loopback, private ranges (RFC 1918, RFC 4193, link-local), and names that only a private network resolves. */
function isPrivateHost(host: string): boolean {
  if (host.startsWith('[')) return /^\[(::1|f[cd].*|fe[89ab].*)\]$/i.test(host);
  if (/^\d+(\.\d+){3}$/.test(host)) return /^(127|10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\./.test(host);
  return !host.includes('.') || /\.(localhost|local|internal|lan)$/.test(host);
}
