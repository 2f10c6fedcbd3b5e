/** What people and programs put between the digits of a number. */
const separators = [
  ' ',
  '-',
  '.',
  '/',
  '_',
  ',',
  ', ',
  ';',
  '+',
  '=',
  '~',
  '#',
  '*',
  '|',
  ':',
  '\\',
  ' - ',
  ' . ',
  ') (',
  '][',
  '" "',
  '** **',
  '`',
  '–',
  '·',
  '•',
  '…',
  '→',
  '、',
  '\t',
  '\n',
  '\r\n> ',
  '\u00a0',
  '\u2009',
  '\u200b',
  '\u00ad',
  '\u202f',
  '\u3000',
  '\u2060-',
  '&nbsp;',
  '%20',
  '<br>',
];

/** The digits from nought to nine as somebody may type them. */
const scripts = [
  '０１２３４５６７８９',
  '٠١٢٣٤٥٦٧٨٩',
  '०१२३४५६७८९',
  '𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗',
  '⓪①②③④⑤⑥⑦⑧⑨',
  '⁰¹²³⁴⁵⁶⁷⁸⁹',
];
const groupSizes = [1, 2, 3, 4, 5, 6, 8];

/** A number of letters and digits in all formats: as it is, in groups, in small letters, in other digits, in the midst of signs. */
export function formatsOf(number: string): string[] {
  const inGroups = (size: number): string[] => number.match(new RegExp(`.{1,${size}}`, 'gu')) ?? [];
  return [
    number,
    number.toLowerCase(),
    `(${number})`,
    `"${number}"`,
    `https://shop.example/pay?of=${number}&now`,
    `{"number":"${number}"}`,
    ...separators.map((separator) => inGroups(4).join(separator)),
    ...groupSizes.flatMap((size) => [inGroups(size).join(' '), inGroups(size).join('-')]),
    ...scripts.map((script) => inScript(number, script)),
    ...scripts.map((script) => inScript(inGroups(4).join(' '), script)),
    // As keys of a phone.
    number.replaceAll(/\d/gu, (digit) => `${digit}\ufe0f\u20e3`),
  ];
}

function inScript(number: string, script: string): string {
  const digits = [...script];
  return number.replaceAll(/\d/gu, (digit) => digits[Number(digit)] ?? '');
}
