import { cutText, foldText } from '../../analysis/fold-text.ts';
import type { Conversation } from '../../transcripts/conversation.ts';
import { nameOf } from '../../transcripts/render.ts';

const nameLength = 60;

/** How each participant id is called in a summary: by its latest name, else by its number, address or the end of its id. */
export function nameParticipants({ participants, messages }: Conversation): Map<string, string> {
  const names = new Map<string, string>();
  for (const { id, name } of [...messages.map(({ sender }) => sender), ...participants]) {
    const folded = cutText(foldText(name ?? ''), nameLength);
    if (folded !== '') names.set(id, folded);
    else if (!names.has(id)) names.set(id, '');
  }
  for (const [id, name] of names) {
    if (name === '') names.set(id, cutText(nameOf({ id: foldText(id) }), nameLength));
  }
  return names;
}
