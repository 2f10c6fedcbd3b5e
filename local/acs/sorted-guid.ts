import { randomBytes } from 'node:crypto';

let made = 0;

/** A GUID (version 7) that sorts by `time`, and among those of one millisecond by when it was made. */
export function sortedGuid(time: Date): string {
  made = (made + 1) % 0x100_0000;
  const milliseconds = time.getTime().toString(16).padStart(12, '0');
  const count = made.toString(16).padStart(6, '0');
  const chance = randomBytes(6).toString('hex');
  return [
    milliseconds.slice(0, 8),
    milliseconds.slice(8),
    `7${count.slice(0, 3)}`,
    `8${count.slice(3)}`,
    chance,
  ].join('-');
}
