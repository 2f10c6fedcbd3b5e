import { isDay, passesLuhn, passesMod11And10, passesVerhoeff, weigh } from './check-digits.ts';

/** How a number that a state gives a person is told. */
export interface NationalIdRule {
  name: string;
  /** How it is written, with separators; letters in any case. */
  form: RegExp;
  /** Whether it is one; letters in capitals, without separators. */
  passes?: (characters: string) => boolean;
  /** Whether the number has to be named before it: `SSN 123456789`. With `form` alone it could be anything. */
  named?: RegExp;
}

const controlLetters = 'TRWAGMYFPDXBNJZSQVHLCKE';
const finnishLetters = '0123456789ABCDEFHJKLMNPRSTUVWXY';

const passesSocialSecurity = (id: string): boolean =>
  /^(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}$/.test(id) && id !== '078051120' && id !== '123456789';
const passesTaxpayer = (id: string): boolean => /^9\d\d(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])\d{4}$/.test(id);
const passesSpanish = (id: string): boolean =>
  controlLetters[
    Number(id.replace(/^[XYZ]/, (letter) => String('XYZ'.indexOf(letter))).slice(0, -1)) % 23
  ] === id.at(-1);
const passesBrazilian = (id: string): boolean =>
  !/^(\d)\1+$/.test(id) &&
  [9, 10].every((place) => {
    const weights = Array.from({ length: place }, (_, index) => place + 1 - index);
    return ((weigh(id, weights) * 10) % 11) % 10 === Number(id[place]);
  });
