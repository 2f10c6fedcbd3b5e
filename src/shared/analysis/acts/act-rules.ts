/**
 * How people who write one language ask, request and complain. All patterns are tested on one clause, in plain letters
 * (see `plainly`) and without what leads into it.
 */
export interface ActRules {
  /** What may stand before the matter: greetings, fillers, "and". */
  leadIn: RegExp;
  /** Where a clause ends without a comma: "but", "because". */
  joint: RegExp;
  /** Wants to know something, with or without a question mark, whatever words are in it. */
  asks: RegExp;
  /** Complains whatever else it says: anger, repetition, promises that were not kept. */
  grievance: RegExp;
  /** Names what is broken, missing, wrong or late: a complaint where it is said, not where it is asked or supposed. */
  fault: RegExp;
  /** Says that nothing is wrong, or that it was the sender's own doing. */
  sound: RegExp;
  /** Only supposes something: "if …". */
  supposes: RegExp;
  /** Wants something done. */
  requests: RegExp;
  /** Says at its start what to do: imperatives, "need to cancel". */
  orders: RegExp;
  /** Turns whatever it stands beside into a request: "please". */
  please: RegExp;
  /** Looks like a request and is none: "yes please". */
  declines: RegExp;
  /** A yes-or-no question by its word order; requests are looked for before. */
  inverts: RegExp;
}

/** Patterns stand one to a line, or several with ` | ` between them. */
const listOf = (patterns: string): string =>
  patterns
    .split(/\n|\s\|\s/u)
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '')
    .join('|');

/** Matches any of these, as whole words. `[a-z]` is all letters of a plain text, and compiles in no time. */
export const anywhere = (patterns: string): RegExp => new RegExp(`\\b(?:${listOf(patterns)})\\b`);

/** Matches any of these at the start of a clause, as whole words. */
export const atStart = (patterns: string): RegExp => new RegExp(`^(?:${listOf(patterns)})\\b`);

/**
 * Lower case, straight apostrophes, no accents, and a letter that is drawn out only once: "¡Holaaaa!" becomes "¡hola!".
 * So rules find what people type in a hurry, too.
 */
export const plainly = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[’`´]/gu, "'")
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/ß/gu, 'ss')
    .replace(/(\p{L})\1{2,}/gu, '$1');
