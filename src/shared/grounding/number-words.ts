/** Numbers that people write as words, from nought up, by language. */
const small = [
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty',
  'null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn zwanzig',
  'cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve veinte',
  'zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf vingt',
  'zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove venti',
  'zero um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezesseis dezessete dezoito dezenove vinte',
  'nul één twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien twintig',
  'nought first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth',
];
// The place in the list of ordinals of "first" is 1 as well.
const tens = [
  'twenty thirty forty fifty sixty seventy eighty ninety',
  'zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig',
  'veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa',
  'vingt trente quarante cinquante soixante',
  'venti trenta quaranta cinquanta sessanta settanta ottanta novanta',
  'vinte trinta quarenta cinquenta sessenta setenta oitenta noventa',
  'twintig dertig veertig vijftig zestig zeventig tachtig negentig',
];
const multipliers: Readonly<Record<string, number>> = {
  dozen: 12,
  hundred: 100,
  hundert: 100,
  cent: 100,
  cien: 100,
  cento: 100,
  honderd: 100,
  thousand: 1_000,
  tausend: 1_000,
  mil: 1_000,
  mille: 1_000,
  duizend: 1_000,
  grand: 1_000,
  million: 1_000_000,
  millionen: 1_000_000,
  millones: 1_000_000,
  miljoen: 1_000_000,
};
const others: Readonly<Record<string, number>> = {
  both: 2,
  couple: 2,
  pair: 2,
  half: 30,
  quarter: 15,
  noon: 12,
  midday: 12,
  midnight: 0,
  once: 1,
  twice: 2,
  ein: 1,
  eine: 1,
  einen: 1,
  einem: 1,
  einer: 1,
  zwo: 2,
  een: 1,
};

const values = new Map<string, number>(Object.entries(others));
for (const list of small) for (const [value, word] of list.split(' ').entries()) addWord(word, value);
for (const list of tens)
  for (const [place, word] of list.split(' ').entries()) addWord(word, (place + 2) * 10);
for (const [ten, word] of tens[1]?.split(' ').entries() ?? []) {
  for (const [unit, name] of ['ein', ...(small[1]?.split(' ').slice(2, 10) ?? [])].entries()) {
    addWord(`${name}und${word}`, (ten + 2) * 10 + unit + 1);
  }
}

function addWord(word: string, value: number): void {
  if (!values.has(word)) values.set(word, value);
}

/** The number that a word in small letters says. */
export const numberOf = (word: string): number | undefined => values.get(word);

/** By how much a word multiplies the number before it. */
export const multiplierOf = (word: string): number | undefined => multipliers[word.replace(/s$/, '')];
