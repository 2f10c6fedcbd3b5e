import { createHash, randomUUID } from 'node:crypto';

/** A random id, for a request without a key. */
export function newSendId(): string {
  return randomUUID();
}

/** The same id for the same key of the same caller about the same thing: a UUID of version 8 (RFC 9562), made by SHA-256. */
export function sendIdOf(...parts: readonly string[]): string {
  const bytes = createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/**
 * What a provider knows a send by, the same for every try. Providers may remember longer than we do: a key that is used
 * again after seven days makes the same send id, but must not be taken for a repeat there.
 */
export function providerIdOf({ sendId, createdAt }: { sendId: string; createdAt: string }): string {
  return sendIdOf(sendId, createdAt);
}

/** SHA-256 of a JSON value, whatever the order of its members. */
export function hashJson(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value, sortMembers)).digest('hex');
}

function sortMembers(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
