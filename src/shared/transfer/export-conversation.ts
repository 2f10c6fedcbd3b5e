import { Readable } from 'node:stream';
import { parseJson } from '../json.ts';
import { escapeMarkdown } from '../markdown.ts';
import type { Container } from '../storage/container.ts';
import type { Conversation } from '../transcripts/conversation.ts';
import { type Attachment, type ConversationKey, transcriptEntry } from '../transcripts/entry.ts';
import { createFold } from '../transcripts/fold.ts';
import { readTranscriptLines } from '../transcripts/read-lines.ts';
import { renderMarkdown } from '../transcripts/render.ts';
import { copyMedia } from './copy-media.ts';
import { exportFolder, mediaFile, transcriptFile } from './export-names.ts';
import { type ExportCounts, noCounts } from './export-state.ts';

export interface ExportBlobs {
  transcripts: Container;
  media: Container;
  exports: Container;
}

/** A conversation as a listing shows it. */
export interface ToExport {
  path: string;
  key: ConversationKey;
  /** Names from a listing just made. */
  segments?: readonly string[];
}

export interface Exported {
  conversation: Conversation;
  counts: ExportCounts;
}

const bufferBytes = 4 * 1024 ** 2;
const lineStart = Buffer.from('{');

/**
 * Writes one conversation into an export: every line of its transcript, the messages as they stand in Markdown, and its
 * media. The lines stream; memory grows with the messages. Done again, it writes the same files; media that are there are
 * not copied again.
 */
export async function exportConversation(
  id: string,
  { path, key, segments }: ToExport,
  { transcripts, media, exports }: ExportBlobs,
  { signal }: { signal: AbortSignal },
): Promise<Exported> {
  const folder = exportFolder(id, path);
  const fold = createFold(key);
  const attachments = new Map<string, Attachment>();
  const counts = { ...noCounts, conversations: 1 };

  /** The lines as they are, each with the channel, which only the name of its blob told. */
  async function* lines(): AsyncGenerator<Buffer> {
    const start = Buffer.from(`{"channel":${JSON.stringify(key.channel)},`);
    for await (const line of readTranscriptLines(transcripts, path, { segments, signal })) {
      const entry = transcriptEntry.safeParse(parseJson(line.toString('utf8'))).data;
      if (entry) fold.add(entry);
      if (entry && 'attachments' in entry) for (const one of entry.attachments ?? []) note(one);
      if (entry?.kind === 'attachment') note(entry.attachment);
      if (!line.subarray(0, 1).equals(lineStart)) {
        counts.unreadableLines += 1;
        continue;
      }
      counts.entries += 1;
      const whole = Buffer.concat([start, line.subarray(1), Buffer.from('\n')]);
      counts.bytes += whole.length;
      yield whole;
    }
  }

  const note = (attachment: Attachment): void => {
    if (attachment.blob !== undefined) attachments.set(attachment.blob, attachment);
  };

  const file = exports.client.getBlockBlobClient(`${folder}/${transcriptFile}`);
  await file.uploadStream(Readable.from(lines()), bufferBytes, 2, {
    blobHTTPHeaders: { blobContentType: 'application/x-ndjson' },
    abortSignal: signal,
  });
  for (const { blob = '' } of attachments.values()) {
    const name = mediaFile(path, blob);
    const size = name ? await copyMedia(media, blob, exports, `${folder}/${name}`, { signal }) : undefined;
    counts.media += size === undefined ? 0 : 1;
    counts.missingMedia += size === undefined ? 1 : 0;
    counts.bytes += size ?? 0;
  }
  const conversation = fold.result();
  counts.messages = conversation.messages.length;
  const markdown = `${renderMarkdown(conversation)}${listMedia(path, [...attachments.values()])}`;
  await exports.write(`${folder}/transcript.md`, markdown, {
    contentType: 'text/markdown; charset=utf-8',
    signal,
  });
  return { conversation, counts };
}

/** Tells a person which file is which attachment. */
function listMedia(path: string, attachments: readonly Attachment[]): string {
  const lines = attachments.flatMap(({ blob = '', name, type }) => {
    const file = mediaFile(path, blob);
    return file ? [`- ${escapeMarkdown(name ?? type)}: \`${file}\``] : [];
  });
  return lines.length > 0 ? `\n## Attachments\n\n${lines.join('\n')}\n` : '';
}
