/** Zones that mailers still write and no parser knows, and what is wrong with the rest of them. */
const zones: Readonly<Record<string, string>> = {
  BST: '+0100',
  CEST: '+0200',
  CET: '+0100',
  EEST: '+0300',
  EET: '+0200',
  IST: '+0530',
  JST: '+0900',
  MESZ: '+0200',
  MEZ: '+0100',
  MSK: '+0300',
  WEST: '+0100',
  WET: '+0000',
};

/** The time of a Date header (RFC 5322, section 3.3), its old forms included; undefined where it cannot be read. */
export function parseMailDate(value: string): Date | undefined {
  const text = value
    .slice(0, 200)
    .replaceAll(/\([^()]*\)/g, ' ')
    .replace(/\b([A-Z]{2,5})\s*$/, (zone) => zones[zone.trim()] ?? zone)
    .trim();
  if (!/\d{1,2}[ -][A-Z]{3}|\d{4}-\d\d-\d\d/i.test(text)) return undefined;
  // Without a zone it would be read as the time of this machine's place.
  const hasZone = /(?:[+-]\d{2}:?\d{2}|\b[A-Z]{1,5})$/i.test(text) && /\d:\d/.test(text);
  const time = Date.parse(hasZone ? text : `${text} +0000`);
  return Number.isNaN(time) ? undefined : new Date(time);
}
