/** What tells that a text is of somebody, or about them. JSON, so that it can be written down while an erasure runs. */
export interface Traces {
  /** `8:acs:…`, `4:+15551230001`, `mailto:joe@example.com`, … */
  identities: string[];
  /** Display names, as they were seen. */
  names: string[];
  /** What they wrote, message by message. */
  texts: string[];
}

/** Finds the traces of one person in text that is not theirs. */
export interface Matcher {
  /**
   * Whether a text, of any length and kind (JSON, a mail, HTML), has their identity, number, address, full name, or words
   * that nobody else would write. With `isTheirs` it is of a conversation that they took part in, where a first name and
   * shorter quotes count, too.
   */
  isIn(text: string, options?: { isTheirs?: boolean }): boolean;
  /** The text with every such place exchanged for `[erased]`; the same string where there is none. */
  redact(text: string, options?: { isTheirs?: boolean }): string;
}
