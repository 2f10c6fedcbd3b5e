import { randomBytes } from 'node:crypto';

/** A new id of a person, `p_` and 22 characters of base64url: it tells nothing of them. */
export function newPersonId(): string {
  return `p_${randomBytes(16).toString('base64url')}`;
}

export function isPersonId(text: string): boolean {
  return /^p_[A-Za-z0-9_-]{22}$/.test(text);
}
