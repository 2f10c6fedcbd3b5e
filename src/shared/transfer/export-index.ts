import { escapeMarkdown } from '../markdown.ts';
import type { Container } from '../storage/container.ts';
import type { Conversation } from '../transcripts/conversation.ts';
import { nameOf } from '../transcripts/render.ts';
import type { ExportScope } from './export-state.ts';

/** Where a person finds a conversation: `index.md`, a line for each, written batch by batch. */
export function openExportIndex(exports: Container, id: string) {
  const index = exports.client.getBlockBlobClient(`${id}/index.md`);
  return {
    /** The same batch, written again, takes the place of what it was. */
    async stage(batch: number, lines: readonly string[]): Promise<void> {
      const body = Buffer.from(`${lines.join('\n')}\n`, 'utf8');
      await index.stageBlock(blockId(batch), body, body.length, { abortSignal: exports.limit() });
    },
    /** Only now is it there. */
    async commit(batches: number): Promise<void> {
      const blocks = Array.from({ length: batches }, (_, batch) => blockId(batch));
      await index.commitBlockList(blocks, {
        blobHTTPHeaders: { blobContentType: 'text/markdown; charset=utf-8' },
        abortSignal: exports.limit(),
      });
    },
  };
}

/** What stands in the index of an export that found nothing. */
export function emptyIndexLine(scope: ExportScope): string {
  if ('with' in scope) return `No conversation with ${escapeMarkdown(scope.with)} was found.`;
  if ('channel' in scope) return `No conversation of the channel ${scope.channel} was found.`;
  return 'No conversation was found.';
}

/** `path` is that of `conversationPath`. */
export function indexLine(
  path: string,
  { channel, id, topic, participants, messages }: Conversation,
): string {
  const title = escapeMarkdown(topic?.trim() || `${channel} ${id}`);
  const names = participants.map((person) => escapeMarkdown(nameOf(person))).join(', ') || 'nobody';
  const first = messages[0]?.at.slice(0, 10);
  const period = first === undefined ? '' : `, ${first} to ${messages.at(-1)?.at.slice(0, 10)}`;
  const count = `${messages.length} ${messages.length === 1 ? 'message' : 'messages'}`;
  return `- [${title}](${path}/transcript.md): ${names}, ${count}${period}`;
}

function blockId(batch: number): string {
  return Buffer.from(String(batch).padStart(8, '0')).toString('base64');
}
