import * as z from 'zod';

/** Channels that a request can name. */
export const askChannels = ['chat', 'sms', 'email', 'whatsapp'] as const;

/**
 * What somebody wants to know, as a filter and nothing else: the words that they typed, never whom they mean by them.
 */
export const question = z.object({
  /** Whether they speak of themselves. */
  isAboutMe: z.boolean(),
  /** Names, numbers and addresses of others, as they were typed. */
  people: z.array(z.string()),
  /** Empty: all. */
  channels: z.array(z.enum(askChannels)),
  /** The first and the last moment, ISO 8601 UTC. */
  since: z.string().optional(),
  until: z.string().optional(),
  topic: z.string().optional(),
});

export type Question = z.infer<typeof question>;
