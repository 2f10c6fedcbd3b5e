// What the rules alone get wrong, as NLTK lists it.
const irregular: Record<string, string> = {
  skies: 'sky',
  sky: 'sky',
  dying: 'die',
  lying: 'lie',
  tying: 'tie',
  news: 'news',
  innings: 'inning',
  inning: 'inning',
  outings: 'outing',
  outing: 'outing',
  cannings: 'canning',
  canning: 'canning',
  howe: 'howe',
  proceed: 'proceed',
  exceed: 'exceed',
  succeed: 'succeed',
};

type Rule = readonly [suffix: string, replacement: string, holds: (stem: string) => boolean];

const always = (): boolean => true;
const isLong = (stem: string): boolean => measure(stem) > 0;
const isLonger = (stem: string): boolean => measure(stem) > 1;
const rules = (pairs: string, holds: (stem: string) => boolean): Rule[] =>
  pairs.split(' ').map((pair) => {
    const [suffix = '', replacement = ''] = pair.split('>');
    return [suffix, replacement, holds];
  });

const plurals = rules('sses>ss ies>i ss>ss s>', always);
const derivations: Rule[] = [
  ...rules(
    'ational>ate tional>tion enci>ence anci>ance izer>ize bli>ble alli>al entli>ent eli>e ousli>ous',
    isLong,
  ),
  ...rules(
    'ization>ize ation>ate ator>ate alism>al iveness>ive fulness>ful ousness>ous aliti>al iviti>ive',
    isLong,
  ),
  ...rules('biliti>ble fulli>ful', isLong),
  ['logi', 'log', (stem) => isLong(`${stem}l`)],
];
const qualities = rules('icate>ic ative> alize>al iciti>ic ical>ic ful> ness>', isLong);
const endings: Rule[] = [
  ...rules('al> ance> ence> er> ic> able> ible> ant> ement> ment> ent>', isLonger),
  ['ion', '', (stem) => isLonger(stem) && /[st]$/.test(stem)],
  ...rules('ou> ism> ate> iti> ous> ive> ize>', isLonger),
];

/**
 * The stem of one lower-case English word by Porter's algorithm (1980) with NLTK's extensions, which is what
 * rouge_score counts with: https://www.nltk.org/_modules/nltk/stem/porter.html
 */
export function stemEnglish(word: string): string {
  const known = Object.hasOwn(irregular, word) ? irregular[word] : undefined;
  if (known !== undefined) return known;
  if (word.length <= 2) return word;
  let stem = /^.ies$/.test(word) ? word.slice(0, -1) : applyFirst(word, plurals);
  stem = cutPast(stem);
  stem =
    stem.length > 2 && /y$/.test(stem) && isConsonant(stem, stem.length - 2) ? `${stem.slice(0, -1)}i` : stem;
  stem = applyFirst(/alli$/.test(stem) && isLong(stem.slice(0, -4)) ? stem.slice(0, -2) : stem, derivations);
  stem = applyFirst(applyFirst(stem, qualities), endings);
  return cutFinal(stem);
}

/** Only the first rule whose suffix fits counts, even when its condition then fails. */
function applyFirst(word: string, list: readonly Rule[]): string {
  const rule = list.find(([suffix]) => word.endsWith(suffix));
  if (!rule) return word;
  const [suffix, replacement, holds] = rule;
  const stem = word.slice(0, word.length - suffix.length);
  return holds(stem) ? stem + replacement : word;
}

function cutPast(word: string): string {
  if (word.endsWith('ied')) return word.length === 4 ? word.slice(0, -1) : word.slice(0, -2);
  if (word.endsWith('eed')) return isLong(word.slice(0, -3)) ? word.slice(0, -1) : word;
  const suffix = ['ed', 'ing'].find((end) => word.endsWith(end) && hasVowel(word.slice(0, -end.length)));
  if (!suffix) return word;
  const stem = word.slice(0, -suffix.length);
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (endsInDoubleConsonant(stem)) return /[lsz]$/.test(stem) ? stem : stem.slice(0, -1);
  return measure(stem) === 1 && endsInShortSyllable(stem) ? `${stem}e` : stem;
}

function cutFinal(word: string): string {
  const stem = word.replace(/e$/, '');
  const cut = isLonger(stem) || (measure(stem) === 1 && !endsInShortSyllable(stem)) ? stem : word;
  return cut.endsWith('ll') && isLonger(cut.slice(0, -1)) ? cut.slice(0, -1) : cut;
}

const isConsonant = (word: string, index: number): boolean => {
  const letter = word[index] ?? '';
  if (letter === 'y') return index === 0 || !isConsonant(word, index - 1);
  return !'aeiou'.includes(letter);
};

const shape = (word: string): string =>
  Array.from({ length: word.length }, (_, index) => (isConsonant(word, index) ? 'c' : 'v')).join('');

const measure = (stem: string): number => shape(stem).match(/v+c/g)?.length ?? 0;
const hasVowel = (stem: string): boolean => shape(stem).includes('v');
const endsInDoubleConsonant = (word: string): boolean =>
  /(.)\1$/.test(word) && isConsonant(word, word.length - 1);
const endsInShortSyllable = (word: string): boolean =>
  (/cvc$/.test(shape(word)) && !/[wxy]$/.test(word)) || (word.length === 2 && shape(word) === 'vc');
