import { isCut, type WordList } from './words.ts';

const base = 0x2c1b3c6d;
const otherBase = 0x297a2d39;
const nobody: Int32Array = new Int32Array(0);

/**
 * Of every word the hash of the so many words that end with it, 0 where there are less since the beginning or since
 * something was erased. It costs the same however many they are.
 */
export function hashRows(
  { count, hashes, flags }: WordList,
  length: number,
  into: Int32Array = nobody,
): Int32Array {
  const rows = into.length < count ? new Int32Array(count) : into;
  let power = 1;
  for (let times = 0; times < length; times += 1) power = Math.imul(power, base);
  let row = 0;
  let since = 0;
  for (let word = 0; word < count; word += 1) {
    if ((flags[word] ?? 0) & isCut) {
      row = 0;
      since = word;
    }
    row = (Math.imul(row, base) + (hashes[word] ?? 0)) | 0;
    const oldest = word - length;
    if (oldest >= since) row = (row - Math.imul(hashes[oldest] ?? 0, power)) | 0;
    rows[word] = oldest + 1 >= since ? row || 1 : 0;
  }
  return rows;
}

const least = 1_024;

/** Of millions of rows of words of one length, whether one is among them: asked millions of times a second. */
export class RowSet {
  readonly length: number;
  size = 0;
  #mask = least - 1;
  #rows = new Int32Array(least);
  #others = new Int32Array(least);
  /** Eight bits for each place: most that are not in the set are not looked up. */
  #filter = new Uint8Array(least);

  constructor(length: number) {
    this.length = length;
  }

  /** The row that ends with a word; `row` is its hash. */
  add(list: WordList, word: number, row: number): void {
    if (this.size * 2 >= this.#rows.length) this.#grow();
    this.#put(row, this.#otherHash(list, word));
  }

  has(list: WordList, word: number, row: number): boolean {
    const bit = Math.imul(row, 0x9e3779b1);
    if (!((this.#filter[(bit >>> 3) & this.#mask] ?? 0) & (1 << (bit & 7)))) return false;
    const other = this.#otherHash(list, word);
    for (let at = placeOf(row) & this.#mask; this.#rows[at] !== 0; at = (at + 1) & this.#mask) {
      if (this.#rows[at] === row && this.#others[at] === other) return true;
    }
    return false;
  }

  /** Of the same words, made in another way: two rows that agree in both are the same words. */
  #otherHash({ hashes }: WordList, word: number): number {
    let other = 0;
    for (let at = word - this.length + 1; at <= word; at += 1) {
      other = Math.imul(other ^ (other >>> 15), otherBase) ^ (hashes[at] ?? 0);
    }
    return other;
  }

  #put(row: number, other: number): void {
    const bit = Math.imul(row, 0x9e3779b1);
    const byte = (bit >>> 3) & this.#mask;
    this.#filter[byte] = (this.#filter[byte] ?? 0) | (1 << (bit & 7));
    let at = placeOf(row) & this.#mask;
    for (; this.#rows[at] !== 0; at = (at + 1) & this.#mask) {
      if (this.#rows[at] === row && this.#others[at] === other) return;
    }
    this.#rows[at] = row;
    this.#others[at] = other;
    this.size += 1;
  }

  #grow(): void {
    const [rows, others] = [this.#rows, this.#others];
    const length = rows.length * 2;
    this.#rows = new Int32Array(length);
    this.#others = new Int32Array(length);
    this.#filter = new Uint8Array(length);
    this.#mask = length - 1;
    this.size = 0;
    for (const [at, row] of rows.entries()) if (row !== 0) this.#put(row, others[at] ?? 0);
  }
}

function placeOf(row: number): number {
  const mixed = Math.imul(row, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
