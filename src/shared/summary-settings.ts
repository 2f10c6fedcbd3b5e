import * as z from 'zod';
import { type ModelSettings, nameOfBatchSetting } from './model-settings.ts';

export interface SummarySettings {
  /** What summaries are written in: ISO 639-1; absent: each in the language of its conversation. */
  language?: string;
  /** Tokens that the night of a date may spend each time it runs; absent: as many as it takes. */
  tokensPerRun?: number;
  /** Tokens that one conversation may take at once. */
  tokensPerConversation: number;
  /** Present where calls that may wait go through batches: how long a run waits for them. */
  batch?: { hours: number };
}

type Read = <T>(name: string, schema: z.ZodType<T>, fallback: unknown) => T | undefined;

const names = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });

const language = z
  .string()
  .regex(/^[a-z]{2}$/, 'must be the code of a language in two small letters, such as en or de')
  .refine((code) => names.of(code) !== undefined, 'must be the code of a language, such as en or de')
  .optional();

const tokens = z.coerce
  .number('must be a number of tokens')
  .int('must be a whole number of tokens')
  .min(1_000, 'must be at least 1000');

const tokensOrAll = z.union([z.literal('unlimited').transform(() => undefined), tokens], {
  error: 'must be a number of tokens, at least 1000, or unlimited',
});

const mode = z.enum(['live', 'batch'], 'must be live or batch');

const hours = z.coerce
  .number('must be a number of hours')
  .min(0.1, 'must be at least 0.1')
  .max(24, 'must be at most 24');

/** Reads `SUMMARY_*`; problems are reported through `read`, which then gives nothing. */
export function readSummarySettings(read: Read, model: ModelSettings): SummarySettings {
  const isBatched = read('SUMMARY_MODE', mode, 'live') === 'batch' && isReady(read, model);
  const batchHours = read('SUMMARY_BATCH_HOURS', hours, 6) ?? 0;
  const written = read('SUMMARY_LANGUAGE', language, undefined);
  const tokensPerRun = read<number | undefined>('SUMMARY_TOKENS_PER_RUN', tokensOrAll, 5_000_000);
  return {
    ...(written === undefined ? {} : { language: written }),
    ...(tokensPerRun === undefined ? {} : { tokensPerRun }),
    ...(isBatched ? { batch: { hours: batchHours } } : {}),
    tokensPerConversation: read('SUMMARY_TOKENS_PER_CONVERSATION', tokens, 3_000_000) ?? 0,
  };
}

/** Without a model there is nothing to put into a batch: it does no harm then. */
function isReady(read: Read, { endpoint, deployments }: ModelSettings): boolean {
  if (!endpoint) return false;
  if (deployments.batch !== '') return true;
  const wrong = z.never(
    'must name the deployment for batches (Global or Data Zone Batch) where SUMMARY_MODE is batch',
  );
  read(nameOfBatchSetting(endpoint), wrong, undefined);
  return false;
}
