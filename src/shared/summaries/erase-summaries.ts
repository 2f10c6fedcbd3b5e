import type { Eraser } from '../erasers/eraser.ts';
import type { Container } from '../storage/container.ts';
import { removeFolder } from '../storage/remove-folder.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';

/**
 * Removes the summary of a conversation. It is right, too, for one of which only a part went: the next night makes its
 * summary anew.
 */
export function createSummariesEraser(summaries: Container): Eraser {
  return {
    store: 'summaries',
    eraseConversation: (conversation, { signal }) =>
      removeFolder(summaries, `${conversationPath(conversation)}/`, { signal }),
  };
}
