import type { ContentEntry } from '../../transcripts/entry.ts';
import type { ReceivedPayload } from './payloads.ts';

type Content = Pick<ContentEntry, 'text' | 'attachments' | 'metadata' | 'replyTo' | 'original'>;

/** The kinds of message that ACS documents; of any other the payload is kept, too. */
const documented = new Set([
  'text',
  'image',
  'document',
  'audio',
  'video',
  'sticker',
  'interactive',
  'button',
]);

/** What a message says: as text what a person reads, or the line `[image]` where there is nothing to read. */
export function readContent(payload: ReceivedPayload, original: unknown): Content {
  const { content, media, context, button, interactive } = payload;
  const type = typeOf(payload);
  const choice = interactive?.buttonReply ?? interactive?.listReply;
  const text = content ?? media?.caption ?? choice?.title ?? button?.text;
  const metadata = {
    ...(choice?.id ? { replyId: choice.id } : {}),
    ...(choice?.description ? { replyDescription: choice.description } : {}),
    ...(button?.payload ? { replyPayload: button.payload } : {}),
  };
  const isUnderstood = documented.has(type) && (text !== undefined || media !== undefined);
  return {
    text: text ?? `[${type}]`,
    ...(media ? { attachments: [attachmentOf(media)] } : {}),
    ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
    ...(context?.id ? { replyTo: context.id } : {}),
    ...(isUnderstood ? {} : { original }),
  };
}

/** `unsupported` is WhatsApp's own word for what it does not pass on; then an `error` says why. */
function typeOf({ messageType, content, media, button, interactive }: ReceivedPayload): string {
  if (messageType) return /^\w{1,40}$/.test(messageType) ? messageType.toLowerCase() : 'unsupported';
  if (content !== undefined) return 'text';
  if (media) return 'document';
  if (interactive) return 'interactive';
  return button ? 'button' : 'unsupported';
}

function attachmentOf({ id, mimeType, fileName }: NonNullable<ReceivedPayload['media']>) {
  return { id, type: mimeType ?? 'application/octet-stream', ...(fileName ? { name: fileName } : {}) };
}
