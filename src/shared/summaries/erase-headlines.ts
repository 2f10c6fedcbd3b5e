import type { TraceFinder } from '../erasers/find-traces.ts';
import { conversationPath, parseConversationPath } from '../transcripts/conversation-path.ts';

/** Stands where a headline or a reason was. */
export const erased = '(erased)';

/** Whether nothing of a conversation is to stay, its id included. By its path. */
export function isGone(path: string, finder: TraceFinder): boolean {
  const id = parseConversationPath(path)?.id;
  return finder.isWhole(path) || (id !== undefined && finder.isTraced(id));
}

interface Item {
  channel: string;
  id: string;
  headline?: string;
  reason?: string;
}

/**
 * What stays of the items of a list: those of conversations that are gone go, and of the others what may tell of what was
 * erased. The same list where nothing changes.
 */
export function eraseHeadlines<Listed extends Item>(items: Listed[], finder: TraceFinder): Listed[] {
  const left = items.flatMap((item) => {
    const path = conversationPath(item);
    if (isGone(path, finder) || finder.isTraced(item.id)) return [];
    const isTold = finder.isTouched(path);
    const { headline, reason } = item;
    const isHidden = headline !== undefined && headline !== erased && (isTold || finder.isTraced(headline));
    const isSilenced = reason !== undefined && reason !== erased && finder.isTraced(reason);
    if (!isHidden && !isSilenced) return [item];
    return [
      { ...item, ...(isHidden ? { headline: erased } : {}), ...(isSilenced ? { reason: erased } : {}) },
    ];
  });
  const isSame = left.length === items.length && left.every((item, place) => item === items[place]);
  return isSame ? items : left;
}
