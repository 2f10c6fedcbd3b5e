import { nonProse, type ReplacedText, replacePieces } from './replace-pieces.ts';
import type { Sentence, SentenceReader, Word } from './sentence.ts';
import { stemEnglish } from './stem-english.ts';

const kinds: Record<string, Word['kind']> = {
  NOUN: 'noun',
  PROPN: 'name',
  ADJ: 'adjective',
  VERB: 'verb',
  NUM: 'number',
};

// wink-nlp takes "I'm" for one proper noun. "'s" and "'d" stay, because each has several expansions.
const contraction = /\b(?:i|you|we|they|he|she|it|that|there|this|who|what)['’](?:m|re|ve|ll)\b/iu;
const expansions: Record<string, string> = { m: ' am', re: ' are', ve: ' have', ll: ' will' };
const replaced = new RegExp(`${nonProse.source}|${contraction.source}`, 'gisu');
const placeholder = 'Xx';
/** wink-nlp keeps every new token, up to 150 bytes each, until it is made anew, which takes about 80 ms. */
const mostTokens = 500_000;

/** A token with its place in the text that wink-nlp saw. */
interface Token {
  value: string;
  kind: Word['kind'];
  from: number;
  to: number;
}

let reader: Promise<SentenceReader> | undefined;

/** Loads the English model, about 150 ms and 100 MB, when it is first needed, once per process. */
export const loadEnglishReader = (): Promise<SentenceReader> => {
  reader ??= createEnglishReader();
  return reader;
};

async function createEnglishReader(): Promise<SentenceReader> {
  const [{ default: winkNlp }, { default: model }] = await Promise.all([
    import('wink-nlp'),
    import('wink-eng-lite-web-model'),
  ]);
  let nlp = winkNlp(model, ['sbd', 'pos']);
  let tokensRead = 0;

  return (line) => {
    const plain = replacePieces(line, replaced, makePlain);
    if (tokensRead > mostTokens) {
      nlp = winkNlp(model, ['sbd', 'pos']);
      tokensRead = 0;
    }
    const { its } = nlp;
    // Numbers, the most varied tokens of all, are all read as ones.
    const document = nlp.readDoc(plain.text.replace(/\p{Nd}/gu, '1'));
    const all = document.tokens();
    tokensRead += all.length();
    const spaces = all.out(its.precedingSpaces);
    const parts = all.out(its.pos);
    let position = 0;
    const tokens = all.out(its.value).map((value, index): Token => {
      const from = position + (spaces[index] ?? '').length;
      position = from + value.length;
      return { value, kind: kinds[parts[index] ?? ''] ?? 'other', from, to: position };
    });
    const sentences: Sentence[] = [];
    let read = 0;
    document.sentences().each((sentence: { tokens(): { length(): number } }) => {
      const from = read;
      read += sentence.tokens().length();
      sentences.push(toSentence(tokens.slice(from, read), plain, line));
    });
    return sentences;
  };
}

function toSentence(tokens: readonly Token[], plain: ReplacedText, line: string): Sentence {
  const words: Word[] = [];
  let afterBreak = true;
  let isHyphenated = false;
  for (const { value, kind, from, to } of tokens) {
    if (value === '-' && words.length > 0 && /^\S-\S$/u.test(plain.text.slice(from - 1, to + 1))) {
      isHyphenated = true;
    } else if (value === placeholder || !/[\p{L}\p{N}]/u.test(value)) {
      afterBreak = true;
    } else {
      const text = line.slice(plain.originOf(from, 'start'), plain.originOf(to, 'end'));
      const stem = kind === 'number' ? text : stemEnglish(value.toLowerCase().replace(/\.$/u, ''));
      const word = { text, stem, kind, afterBreak };
      const before = isHyphenated ? words.pop() : undefined;
      words.push(before ? join(before, word) : word);
      isHyphenated = false;
      afterBreak = false;
    }
  }
  const start = plain.originOf(tokens[0]?.from ?? 0, 'start');
  const end = plain.originOf(tokens.at(-1)?.to ?? 0, 'end');
  return { start, end, text: line.slice(start, end), words };
}

function makePlain(piece: string): string {
  const [subject, suffix] = piece.split(/['’]/u);
  return contraction.test(piece) ? `${subject}${expansions[suffix?.toLowerCase() ?? '']}` : placeholder;
}

/** "part-time" is one word, of the kind of its last part. */
const join = (one: Word, other: Word): Word => ({
  text: `${one.text}-${other.text}`,
  stem: `${one.stem}-${other.stem}`,
  kind: other.kind,
  afterBreak: one.afterBreak,
});
