import {
  digit,
  foldCharacter,
  foldedText,
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

/** What a unit of UTF-16 that is a letter, a digit or a word by itself folds to. */
export function foldUnit(unit: number): string {
  const fold = folds[unit] || singleFolds[unit] || 0;
  return fold === 0 ? foldedText(unit) : String.fromCharCode(fold);
}

/** A word in the form in which words are compared: small letters without accents, nothing that is not seen. */
export function foldWord(word: string): string {
  let folded = '';
  for (let at = 0; at < word.length; at += 1) {
    const unit = word.charCodeAt(at);
    const kind = kinds[unit] || learnKind(unit);
    if (kind === letter || kind === digit || kind === single) folded += foldUnit(unit);
    else if (kind === half) {
      const character = characterAt(word, at);
      const whole = learnPair(character);
      at += character.length - 1;
      if (whole !== ignored && whole !== separator) folded += foldCharacter(character);
    }
  }
  return folded;
}

/** The character of one or two units that begins at a place. */
export function characterAt(text: string, at: number): string {
  return (text.codePointAt(at) ?? 0) > 0xffff ? text.slice(at, at + 2) : text.charAt(at);
}
