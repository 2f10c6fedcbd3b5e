import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { ParleyError } from '../errors.ts';
import { readConversationKey } from '../transcripts/conversation-address.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import type { MediaOrder } from './order.ts';
import type { MediaStore } from './store.ts';

/**
 * `GET /api/media/{blob}`: an attachment as a file to be saved, never as something that a browser shows. One that `isSeen`
 * says no to is not there.
 */
export function serveMedia(media: Pick<MediaStore, 'read'>, isSeen: (blob: string) => Promise<boolean>) {
  return async function mediaFile(request: HttpRequest): Promise<HttpResponseInit> {
    const blob = new URL(request.url).pathname.split('/').slice(-3).join('/');
    const isBlob = /^[a-z]{1,20}\/[\w~-]{1,200}\/[0-9a-f]{64}$/.test(blob);
    const kept = isBlob && (await isSeen(blob)) ? await media.read(blob) : undefined;
    if (!kept) {
      throw new ParleyError(
        'not_found',
        'There is no such attachment. The address is /api/media/ and the "blob" that a message shows.',
      );
    }
    return {
      headers: {
        'content-type': kept.type,
        'content-disposition': disposition(kept.name ?? 'attachment'),
        'content-security-policy': "default-src 'none'; sandbox",
        'x-content-type-options': 'nosniff',
        'cache-control': 'private, no-store',
      },
      body: kept.content,
    };
  };
}

/** `POST /api/media/{channel}/{id}`: orders every attachment of a conversation that is not kept, whatever hindered it. */
export function orderMissingMedia(
  transcripts: Pick<TranscriptStore, 'read'>,
  order: (orders: MediaOrder[]) => void,
) {
  return async function missingMedia(request: HttpRequest): Promise<HttpResponseInit> {
    const key = readConversationKey(request);
    const transcript = await transcripts.read(conversationPath(key));
    if (!transcript) {
      throw new ParleyError(
        'not_found',
        'There is no such conversation. GET /api/conversations lists those there are.',
      );
    }
    const orders = transcript.conversation.messages.flatMap(({ id: messageId, at, attachments = [] }) =>
      attachments
        .filter(({ blob }) => blob === undefined)
        .map(({ id, type, name }) => ({ ...key, messageId, at, attachment: { id, type, name } })),
    );
    if (orders.length > 0) order(orders);
    return { status: 202, jsonBody: { ordered: orders.length } };
  };
}

/** RFC 6266: the name in full, and for old readers without what could mean something else. */
function disposition(name: string): string {
  const plain = name.replaceAll(/[^\w. -]/g, '_');
  const encoded = encodeURIComponent(name.replaceAll(/[\p{Cc}\p{Bidi_Control}/\\]/gu, '_')).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
