import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const folder = fileURLToPath(new URL('conversations', import.meta.url));

const at = z.iso.datetime();
/** The id of one of the file's participants. */
const participantId = z.string();
const hasOneBody = (value: { text?: string; html?: string }) =>
  (value.text === undefined) !== (value.html === undefined);
const oneBody = { error: 'needs either text or html' };
const body = { text: z.string().optional(), html: z.string().optional() };

const edit = z.strictObject({ at, ...body }).refine(hasOneBody, oneBody);
const message = z
  .strictObject({
    at,
    from: participantId,
    ...body,
    edits: z.array(edit).default([]),
    deletedAt: at.optional(),
  })
  .refine(hasOneBody, oneBody);

const change = z.union([
  z.strictObject({ at, by: participantId, topic: z.string() }),
  z.strictObject({ at, by: participantId, added: participantId }),
  z.strictObject({ at, by: participantId, removed: participantId }),
]);

const conversation = z.strictObject({
  topic: z.string(),
  participants: z.array(z.strictObject({ id: participantId, name: z.string() })),
  changes: z.array(change).default([]),
  messages: z.tuple([message], message),
});

/** A conversation of `examples/conversations`; `name` is that of its file. */
export type ExampleConversation = z.infer<typeof conversation> & { name: string };

/** All sample conversations by name. A file that is not as it should be fails with its name and what is wrong. */
export async function readExampleConversations(): Promise<ExampleConversation[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
  return Promise.all(files.map(readExampleConversation));
}

async function readExampleConversation(file: string): Promise<ExampleConversation> {
  const result = conversation.safeParse(JSON.parse(await readFile(join(folder, file), 'utf8')));
  if (!result.success) throw new Error(`examples/conversations/${file}: ${z.prettifyError(result.error)}`);
  return { name: basename(file, '.json'), ...result.data };
}
