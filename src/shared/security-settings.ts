import * as z from 'zod';
import { readPlatform } from './platform.ts';
import { hashKey, type OperatorKey } from './security/operator-keys.ts';

/** Who is believed to be whom. */
export interface SecuritySettings {
  /** Two of one name at most: the old one and the new one. */
  operatorKeys: OperatorKey[];
  /** Whether the platform signs people in, and so takes headers of that name off what comes from outside. */
  isSignInOn: boolean;
  /** Tenants of Microsoft Entra ID whose people are let in, in small letters; none: all that the platform lets in. */
  tenants: string[];
  /** Whether this is somebody's own machine, whose callers are operators as long as there is no key. */
  trustsThisMachine: boolean;
  /** Tokens that a summary made for one reader may use of the model; 0: it is an extract. */
  tokensPerView: number;
}

type Read = <T>(name: string, schema: z.ZodType<T>, fallback: unknown) => T | undefined;

const keyForm =
  'must be name:key pairs separated by commas: names of letters, digits, "." "_" and "-", keys of at least 24 characters ' +
  'without spaces, commas and colons';

const operatorKeys = z
  .string()
  .transform(splitList)
  .refine((list) => list.every((pair) => /^[\w.-]{1,50}:[!-+\--9;-~]{24,500}$/.test(pair)), keyForm)
  .transform((list) => list.map((pair) => pair.split(':')).map(([name = '', key = '']) => ({ name, key })))
  .refine((keys) => new Set(keys.map(({ key }) => key)).size === keys.length, 'has the same key twice')
  .refine(
    (keys) => keys.every(({ name }) => keys.filter((other) => other.name === name).length <= 2),
    'has more than two keys of one name',
  )
  .transform((keys) => keys.map(({ name, key }) => ({ name, digest: hashKey(key) })));

const tenants = z
  .string()
  .transform(splitList)
  .pipe(z.array(z.guid('must be ids of tenants, GUIDs separated by commas').toLowerCase()));

const tokens = z.coerce
  .number('must be a number of tokens')
  .int('must be a whole number of tokens')
  .min(0, 'must not be negative');

/** Reads `OPERATOR_KEYS`, `ENTRA_TENANTS` and what the platform sets; problems are reported through `read`. */
export function readSecuritySettings(
  environment: Record<string, string | undefined>,
  read: Read,
): SecuritySettings {
  const { isAzure, isDevelopment, isSignInOn } = readPlatform(environment);
  return {
    operatorKeys: read('OPERATOR_KEYS', operatorKeys, '') ?? [],
    isSignInOn,
    tenants: read('ENTRA_TENANTS', tenants, '') ?? [],
    trustsThisMachine: isDevelopment && !isAzure,
    tokensPerView: read('SUMMARY_TOKENS_PER_VIEW', tokens, 0) ?? 0,
  };
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
}
