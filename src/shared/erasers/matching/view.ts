/** A text as somebody reads it who undoes one way to write it down, and where in the original each part of it stands. */
export interface View {
  readonly text: string;
  /** The part of the original that the units from `start` to before `end` were read from. */
  origin(start: number, end: number): [start: number, end: number];
}

/** The text itself. */
export function plainView(text: string): View {
  return { text, origin: (start, end) => [start, end] };
}

/** A text that was read from one part of another as a whole, such as a block of Base64. */
export function blockView(source: View, [start, end]: [number, number], text: string): View {
  return { text, origin: () => source.origin(start, end) };
}

/**
 * The view in which every place of a pattern is exchanged for what `decode` makes of it; undefined where that changes
 * nothing. The pattern is global; `decode` returns undefined for what stays.
 */
export function rewrite(
  source: View,
  pattern: RegExp,
  decode: (match: RegExpExecArray) => string | undefined,
): View | undefined {
  const builder = openBuilder(source);
  pattern.lastIndex = 0;
  for (let match = pattern.exec(source.text); match; match = pattern.exec(source.text)) {
    const decoded = decode(match);
    if (decoded !== undefined) builder.replace(match.index, match.index + match[0].length, decoded);
  }
  return builder.view();
}

export interface ViewBuilder {
  /** Places come in their order. */
  replace(start: number, end: number, text: string): void;
  /** Undefined where nothing was replaced. */
  view(): View | undefined;
}

export function openBuilder(source: View): ViewBuilder {
  const parts: string[] = [];
  /** Of each part: where it begins in the view, where it stands in the source, and whether it was copied. */
  const at: number[] = [];
  const from: number[] = [];
  const until: number[] = [];
  const isCopy: boolean[] = [];
  let length = 0;
  let done = 0;

  const add = (text: string, start: number, end: number, copied: boolean): void => {
    if (text === '') return;
    parts.push(text);
    at.push(length);
    from.push(start);
    until.push(end);
    isCopy.push(copied);
    length += text.length;
  };
  const copyUntil = (end: number): void => {
    add(source.text.slice(done, end), done, end, true);
    done = end;
  };
  const partAt = (place: number): number => {
    let low = 0;
    let high = at.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((at[middle] ?? 0) <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const toSource = (place: number, isEnd: boolean): number => {
    const part = partAt(isEnd ? place - 1 : place);
    if (isCopy[part]) return (from[part] ?? 0) + place - (at[part] ?? 0);
    return (isEnd ? until : from)[part] ?? 0;
  };

  return {
    replace(start, end, text) {
      copyUntil(start);
      add(text, start, end, false);
      done = end;
    },
    view() {
      if (done === 0 && parts.length === 0) return undefined;
      copyUntil(source.text.length);
      return {
        text: parts.join(''),
        origin: (start, end) => source.origin(toSource(start, false), toSource(end, true)),
      };
    },
  };
}
