import { isAscii, isUtf8 } from 'node:buffer';

/** Labels that mailers write for any text, and whose characters a text in UTF-8 is made of by accident only. */
const western =
  /^(?:us-ascii|ascii|ansi_x3\.4-1968|iso[-_]?8859-?15?|latin-?1|l1|windows-1252|cp-?1252|unknown-8bit|x-unknown|8bit)$/i;

/**
 * The charset that a text is really in, where it is surely another than the one declared: UTF-8 that is declared as
 * Western, and Western text that is declared as UTF-8 or, which means the same, not at all. Else undefined.
 */
export function detectCharset(content: Buffer, declared: string | undefined): string | undefined {
  const isCalledUtf8 = declared === undefined || /^utf-?8$/i.test(declared);
  if (!isCalledUtf8 && !western.test(declared)) return undefined;
  if (isAscii(content)) return undefined;
  if (isMostlyUtf8(content)) return isCalledUtf8 ? undefined : 'utf-8';
  return isCalledUtf8 ? 'windows-1252' : undefined;
}

/** A character cut off or damaged makes no other charset. */
function isMostlyUtf8(bytes: Buffer): boolean {
  if (isUtf8(bytes)) return true;
  const text = bytes.toString('utf8');
  const damaged = text.match(/\ufffd/g)?.length ?? 0;
  const sound = text.match(/[^\0-\x7f\ufffd]/gu)?.length ?? 0;
  return sound >= damaged;
}
