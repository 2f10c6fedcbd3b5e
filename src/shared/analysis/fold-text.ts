// Format characters nobody sees: soft hyphen, zero-width space, direction marks and overrides, byte order mark. The
// joiners U+200C and U+200D stay, because Persian words and many emoji are spelled with them.
const invisible =
  /[\u00AD\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]|\p{Cs}/gu;
const space = /[\s\p{Cc}]+/gu;

/** One line of what a person sees: white space and control characters become one space, invisible characters go. */
export const foldText = (text: string): string => text.replace(invisible, '').replace(space, ' ').trim();

/** Shortens to at most `limit` UTF-16 units, between words where it can, and marks the cut with `…`. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = text.slice(0, limit - 1);
  const lastSpace = head.lastIndexOf(' ');
  const kept = lastSpace > limit / 2 ? head.slice(0, lastSpace) : head;
  return `${foldText(kept.replace(/[\s,;:–—-]+$/u, ''))}…`;
}
