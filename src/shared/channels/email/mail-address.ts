import { domainToASCII } from 'node:url';
import type { Person } from '../../transcripts/entry.ts';

/**
 * The identity of a mailbox, `mailto:joe@example.com`: in small letters throughout, since no provider of today tells two
 * people apart by them, and the domain as the DNS has it, so that one mailbox is one identity however it is written.
 */
export function mailIdentity(address: string): string {
  const text = oneLine(address).normalize('NFC').toLowerCase();
  const at = text.lastIndexOf('@');
  return at < 0 ? `mailto:${text}` : `mailto:${text.slice(0, at + 1)}${asciiDomain(text.slice(at + 1))}`;
}

/** In small letters, international names as `xn--…`. */
export function asciiDomain(domain: string): string {
  return domainToASCII(domain) || domain.toLowerCase();
}

export function mailPerson(mailbox: { address: string; name?: string }): Person {
  const name = oneLine(mailbox.name ?? '')
    .slice(0, 200)
    .toWellFormed();
  const isNamed = name !== '' && name.toLowerCase() !== mailbox.address.toLowerCase();
  return { id: mailIdentity(mailbox.address), ...(isNamed ? { name } : {}) };
}

/** Without what would show text in another order than it is written, or break a line. */
export function oneLine(text: string): string {
  return text
    .replaceAll(/[\s\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim()
    .toWellFormed();
}
