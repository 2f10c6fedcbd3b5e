import type { Eraser } from '../erasers/eraser.ts';
import type { Container } from '../storage/container.ts';
import { removeFolder } from '../storage/remove-folder.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';

/**
 * Removes every attachment of a conversation, and what of others was uploaded in part. Of a conversation of which a part
 * stays, whoever erases that part forgets its attachments one by one.
 */
export function createMediaEraser(media: Container): Eraser {
  return {
    store: 'media',
    eraseConversation: (conversation, { signal }) =>
      removeFolder(media, `${conversationPath(conversation)}/`, { signal }),
  };
}
