import {
  andWords,
  askingWords,
  directionWords,
  everybodyWords,
  type Language,
  meWords,
  stopWords,
  titleWords,
  withWords,
} from './lexicon.ts';

export interface ReadPeople {
  isAboutMe: boolean;
  /** As they were typed. */
  people: string[];
}

/** More are no request that anybody means. */
const mostPeople = 10;
const longestName = 5;

/** Whom a request names: after `between`, `with` and the like, as in `Joe's emails`, and as who said something. */
export function readPeople(text: string, language: Language): ReadPeople {
  const tokens = text.match(/["“«][^"”»]{1,100}["”»]|[,;:!?()⟂]|[^\s,;:!?()⟂"“”«»]+/gu) ?? [];
  const mine = new Set(meWords[language]);
  const isMe = (token: string): boolean => mine.has(token.toLowerCase());
  const people = new Map<string, string>();
  const add = (name: string): void => {
    const words = name.split(' ').filter(Boolean);
    while (titleWords.has(words[0]?.toLowerCase() ?? '')) words.shift();
    const plain = words.join(' ').replace(/[.]+$/, '');
    if (plain === '' || isMe(plain) || everybodyWords.has(plain.toLowerCase())) return;
    if (!/[\p{L}\p{N}§]/u.test(plain) || people.size >= mostPeople) return;
    people.set(plain.toLowerCase(), plain);
  };

  let read = 0;
  for (const [place, token] of tokens.entries()) {
    if (place < read) continue;
    const word = token.toLowerCase();
    const next = tokens[place + 1] ?? '';
    if (withWords.has(word)) readList(place + 1);
    else if (directionWords.has(word) && isNameLike(next, tokens[place + 2])) readList(place + 1);
    else if (isMe(token) && andWords.has(next.toLowerCase())) readList(place + 2);
    else if (andWords.has(word) && isMe(next)) readBack(place);
    else if (/^\p{Lu}.*['’]s?$/u.test(token)) addOwner(place);
  }
  for (const name of namesOfSpeakers(text)) if (!stopWords.has(name.toLowerCase())) add(name);
  for (const [token] of text.matchAll(/§\d+§/g)) add(token);
  return { isAboutMe: tokens.some(isMe), people: [...people.values()] };

  function readList(from: number): void {
    let words: string[] = [];
    read = from;
    const end = (): void => {
      add(words.join(' '));
      words = [];
    };
    for (let place = from; place < tokens.length; place += 1) {
      const token = tokens[place] ?? '';
      const word = token.toLowerCase();
      read = place;
      if (/^["“«]/u.test(token) || /^§\d+§$/.test(token)) {
        end();
        add(token.replaceAll(/["“”«»]/gu, ''));
      } else if (andWords.has(word) || token === ',') end();
      else if (isMe(token) && words.length === 0) continue;
      else if (stopWords.has(word) || withWords.has(word) || /^[;:!?()⟂]$/u.test(token)) break;
      else if (words.length >= longestName || !goesOn(words, token)) break;
      else {
        const owner = /^(.+)['’]s$/u.exec(token)?.[1];
        words.push(owner ?? token);
        if (
          owner !== undefined ||
          (/[^.]\.$/.test(token.replace(/^\p{Lu}\.$/u, '')) && !titleWords.has(word))
        )
          break;
      }
    }
    end();
  }

  /** `Joe Miller and me`. */
  function readBack(and: number): void {
    const words: string[] = [];
    for (let place = and - 1; place >= 0 && words.length < longestName; place -= 1) {
      const token = tokens[place] ?? '';
      const word = token.toLowerCase();
      if (!/^[\p{Lu}§]/u.test(token) || stopWords.has(word) || askingWords.has(word)) break;
      words.unshift(token);
    }
    add(words.join(' '));
  }

  /** `Joe Miller's emails`, but not `What's new`. */
  function addOwner(place: number): void {
    const owner = (tokens[place] ?? '').replace(/['’]s?$/u, '');
    if (/^(?:what|it|let|that|there|here|who|today|yesterday)$/i.test(owner)) return;
    const words = [owner];
    for (let back = place - 1; back > 0 && words.length < longestName; back -= 1) {
      const token = tokens[back] ?? '';
      if (!/^\p{Lu}[\p{L}'’-]*$/u.test(token) || isMe(token)) break;
      words.unshift(token);
    }
    add(words.join(' '));
  }
}

const particles = new Set('de da do dos van von der den di la le bin al el del ter of'.split(' '));

function isNameLike(token: string, next = ''): boolean {
  if (/^[\p{Lu}§"“«]/u.test(token)) return true;
  return titleWords.has(token.toLowerCase()) && /^[\p{Lu}§"“«]/u.test(next);
}

/** A name that begins with a capital goes on with capitals; one in small letters for three words. */
function goesOn(words: readonly string[], token: string): boolean {
  const named = words.filter((word) => !titleWords.has(word.toLowerCase()));
  const first = named[0];
  if (first === undefined) return true;
  if (/^[\p{Lu}\p{N}]/u.test(first))
    return /^[\p{Lu}\p{N}'’(]/u.test(token) || particles.has(token.toLowerCase());
  return named.length < 3;
}

const verbs =
  'say|said|says|tell|told|write|written|wrote|writes|want|wants|wanted|ask|asked|asks|mention|mentioned|complain|complained|' +
  'promise|promised|send|sent|need|needs|needed|think|thought|report|reported|request|requested|agree|agreed|' +
  'gesagt|geschrieben|gewollt|versprochen|schrieb|sagte|wollte|dit|écrit|demandé|dijo|escribió|quiere|pidió|disse|escreveu|quer|pediu';
const name = "(?:(?:dr|mrs?|ms)\\.? )?\\p{L}[\\p{L}'’-]*(?-i:(?: \\p{Lu}[\\p{L}'’-]*){0,3})";
/** A last name in small letters, right before the verb. */
const lastName = `(?: (?!(?:ever|already|also|never|once|not|just|really|then|only|to)\\b)\\p{L}{2,}(?=\\s+(?:${verbs})(?!\\p{L})))?`;
const speakers = [
  new RegExp(
    `(?<!\\p{L})(?:did|does|has|had|hat|a|ha)\\s+(?:user |customer )?(${name}${lastName})\\s+(?:\\S+\\s+){0,6}?(?:${verbs})(?!\\p{L})`,
    'iu',
  ),
  new RegExp(
    `(?<!\\p{L})(?:what|everything|all that|was|que|qué|what has)\\s+(?:user |customer )?(${name}${lastName})\\s+(?:has |have |had )?(?:${verbs})(?!\\p{L})`,
    'iu',
  ),
  /(?<!\p{L})(?:dijo|escribió|pidió|disse|escreveu|pediu|dit|écrit)\s+(\p{Lu}[\p{L}'’-]*(?: \p{Lu}[\p{L}'’-]*){0,3})/u,
  /(?<!\p{L})(?:tell|told|promise|promised|ask|asked|write|written|wrote|send|sent)\s+(?:to\s+)?(\p{Lu}[\p{L}'’-]*(?: \p{Lu}[\p{L}'’-]*){0,3})/u,
];
const pronouns =
  /^(?:i|you|he|she|it|we|they|who|what|anyone|everyone|somebody|someone|ich|er|sie|wir|ihr|je|il|elle|on|yo|eu|él|ella|ele|ela|did|has|does|was|hat|the|this|that|there)$/i;

function namesOfSpeakers(text: string): string[] {
  return speakers.flatMap((pattern) => {
    const found = pattern.exec(text)?.[1];
    return found === undefined || pronouns.test(found.split(' ')[0] ?? '') ? [] : [found];
  });
}
