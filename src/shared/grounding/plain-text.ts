import { cutText, foldText } from '../analysis/fold-text.ts';

/** Joiners that nothing is spelled with here, and characters that only programs see. */
const unseen =
  /(?<![\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}])[\u200c\u200d]|(?<=[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Han}\p{N}])[\u200c\u200d]|\u034f|[\u{e0000}-\u{e0fff}\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufffc]/gu;
const links =
  /(?:\b[a-z][a-z0-9+.-]{1,15}:\/\/|\bwww\.|\b(?:mailto|javascript|vbscript|data|file|tel):(?=\S)|(?<![\w:/])\/\/(?=[\w-]))[^\s<>"“”`|\\^{}[\]]{1,2000}/giu;
/** In this order: what a link or an image shows stays, where it leads goes. */
const markup: readonly [pattern: RegExp, kept: string][] = [
  [/<!--[^>]{0,2000}(?:-->|$)/g, ''],
  [/<\/?[a-z][^<>]{0,2000}>/gi, ' '],
  [/<[!?][^<>]{0,2000}>/g, ' '],
  [/!?\[([^[\]]{0,500})\]\([^()\n]{0,2000}\)/g, '$1'],
  [/!?\[([^[\]]{1,500})\]\[[^[\]]{0,200}\]/g, '$1'],
  [/\]\(/g, ' '],
  [/^\s{0,3}(?:#{1,6}|[-*+>]|\d{1,3}[.)])\s/gm, ''],
  [/\*{2,3}|_{2,}|~~|`+/g, ''],
  [/<(?=[a-z/!?])/gi, ''],
];
/** Markup within markup. */
const mostTries = 5;
const mostRead = 20_000;

/**
 * Text of a model as one plain line: no markup, no sign that nobody sees, no links but those that `hasLink` knows; cut to
 * `limit` UTF-16 units. The words stay.
 */
export function plainText(
  text: string,
  { hasLink = () => false, limit = 1_000 }: { hasLink?: (link: string) => boolean; limit?: number } = {},
): string {
  let plain = foldLines(text.slice(0, mostRead));
  for (let tries = 0; tries < mostTries; tries += 1) {
    const next = withoutMarkup(plain, hasLink);
    if (next === plain) break;
    plain = next;
  }
  return cutText(foldText(plain), limit);
}

function withoutMarkup(text: string, hasLink: (link: string) => boolean): string {
  const bare = markup.reduce((rest, [pattern, kept]) => rest.replace(pattern, kept), text);
  return bare.replace(links, (link) => {
    const address = link.replace(/[.,;:!?)\]}…*_']+$/u, '');
    return hasLink(address) ? link : link.slice(address.length);
  });
}

const foldLines = (text: string): string => text.split(/\r?\n/).map(foldText).join('\n').replace(unseen, '');
