import { hash } from 'node:crypto';

/** Which lines there are, told by 64 bits of a hash, in 16 to 32 bytes each. */
export interface LineSet {
  readonly size: number;
  has(line: string | Buffer): boolean;
  /** False where it was there. */
  add(line: string | Buffer): boolean;
}

const leastPlaces = 64;

/** Opens an empty set: a table of pairs of numbers, of which at most half are taken. Two zeros are a free place. */
export function createLineSet(): LineSet {
  let table = new Uint32Array(2 * leastPlaces);
  let size = 0;

  const grow = (): void => {
    const old = table;
    table = new Uint32Array(2 * old.length);
    for (let at = 0; at < old.length; at += 2) {
      const [high = 0, low = 0] = old.subarray(at, at + 2);
      if (high !== 0 || low !== 0) table.set([high, low], placeOf(table, high, low));
    }
  };

  return {
    get size() {
      return size;
    },
    has(line) {
      const [high, low] = nameLine(line);
      return !isFree(table, placeOf(table, high, low));
    },
    add(line) {
      const [high, low] = nameLine(line);
      const place = placeOf(table, high, low);
      if (!isFree(table, place)) return false;
      table.set([high, low], place);
      size += 1;
      if (4 * size > table.length) grow();
      return true;
    },
  };
}

/** Where a pair is, or the free place where it would be. */
function placeOf(table: Uint32Array, high: number, low: number): number {
  const places = table.length / 2;
  let place = low % places;
  while (!isFree(table, 2 * place) && !(table[2 * place] === high && table[2 * place + 1] === low)) {
    place = (place + 1) % places;
  }
  return 2 * place;
}

function isFree(table: Uint32Array, place: number): boolean {
  return table[place] === 0 && table[place + 1] === 0;
}

function nameLine(line: string | Buffer): [high: number, low: number] {
  const bytes = hash('sha256', line, 'buffer');
  // Never the mark of a free place.
  return [bytes.readUInt32LE(0) || 1, bytes.readUInt32LE(4)];
}
