import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** A .NET TimeSpan ("00:00:30", "1.00:00:00") in milliseconds; `undefined` for any other text. */
export function parseTimeSpan(text: string): number | undefined {
  const match = /^(?:(\d+)\.)?(\d+):(\d\d):(\d\d)(?:\.(\d{1,7}))?$/.exec(text);
  if (!match) return undefined;
  const [, days = '0', hours, minutes, seconds, fraction = '0'] = match;
  const whole = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  return (whole + Number(`0.${fraction}`)) * 1000;
}

const duration = z.string().transform((text, context) => {
  const milliseconds = parseTimeSpan(text);
  if (milliseconds !== undefined) return milliseconds;
  context.issues.push({ code: 'custom', message: 'is no duration such as "00:00:30"', input: text });
  return z.NEVER;
});

const queues = z.object({
  batchSize: z.int().min(1).max(32).default(16),
  newBatchThreshold: z.int().min(0).optional(),
  maxPollingInterval: duration.default(60_000),
  visibilityTimeout: duration.default(0),
  maxDequeueCount: z.int().min(1).default(5),
  messageEncoding: z.enum(['base64', 'none']).default('base64'),
});

const durableTask = z.object({
  hubName: z.string().default('TestHubName'),
  maxConcurrentActivityFunctions: z.int().min(1).default(10),
  maxConcurrentOrchestratorFunctions: z.int().min(1).default(10),
});

const hostFile = z.object({
  extensions: z
    .object({
      http: z.object({ routePrefix: z.string().default('api') }).prefault({}),
      queues: queues.prefault({}),
      durableTask: durableTask.prefault({}),
    })
    .prefault({}),
});

/** What the local host reads of the app's host.json; durations in milliseconds. */
export type HostSettings = z.infer<typeof hostFile>['extensions'];

/** Queue settings of host.json; durations in milliseconds. */
export type QueueSettings = HostSettings['queues'];

/** Reads host.json with the defaults of Azure Functions; the error names the setting that is wrong. */
export function readHostSettings(appFolder: string): HostSettings {
  const file = join(appFolder, 'host.json');
  const parsed = hostFile.safeParse(readJson(file));
  if (!parsed.success) throw new Error(`${file} cannot be used:\n${z.prettifyError(parsed.error)}`);
  return parsed.data.extensions;
}

const localSettings = z.object({ Values: z.record(z.string(), z.string()).default({}) });

/** Puts the Values of local.settings.json into the environment, as `func start` does; what is set already stays. */
export function applyLocalSettings(appFolder: string): void {
  const file = join(appFolder, 'local.settings.json');
  const defaults = { AZURE_FUNCTIONS_ENVIRONMENT: 'Development', FUNCTIONS_EXTENSION_VERSION: '~4' };
  const values = existsSync(file) ? localSettings.parse(readJson(file)).Values : {};
  for (const [name, value] of Object.entries({ ...defaults, ...values })) process.env[name] ??= value;
}

/** Replaces `%NAME%` by the setting of that name; throws when there is no such setting. */
export function resolveSettings(text: string, usedBy: string): string {
  return text.replace(/%(\w+)%/g, (_, name: string) => {
    const value = process.env[name];
    if (value === undefined) throw new Error(`${usedBy} needs the setting ${name}, which is not set.`);
    return value;
  });
}

/** Reads a JSON file; the error names the file. */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} cannot be read as JSON.`, { cause: error });
  }
}
