import type { Access } from './access.ts';
import type { Caller } from './caller.ts';
import { readFor } from './read-for.ts';

type Dependencies = Parameters<typeof readFor>[1] & { access: Access };

/** Whether a caller may have an attachment, by the name of its blob: operators any, a person those of messages that they see. */
export function seesMedia(caller: Caller, dependencies: Dependencies): (blob: string) => Promise<boolean> {
  return async function isSeen(blob) {
    if (caller.kind === 'operator') return true;
    const path = blob.slice(0, blob.lastIndexOf('/'));
    const key = await dependencies.access.conversationAt(caller, path);
    const transcript = key && (await readFor(caller, dependencies)(key));
    const messages = transcript?.conversation.messages ?? [];
    return messages.some(({ attachments = [] }) =>
      attachments.some((attachment) => attachment.blob === blob),
    );
  };
}
