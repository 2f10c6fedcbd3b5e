/** GSM 03.38: one septet each. */
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** Its extension table: an escape and a septet each. */
const extended = new Set('\f^{}\\[~]|€');

export interface Segments {
  encoding: 'GSM-7' | 'UCS-2';
  count: number;
}

/**
 * Into how many SMS a text is divided. In GSM-7 one holds 160 septets, each of several 153; a single character outside of
 * it makes all of it UCS-2, 70 UTF-16 units in one and 67 in each of several. What takes two places is not divided.
 */
export function countSegments(text: string): Segments {
  const characters = [...text];
  const isGsm = characters.every((character) => basic.has(character) || extended.has(character));
  const sizes = characters.map((character) => (isGsm ? (extended.has(character) ? 2 : 1) : character.length));
  const encoding = isGsm ? 'GSM-7' : 'UCS-2';
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total <= (isGsm ? 160 : 70)) return { encoding, count: 1 };
  const most = isGsm ? 153 : 67;
  let count = 1;
  let filled = 0;
  for (const size of sizes) {
    if (filled + size > most) {
      count += 1;
      filled = 0;
    }
    filled += size;
  }
  return { encoding, count };
}
