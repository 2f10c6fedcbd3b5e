import * as z from 'zod';

const said = z.object({ text: z.string(), cites: z.array(z.string()) });

/** An action item, with the name of its owner. */
export const task = z.object({
  text: z.string(),
  owner: z.string().optional(),
  due: z.string().optional(),
  status: z.enum(['open', 'done', 'dropped']),
});

/** What an answer may tell of one conversation: as much of it as whoever asks may see, in the time that they ask about. */
export const piece = z.object({
  channel: z.string(),
  id: z.string(),
  headline: z.string(),
  topic: z.string().optional(),
  from: z.string(),
  to: z.string(),
  /** How many messages it is made from. */
  count: z.int(),
  people: z.array(z.string()),
  /** How whoever "me" means is called in it, where they have a name. */
  me: z.string().optional(),
  /** Sentences of its summary. */
  sentences: z.array(said),
  openQuestions: z.array(z.object({ text: z.string(), by: z.string(), messageId: z.string() })),
  actionItems: z.array(task.extend({ messageId: z.string() })),
  /** The messages that it cites, and those that are about the topic of the question with their neighbours. */
  messages: z.array(
    z.object({ id: z.string(), at: z.string(), name: z.string(), text: z.string(), isOnTopic: z.boolean() }),
  ),
});
export type Piece = z.infer<typeof piece>;
