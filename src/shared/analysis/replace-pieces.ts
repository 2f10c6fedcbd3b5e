/** Code, links, mail addresses and runs without a space: what no sentence or word rule should look into. */
export const nonProse =
  /```.*?```|`[^`]+`|(?:https?:\/\/|www\.)\S*[\p{L}\p{N}/=#&_-]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|[^\s\p{Lo}]{40,}/gsu;

/** A text with pieces replaced, which still knows where each position stood in the original. */
export interface ReplacedText {
  text: string;
  /** Position in the original of a position in `text`; inside a replaced piece, that piece's start or end. */
  originOf(position: number, side: 'start' | 'end'): number;
}

/** Replaces what `pattern` (global) finds, so that a reader sees plain words while quotes keep the original. */
export function replacePieces(
  original: string,
  pattern: RegExp,
  replacement: (piece: string) => string,
): ReplacedText {
  const pieces: { from: number; to: number; originFrom: number; originTo: number }[] = [];
  let text = '';
  let read = 0;
  for (const match of original.matchAll(pattern)) {
    text += original.slice(read, match.index);
    const from = text.length;
    read = match.index + match[0].length;
    text += replacement(match[0]);
    pieces.push({ from, to: text.length, originFrom: match.index, originTo: read });
  }
  text += original.slice(read);
  return {
    text,
    originOf(position, side) {
      let shift = 0;
      for (const piece of pieces) {
        if (position <= piece.from) break;
        if (position < piece.to) return side === 'start' ? piece.originFrom : piece.originTo;
        shift = piece.originTo - piece.to;
      }
      return position + shift;
    },
  };
}
