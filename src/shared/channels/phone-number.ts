/**
 * A number as conversations and identities name it: E.164 with `+`, which the provider's events leave out. Short codes
 * (up to six digits) and alphanumeric senders stay as they are; so does a number that begins with 0, because what
 * country it is dialled from cannot be known. Undefined where nothing is left.
 */
export function toPhoneNumber(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  if (!/^\+?[\d ().\-/]*$/.test(trimmed)) return trimmed;
  const digits = trimmed.replaceAll(/\D/g, '');
  if (trimmed.startsWith('+')) return digits === '' ? undefined : `+${digits}`;
  return /^[1-9]\d{6,14}$/.test(digits) ? `+${digits}` : digits || undefined;
}

/** The identity of a number: `4:+15551230001`. */
export function phoneIdentity(number: string): string {
  return `4:${number}`;
}
