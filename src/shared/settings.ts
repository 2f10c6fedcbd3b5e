import * as z from 'zod';
import { type AcsSettings, readAcsSettings } from './acs-settings.ts';
import { type AskSettings, readAskSettings } from './ask-settings.ts';
import { type DigestMailSettings, readDigestMailSettings, readPublicUrl } from './digest-mail-settings.ts';
import { type ModelSettings, readModelSettings } from './model-settings.ts';
import { type PrivacySettings, readPrivacySettings } from './privacy-settings.ts';
import { readSecuritySettings, type SecuritySettings } from './security-settings.ts';
import { readSummarySettings, type SummarySettings } from './summary-settings.ts';
import { isTimeZone } from './time-zone.ts';

/** Where the app's blobs and queues are: one storage account, by connection string or by identity. */
export type StorageSettings =
  | { connectionString: string }
  | { blobServiceUri: string; queueServiceUri: string; managedIdentityClientId?: string };

export interface Settings {
  storage: StorageSettings;
  /** NCRONTAB with six fields, UTC. */
  summarySchedule: string;
  /** Dates days and nights for people: an IANA name. */
  timeZone: string;
  /** A transcript segment is not appended to above this many bytes. */
  segmentBytes: number;
  acs: AcsSettings;
  privacy: PrivacySettings;
  model: ModelSettings;
  summaries: SummarySettings;
  security: SecuritySettings;
  ask: AskSettings;
  digestMail: DigestMailSettings;
  /** Where people reach the app, without a slash at the end. */
  publicUrl?: string;
  /** Whether messages are analysed as they come. */
  isAnalysing: boolean;
}

/** Stops the app from loading; the message is all that an operator needs. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

type Environment = Record<string, string | undefined>;

const connectionString = z
  .string()
  .regex(
    /UseDevelopmentStorage=true|AccountName=.*AccountKey=|BlobEndpoint=/i,
    'must be the connection string of a storage account, or UseDevelopmentStorage=true',
  );

/** The greatest number of each field; the least is 1 for days of the month and months, else 0. */
const greatest = [59, 59, 23, 31, 12, 7];

const schedule = z
  .string()
  .trim()
  .refine((text) => text.split(/\s+/).length !== 6 || text.split(/\s+/).every(isScheduleField), {
    error: 'has a field that is out of range or no schedule, such as "0 0 2 * * *"',
  })
  .regex(
    /^(\S+\s+){5}\S+$/,
    'must have six fields (second minute hour day month weekday), such as "0 0 2 * * *"',
  );

const segmentBytes = z.coerce
  .number('must be a number of bytes')
  .int('must be a whole number of bytes')
  .min(1024, 'must be at least 1024')
  .max(512 * 1024 ** 2, 'must be at most 536870912 (512 MiB): a segment is read in one request');

const timeZone = z
  .string()
  .refine(isTimeZone, 'must be the IANA name of a time zone, such as Europe/Berlin or UTC');

const onOff = z.enum(['on', 'off'], 'must be on or off').transform((value) => value === 'on');

const uri = z.url({
  protocol: /^https?$/,
  error: 'must be an https address such as https://account.blob.core.windows.net',
});

/** Reads and checks every setting. Throws an error that names each setting that is wrong and says what it must be. */
export function readSettings(environment: Environment = process.env): Settings {
  const problems: string[] = [];
  const read = <T>(name: string, schema: z.ZodType<T>, fallback: unknown): T | undefined => {
    const text = environment[name]?.trim();
    const result = schema.safeParse(text ? text : fallback);
    if (result.success) return result.data;
    problems.push(`${name} ${result.error.issues[0]?.message ?? 'is wrong'}`);
    return undefined;
  };
  const storage = readStorage(environment, read);
  const summarySchedule = read('SUMMARY_SCHEDULE', schedule, '0 0 2 * * *');
  const zone = read('TIME_ZONE', timeZone, 'UTC');
  const segment = read('TRANSCRIPT_SEGMENT_BYTES', segmentBytes, 64 * 1024 ** 2);
  const acs = readAcsSettings(environment, read);
  const privacy = readPrivacySettings(
    environment,
    read,
    (name, usual) => read(name, schedule, usual) ?? usual,
  );
  const model = readModelSettings(read);
  const security = readSecuritySettings(environment, read);
  const summaries = readSummarySettings(read, model);
  const ask = readAskSettings(read);
  const digestMail = readDigestMailSettings(read, acs.email.from);
  const publicUrl = readPublicUrl(environment, read);
  const isAnalysing = read('ANALYSIS', onOff, 'on');
  if (
    problems.length > 0 ||
    !storage ||
    summarySchedule === undefined ||
    zone === undefined ||
    segment === undefined ||
    isAnalysing === undefined
  ) {
    throw new SettingsError(
      `Settings are wrong: ${problems.join('; ')}. See docs/operations.md, "Settings".`,
    );
  }
  return {
    storage,
    summarySchedule,
    timeZone: zone,
    segmentBytes: segment,
    acs,
    privacy,
    model,
    security,
    summaries,
    ask,
    digestMail,
    ...(publicUrl === undefined ? {} : { publicUrl }),
    isAnalysing,
  };
}

/** Numbers within range, `*`, ranges, lists, steps, and names of months and weekdays. */
function isScheduleField(field: string, place: number): boolean {
  return field.split(/[,/-]/).every((part) => {
    if (part === '*' || (place >= 4 && /^[a-z]{3,9}$/i.test(part))) return true;
    return /^\d{1,2}$/.test(part) && Number(part) <= (greatest[place] ?? 0);
  });
}

/** The names and their meaning are those of the Functions host, so that app and host use one account. */
function readStorage(
  environment: Environment,
  read: (name: string, schema: z.ZodType<string>, fallback: unknown) => string | undefined,
): StorageSettings | undefined {
  const name = 'AzureWebJobsStorage';
  const account = environment[`${name}__accountName`]?.trim();
  const given = environment[`${name}__blobServiceUri`]?.trim();
  if (!given && !account) {
    const text = read(name, connectionString, 'UseDevelopmentStorage=true');
    return text === undefined ? undefined : { connectionString: text };
  }
  const blobServiceUri = read(`${name}__blobServiceUri`, uri, `https://${account}.blob.core.windows.net`);
  const usualQueues = account
    ? `https://${account}.queue.core.windows.net`
    : blobServiceUri?.replace('.blob.', '.queue.');
  const queueServiceUri = read(`${name}__queueServiceUri`, uri, usualQueues);
  const clientId = environment[`${name}__clientId`]?.trim();
  return blobServiceUri && queueServiceUri
    ? { blobServiceUri, queueServiceUri, ...(clientId ? { managedIdentityClientId: clientId } : {}) }
    : undefined;
}
