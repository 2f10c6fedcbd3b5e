import { createHash, timingSafeEqual } from 'node:crypto';

/** One key of an operator, as its hash. */
export interface OperatorKey {
  name: string;
  /** SHA-256. */
  digest: Buffer;
}

export function hashKey(key: string): Buffer {
  return createHash('sha256').update(key, 'utf8').digest();
}

/** Whose key it is; compared with all of them, so that the time taken tells nothing. */
export function whoseKey(given: string, keys: readonly OperatorKey[]): string | undefined {
  const digest = hashKey(given);
  let name: string | undefined;
  for (const key of keys) if (timingSafeEqual(digest, key.digest)) name = key.name;
  return name;
}
