import { rewrite, type View } from './view.ts';

/** Tags, comments and character references. A mail address in angle brackets is no tag. */
const markup =
  /<\/?([a-z][a-z0-9:-]{0,30})(?:[\s/][^<>]{0,5000})?>|<[!?][^<>]{0,5000}>|&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z][a-z0-9]{1,9}));?/gi;

/** Those between which nobody sees a space. */
const inline = new Set(
  'a abbr b big code del em font i ins mark q s small span strike strong sub sup tt u wbr'.split(' '),
);

/** In their order from U+00A0 on. */
const latin =
  `nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para
  middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute
  Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute
  THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde
  ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml`.split(/\s+/);

const names = new Map<string, string>([
  ...latin.map((name, place): [string, string] => [name, String.fromCharCode(0xa0 + place)]),
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['commat', '@'],
  ['plus', '+'],
  ['OElig', 'Œ'],
  ['oelig', 'œ'],
  ['Scaron', 'Š'],
  ['scaron', 'š'],
  ['Yuml', 'Ÿ'],
  ['zwnj', '\u200c'],
  ['zwj', '\u200d'],
  ['lsquo', '‘'],
  ['rsquo', '’'],
  ['ldquo', '“'],
  ['rdquo', '”'],
  ['ensp', '\u2002'],
  ['emsp', '\u2003'],
  ['thinsp', '\u2009'],
]);

/** HTML as its reader sees it: no tags, every character as itself. Undefined where there is none. */
export function readHtml(source: View): View | undefined {
  if (!/[<&]/.test(source.text)) return undefined;
  return rewrite(source, markup, ([whole, tag, hexadecimal, decimal, name]) => {
    if (tag !== undefined) return inline.has(tag.toLowerCase()) ? '' : ' ';
    if (whole.startsWith('<')) return ' ';
    if (name !== undefined) return names.get(name);
    return toCharacter(Number.parseInt(hexadecimal ?? decimal ?? '', hexadecimal === undefined ? 10 : 16));
  });
}

function toCharacter(code: number): string | undefined {
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
