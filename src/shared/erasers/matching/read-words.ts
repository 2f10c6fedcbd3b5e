import { characterAt, foldUnit } from './fold-word.ts';
import {
  bracket,
  digit,
  foldCharacter,
  folds,
  half,
  ignored,
  kinds,
  learnKind,
  learnPair,
  letter,
  separator,
  single,
  singleFolds,
} from './letters.ts';
import {
  erased,
  grow,
  hasNumber,
  isCut,
  isForeign,
  isNumber,
  isSingle,
  newWordList,
  type WordList,
} from './words.ts';

const firstForeign = 0x590;
const seed = 0x811c9dc5 | 0;
const prime = 0x01000193;
/** Above what digits fold to, below every letter. */
const behindDigits = 0x3a;
const fewestDigits = 7;

/** Reads the words of a text, or of a part of it, into a list. One look at each unit. */
export function readWords(text: string, list: WordList, from = 0, to = text.length): WordList {
  list.text = text;
  let count = 0;
  let cut = 0;
  let { starts, ends, hashes, flags } = list;
  for (let at = from; at < to; ) {
    const first = text.charCodeAt(at);
    let kind = letter;
    if (folds[first] === 0) {
      kind = kinds[first] || learnKind(first);
      if (kind === half) kind = learnPair(characterAt(text, at));
      if (kind === separator || kind === ignored || kind === bracket) {
        const isErased = kind === bracket && text.startsWith(erased, at);
        if (isErased) cut = isCut;
        at += isErased ? erased.length : characterAt(text, at).length;
        continue;
      }
    }
    if (count === starts.length) ({ starts, ends, hashes, flags } = grow(list));
    starts[count] = at;
    if (kind === single) {
      const fold = singleFolds[first] ?? 0;
      const folded = fold === 0 ? foldAt(text, at) : '';
      at += fold === 0 ? characterAt(text, at).length : 1;
      hashes[count] = mix(fold === 0 ? addText(seed, folded) : Math.imul(seed ^ fold, prime));
      flags[count] = cut | isSingle | isForeign;
      // The marks upon it.
      while (at < to && kindAt(text, at) === ignored) at += 1;
      ends[count] = at;
      count += 1;
      cut = 0;
      continue;
    }
    let hash = seed;
    let digits = 0;
    let letters = 0;
    let end = at;
    while (at < to) {
      const unit = text.charCodeAt(at);
      const fold = folds[unit] ?? 0;
      if (fold !== 0) {
        hash = Math.imul(hash ^ fold, prime);
        if (fold < behindDigits) digits += 1;
        letters += 1;
        at += 1;
        end = at;
        continue;
      }
      const next = kinds[unit] || learnKind(unit);
      if (next === ignored) at += 1;
      else if (next === letter || next === digit) {
        hash = addText(hash, foldUnit(unit));
        if (next === digit) digits += 1;
        letters += 1;
        at += 1;
        end = at;
      } else if (next === half) {
        const character = characterAt(text, at);
        const whole = learnPair(character);
        if (whole === separator || whole === single) break;
        at += character.length;
        if (whole === ignored) continue;
        hash = addText(hash, foldCharacter(character));
        letters += 1;
        end = at;
      } else break;
    }
    ends[count] = end;
    hashes[count] = mix(hash);
    flags[count] =
      cut |
      (digits === letters ? isNumber : 0) |
      (digits >= fewestDigits ? hasNumber : 0) |
      (first >= firstForeign ? isForeign : 0);
    count += 1;
    cut = 0;
  }
  list.count = count;
  return list;
}

/** The hash that a word has in a list. */
export function hashOfWord(word: string): number {
  const list = readWords(word, newWordList());
  return list.count === 0 ? 0 : (list.hashes[0] ?? 0);
}

function kindAt(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return kinds[unit] || learnKind(unit);
}

function foldAt(text: string, at: number): string {
  const character = characterAt(text, at);
  return character.length === 1 ? foldUnit(character.charCodeAt(0)) : foldCharacter(character);
}

function addText(start: number, folded: string): number {
  let hash = start;
  for (let place = 0; place < folded.length; place += 1) {
    hash = Math.imul(hash ^ folded.charCodeAt(place), prime);
  }
  return hash;
}

/** So that every bit of a hash depends on every letter. */
function mix(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
