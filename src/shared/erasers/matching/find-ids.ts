import { encodeName } from '../../transcripts/conversation-path.ts';
import type { Quote } from './quotes.ts';
import { readWords } from './read-words.ts';
import { newWordList, type WordList } from './words.ts';

/** Finds ids to the letter, but for capitals. */
export interface IdFinder {
  /** Hashes of the words that ids end with. */
  hashes: readonly number[];
  /** The id whose last word is this one of a text. */
  find(list: WordList, word: number): Quote | undefined;
}

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function createIdFinder(identities: readonly string[]): IdFinder {
  const byLastWord = new Map<number, { id: string; isGuarded: boolean }[]>();
  const list = newWordList();
  for (const id of new Set(identities.flatMap(formsOf))) {
    const { count, hashes, ends } = readWords(id, list);
    if (count === 0) continue;
    const hash = hashes[count - 1] ?? 0;
    const others = byLastWord.get(hash) ?? [];
    const more = [...others, { id: id.slice(0, ends[count - 1]), isGuarded: /^[\p{L}\p{N}]/u.test(id) }];
    byLastWord.set(
      hash,
      more.sort((a, b) => b.id.length - a.id.length),
    );
  }

  return {
    hashes: [...byLastWord.keys()],
    find({ text, ends, hashes }, word) {
      const end = ends[word] ?? 0;
      for (const { id, isGuarded } of byLastWord.get(hashes[word] ?? 0) ?? []) {
        const start = end - id.length;
        if (start < 0 || text.slice(start, end).toLowerCase() !== id) continue;
        if (isGuarded && start > 0 && /[\p{L}\p{N}]/u.test(text.charAt(start - 1))) continue;
        return { start: withScheme(text, start), end };
      }
      return undefined;
    },
  };
}

/**
 * How an identity is written: whole, by what stands behind its kind where that is of nobody else, and as the name of a blob
 * that is too long to tell it.
 */
function formsOf(identity: string): string[] {
  const id = identity.toLowerCase();
  const rest = id.replace(/^8:/, '').replace(/^[a-z][a-z0-9+.-]*:/, '');
  const last = rest.split('/').at(-1) ?? '';
  const isTelling = rest.length >= 8 && (rest.match(/\d/g)?.length ?? 0) >= 4;
  const name = encodeName(identity);
  return [
    id,
    ...(isTelling ? [rest] : []),
    ...(guid.test(last) ? [last] : []),
    ...(name.startsWith('~h') ? [name] : []),
  ];
}

const scheme = /(?:8:acs:|8:[a-z]{2,10}:|entra:[0-9a-f-]{36}\/|(?:acs|whatsapp|28|entra|orgid):)$/i;

function withScheme(text: string, start: number): number {
  return start - (scheme.exec(text.slice(Math.max(0, start - 48), start))?.[0].length ?? 0);
}
