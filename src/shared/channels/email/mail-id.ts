import { hashOf } from './hash.ts';

/** A message's id may have 512 characters, and may yet get an ending. */
const longestId = 490;
const shortestWithoutDomain = 20;

/** A Message-Id as it names mails and conversations: without angle brackets, and hashed where it is too long. */
export function mailId(text: string): string {
  const id = text.trim().replaceAll(/^<|>$/g, '').toWellFormed();
  return id.length > longestId ? `sha256-${hashOf(id)}` : id;
}

/**
 * Whether a text tells one mail from all others: mailers without one write `null`, or "your message of Monday", and mails
 * of many people would be taken for one thread.
 */
export function isMailId(text: string): boolean {
  return text.includes('@') || text.length >= shortestWithoutDomain;
}
