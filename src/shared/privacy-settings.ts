import * as z from 'zod';

/** Days that messages are kept, by channel; `everywhere` holds for the channels that are not named. Without any: for ever. */
export interface RetentionDays {
  everywhere?: number;
  byChannel: Readonly<Record<string, number | 'forever'>>;
}

/** What erasing needs, and how long conversations are kept. */
export interface PrivacySettings {
  /**
   * Keys of the HMAC under which tombstones are kept: the first writes, all of them are looked for. None: nothing can be
   * erased, because late events would bring it back.
   */
  erasureSecrets: string[];
  /** How long an erasure waits before it erases, until every process knows of it. */
  settleSeconds: number;
  /** How long messages are kept. */
  retentionDays: RetentionDays;
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

const wrongDays = 'must be a whole number of days from 1 to 36500, or forever';

/** Never 0: it would be read as "at once" by some and as "no limit" by others. */
const days = z
  .string()
  .regex(/^(?:forever|[1-9]\d{0,4})$/, wrongDays)
  .transform((text) => (text === 'forever' ? text : Number(text)))
  .refine((kept) => kept === 'forever' || kept <= 36_500, wrongDays)
  .optional();

const everywhere = 'RETENTION_DAYS';

/** Channels that may be kept for a time of their own. */
export const retentionChannels = ['chat', 'email', 'sms', 'whatsapp'] as const;

/** Reads `ERASURE_*` and `RETENTION_*`; problems are reported through `read`, which then gives nothing. */
export function readPrivacySettings(
  environment: Record<string, string | undefined>,
  read: Read,
  readSchedule: (name: string, fallback: string) => string,
): PrivacySettings {
  return {
    erasureSecrets: read('ERASURE_SECRET', secrets, '') ?? [],
    settleSeconds: read('ERASURE_SETTLE_SECONDS', seconds, 60) ?? 60,
    retentionDays: readRetentionDays(environment, read),
    retentionSchedule: readSchedule('RETENTION_SCHEDULE', '0 0 4 * * *'),
  };
}

function readRetentionDays(environment: Record<string, string | undefined>, read: Read): RetentionDays {
  const settings = new Map(
    retentionChannels.map((channel) => [`${everywhere}_${channel.toUpperCase()}`, channel]),
  );
  const unknown = Object.keys(environment).filter(
    (name) => /^retention_days./i.test(name) && !settings.has(name) && environment[name]?.trim(),
  );
  const noChannel = z.undefined(
    `is of no channel: there are ${[...settings.keys()].join(', ')}, and ${everywhere} for all others`,
  );
  for (const name of unknown) read(name, noChannel, undefined);
  const byChannel = [...settings].flatMap(([name, channel]) => {
    const kept = read(name, days, undefined);
    return kept === undefined ? [] : [[channel, kept] as const];
  });
  const others = read(everywhere, days, undefined);
  return {
    ...(others === undefined || others === 'forever' ? {} : { everywhere: others }),
    byChannel: Object.fromEntries(byChannel),
  };
}
