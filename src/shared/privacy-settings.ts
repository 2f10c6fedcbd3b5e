import * as z from 'zod';

/** What erasing needs, and how long conversations are kept. */
export interface PrivacySettings {
  /**
   * Keys of the HMAC under which tombstones are kept: the first writes, all of them are looked for. None: nothing can be
   * erased, because late events would bring it back.
   */
  erasureSecrets: string[];
  /** How long an erasure waits before it erases, until every process knows of it. */
  settleSeconds: number;
  /** Days that messages are kept, by channel; `everywhere` holds for the channels that are not named. */
  retentionDays: { everywhere?: number; byChannel: Record<string, number> };
  /** When old messages are swept out: NCRONTAB with six fields, UTC. */
  retentionSchedule: string;
}

type Read = <T>(name: string, schema: z.ZodType<T>, fallback: unknown) => T | undefined;

const secrets = z
  .string()
  .transform((list) =>
    list
      .split(',')
      .map((secret) => secret.trim())
      .filter(Boolean),
  )
  .refine((list) => list.every((secret) => secret.length >= 16), {
    error:
      'must be a secret of at least 16 characters without a comma; a second one after a comma is only looked for',
  });

const seconds = z.coerce
  .number('must be a number of seconds')
  .min(1, 'must be at least 1')
  .max(3_600, 'must be at most 3600');

const days = z.coerce
  .number('must be a number of days')
  .int('must be a whole number of days')
  .min(1, 'must be at least 1')
  .max(36_500, 'must be at most 36500')
  .optional();

const prefix = 'RETENTION_DAYS_';

/** Reads `ERASURE_*` and `RETENTION_*`; problems are reported through `read`, which then gives nothing. */
export function readPrivacySettings(
  environment: Record<string, string | undefined>,
  read: Read,
  readSchedule: (name: string, fallback: string) => string,
): PrivacySettings {
  const named = Object.keys(environment).filter((name) => /^RETENTION_DAYS_[A-Z]{1,20}$/.test(name));
  const byChannel = named.flatMap((name) => {
    const kept = read(name, days, undefined);
    return kept === undefined ? [] : [[name.slice(prefix.length).toLowerCase(), kept] as const];
  });
  return {
    erasureSecrets: read('ERASURE_SECRET', secrets, '') ?? [],
    settleSeconds: read('ERASURE_SETTLE_SECONDS', seconds, 60) ?? 60,
    retentionDays: {
      everywhere: read('RETENTION_DAYS', days, undefined),
      byChannel: Object.fromEntries(byChannel),
    },
    retentionSchedule: readSchedule('RETENTION_SCHEDULE', '0 0 4 * * *'),
  };
}
