/** Two ends of a conversation, as `toPhoneNumber` writes them. */
export interface SmsEnds {
  /** Our number, short code or alphanumeric sender. */
  ours: string;
  theirs: string;
}

/** The id of the conversation between two numbers, such as `+18005550100:+15551230001`. */
export function smsConversation({ ours, theirs }: SmsEnds): string {
  return `${ours}:${theirs}`;
}

/** The two ends of a conversation's id; undefined for any other text. */
export function parseSmsConversation(id: string): SmsEnds | undefined {
  const [ours, theirs, ...more] = id.split(':');
  return ours && theirs && more.length === 0 ? { ours, theirs } : undefined;
}
