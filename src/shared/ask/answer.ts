import * as z from 'zod';
import { task } from './piece.ts';
import { question } from './question.ts';

/** A message that an answer rests on. */
export const cite = z.object({
  channel: z.string(),
  conversation: z.string(),
  messageId: z.string(),
  at: z.string(),
});
export type Cite = z.infer<typeof cite>;

/**
 * Why something is not in an answer. `too_many`: more conversations than one answer looks at; `budget`: the tokens of the
 * request were spent; `not_visible`: conversations of which whoever asks may see only a part; `failed`: the model failed on
 * them; `off_topic`: they are about something else; `brief`: of them only the headlines are told; `overview`: the model could not
 * write all of what comes before the conversations.
 */
export const leftOutReason = z.enum([
  'too_many',
  'budget',
  'not_visible',
  'failed',
  'off_topic',
  'brief',
  'overview',
]);
export type LeftOutReason = z.infer<typeof leftOutReason>;

const leftOut = z.object({ reason: leftOutReason, count: z.int() });
export type LeftOut = z.infer<typeof leftOut>;

/** Somebody whom a name in a request may mean. */
export const choice = z.object({
  /** The name, as it was typed. */
  asked: z.string(),
  person: z.string(),
  name: z.string(),
  channels: z.array(z.string()),
  lastAt: z.string().optional(),
});
export type Choice = z.infer<typeof choice>;

/** With the places of its messages in `cites`, counted from 1. */
const sentence = z.object({ text: z.string(), cites: z.array(z.int()) });
export type Sentence = z.infer<typeof sentence>;

const toldConversation = z.object({
  channel: z.string(),
  id: z.string(),
  headline: z.string(),
  /** First and last message that the answer is about. */
  from: z.string(),
  to: z.string(),
  messages: z.int(),
  sentences: z.array(sentence),
  openQuestions: z.array(z.object({ text: z.string(), by: z.string(), cite: z.int() })),
  actionItems: z.array(task.extend({ cite: z.int() })),
});
export type ToldConversation = z.infer<typeof toldConversation>;

/** What a request comes to. */
export const output = z.object({
  status: z.enum(['answered', 'choose', 'nothing']),
  /** The answer as plain text; `[1]` is the first of `cites`. */
  text: z.string(),
  cites: z.array(cite),
  /** What all of it comes to, where a language model wrote that. */
  overview: z.array(sentence),
  /** In the order of the answer: by channel, the newest first. */
  conversations: z.array(toldConversation),
  leftOut: z.array(leftOut),
  /** Whom to choose from, where a name means several. */
  choices: z.array(choice),
  /** How the request was understood. */
  understood: question,
  markdown: z.string(),
});
export type Output = z.infer<typeof output>;