const passesPolish = (id: string): boolean =>
  isDay(id.slice(0, 2), Number(id.slice(2, 4)) % 20, Number(id.slice(4, 6))) &&
  weigh(id, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0;
const passesSwedish = (id: string): boolean => {
  const short = id.slice(-10);
  const day = Number(short.slice(4, 6));
  return isDay(short.slice(0, 2), Number(short.slice(2, 4)), day > 60 ? day - 60 : day) && passesLuhn(short);
};
const passesFrench = (id: string): boolean => {
  const digits = id.replace('2A', '19').replace('2B', '18');
  const month = Number(id.slice(3, 5));
  return (
    (month <= 12 || (month >= 20 && month <= 42) || month >= 50) &&
    97 - Number(BigInt(digits.slice(0, 13)) % 97n) === Number(digits.slice(13))
  );
};
const passesDutch = (id: string): boolean =>
  !/^0+$/.test(id) && weigh(id, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0;
const passesBelgian = (id: string): boolean =>
  [id.slice(0, 9), `2${id.slice(0, 9)}`].some(
    (digits) => 97 - (Number(digits) % 97) === Number(id.slice(9)),
  ) && Number(id.slice(2, 4)) % 20 <= 12;
const passesNorwegian = (id: string): boolean =>
  isDay(id.slice(4, 6), Number(id.slice(2, 4)) % 40, Number(id.slice(0, 2)) % 40) &&
  weigh(id, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 === 0 &&
  weigh(id, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
const passesFinnish = (id: string): boolean => {
  const digits = id.replace(/^(\d{6})[A-Z]/, '$1');
  return (
    isDay(id.slice(4, 6), Number(id.slice(2, 4)), Number(id.slice(0, 2))) &&
    finnishLetters[Number(digits.slice(0, 9)) % 31] === digits.at(-1)
  );
};
const passesGermanTax = (id: string): boolean => {
  const counts = new Map<string, number>();
  for (const digit of id.slice(0, 10)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
  const repeated = [...counts.values()].filter((count) => count > 1);
  return id[0] !== '0' && repeated.length === 1 && (repeated[0] ?? 0) <= 3 && passesMod11And10(id);
};
const passesPortuguese = (id: string): boolean => {
  const check = 11 - (weigh(id, [9, 8, 7, 6, 5, 4, 3, 2]) % 11);
  return (check > 9 ? 0 : check) === Number(id[8]);
};
const passesSwiss = (id: string): boolean => weigh(id, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0;
const oddValues = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
];
const passesItalian = (id: string): boolean => {
  const sum = [...id.slice(0, 15)].reduce((total, character, place) => {
    const value = /\d/.test(character) ? Number(character) : character.charCodeAt(0) - 65;
    return total + (place % 2 === 0 ? (oddValues[value] ?? 0) : value);
  }, 0);
  return String.fromCharCode(65 + (sum % 26)) === id[15];
};

/** The national ids that are masked; docs/redaction.md says the same in words. */
export const nationalIdRules: readonly NationalIdRule[] = [
  { name: 'US SSN', form: /\d{3}-\d{2}-\d{4}/, passes: passesSocialSecurity },
  {
    name: 'US SSN',
    form: /\d{3}[ .\-/]?\d{2}[ .\-/]?\d{4}/,
    passes: (id) => passesSocialSecurity(id) || id === '123456789',
    named: /\bssn\b|social[\s-]security|seguro social/i,
  },
  { name: 'US ITIN', form: /9\d{2}-\d{2}-\d{4}/, passes: passesTaxpayer },
  {
    name: 'US ITIN',
    form: /9\d{2}[ -]?\d{2}[ -]?\d{4}/,
    passes: passesTaxpayer,
    named: /\bi?tin\b|taxpayer/i,
  },
  {
    name: 'UK NINO',
    form: /(?!bg|gb|kn|nk|nt|tn|zz)[a-ceghj-prtw-z][a-ceghj-nprtw-z](?:[ -]\d{2}){3}[ -][a-d]/i,
  },
  {
    name: 'UK NINO',
    form: /(?!bg|gb|kn|nk|nt|tn|zz)[a-ceghj-prtw-z][a-ceghj-nprtw-z](?:[ -]?\d{2}){3}[ -]?[a-d]/i,
    named: /national insurance|\bni(?:no)?\b|\bn\.i\./i,
  },
  {
    name: 'Canadian SIN',
    form: /\d{3}[ -]?\d{3}[ -]?\d{3}/,
    passes: passesLuhn,
    named: /\bsin\b|social insurance|assurance sociale|\bnas\b/i,
  },
  {
    name: 'German Steuer-ID',
    form: /[1-9]\d[ ./]?\d{3}[ ./]?\d{3}[ ./]?\d{3}/,
    passes: passesGermanTax,
  },
  {
    name: 'German Sozialversicherungsnummer',
    form: /\d{2}[ ]?\d{6}[ ]?[a-z][ ]?\d{3}/i,
    named: /sozialversicherung|rentenversicherung|versicherungsn|\bsv[ -]?(?:nr|nummer)|\brvnr/i,
  },
  { name: 'Spanish DNI', form: /\d{2}[. ]?\d{3}[. ]?\d{3}[ -]?[a-z]/i, passes: passesSpanish },
  { name: 'Spanish NIE', form: /[xyz][ -]?\d{7}[ -]?[a-z]/i, passes: passesSpanish },
  {
    name: 'French NIR',
    form: /[1-478][ .]?\d{2}[ .]?\d{2}[ .]?(?:\d{2}|2[ab])[ .]?\d{3}[ .]?\d{3}[ .\-/]?\d{2}/i,
    passes: passesFrench,
  },
  {
    name: 'Italian codice fiscale',
    form: /[a-z]{3}[ ]?[a-z]{3}[ ]?\d{2}[a-ehlmprst]\d{2}[ ]?[a-z]\d{3}[a-z]/i,
    passes: passesItalian,
  },
  { name: 'Brazilian CPF', form: /\d{3}\.\d{3}\.\d{3}-?\d{2}/, passes: passesBrazilian },
  {
    name: 'Brazilian CPF',
    form: /\d{3}[. ]?\d{3}[. ]?\d{3}[ -]?\d{2}/,
    passes: passesBrazilian,
    named: /\bcpf\b|cadastro de pessoa/i,
  },
  {
    name: 'Dutch BSN',
    form: /\d{4}[. ]?\d{2}[. ]?\d{3}|\d{3}[. ]?\d{3}[. ]?\d{3}/,
    passes: passesDutch,
    named: /\bbsn\b|burgerservice|sofi-?nummer/i,
  },
  { name: 'Belgian national number', form: /\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}/, passes: passesBelgian },
  {
    name: 'Belgian national number',
    form: /\d{2}[. ]?\d{2}[. ]?\d{2}[ -]?\d{3}[. ]?\d{2}/,
    passes: passesBelgian,
    named: /rijksregister|registre national|\binsz\b|\bniss\b|\bnrn\b/i,
  },
  { name: 'Polish PESEL', form: /\d{6}[ -]?\d{5}/, passes: passesPolish },
  { name: 'Swedish personnummer', form: /(?:19|20)?\d{6}[-+]\d{4}/, passes: passesSwedish },
  {
    name: 'Swedish personnummer',
    form: /(?:19|20)?\d{6}[ ]?\d{4}/,
    passes: passesSwedish,
    named: /person(?:al)?(?:nummer|nr)|samordningsnummer|personal (?:identity )?number/i,
  },
  { name: 'Norwegian fødselsnummer', form: /\d{6}[ -]?\d{5}/, passes: passesNorwegian },
  {
    name: 'Danish CPR',
    form: /\d{6}[ -]?\d{4}/,
    passes: (id) => isDay(id.slice(4, 6), Number(id.slice(2, 4)), Number(id.slice(0, 2))),
    named: /\bcpr\b|personnummer/i,
  },
  { name: 'Finnish henkilötunnus', form: /\d{6}[-+a-fu-y]\d{3}[0-9a-y]/i, passes: passesFinnish },
  { name: 'Swiss AHV', form: /756[. ]?\d{4}[. ]?\d{4}[. ]?\d{2}/, passes: passesSwiss },
  {
    name: 'Portuguese NIF',
    form: /[1-3]\d{2}[ .]?\d{3}[ .]?\d{3}/,
    passes: passesPortuguese,
    named: /\bnif\b|contribuinte/i,
  },
  {
    name: 'Indian Aadhaar',
    form: /[2-9]\d{3}[ -]?\d{4}[ -]?\d{4}/,
    passes: passesVerhoeff,
    named: /aad?h?aar|\buidai?\b/i,
  },
];
