import { canBeMistyped, isUnspaced, queryWords, searchWords } from './search-words.ts';

/** What is looked through: its title counts more than its text. */
export interface SearchDocument {
  id: string;
  text: string;
  title?: string;
}

export interface Ranked {
  id: string;
  /** Comparable only within one ranking; above 0. */
  score: number;
}

/** A title is short, and says what the text is about. */
const titleWeight = 2;

/**
 * Those of the documents that have words of the query, in any of their forms, as their beginning, or with a letter or two
 * mistyped; the best first. None where the query has no word. Works for every language; only English endings are cut.
 */
export async function rankDocuments(documents: readonly SearchDocument[], query: string): Promise<Ranked[]> {
  return rankWords(
    documents.map(({ id, text, title = '' }) => ({
      id,
      text: searchWords(text).join(' '),
      title: searchWords(title).join(' '),
    })),
    queryWords(query),
  );
}

/** The same for texts that are given as the words of `searchWords`, with spaces between them, and words of `queryWords`. */
export async function rankWords(
  documents: readonly Required<SearchDocument>[],
  words: readonly string[],
): Promise<Ranked[]> {
  const { default: imported } = await import('minisearch');
  const MiniSearch = unwrap(imported);
  const split = (text: string): string[] => text.split(' ').filter(Boolean);
  const index = new MiniSearch<Required<SearchDocument>>({
    fields: ['title', 'text'],
    tokenize: split,
    processTerm: (term) => term,
  });
  index.addAll(documents);
  const found = index.search(words.join(' '), {
    boost: { title: titleWeight },
    prefix: (term) => term.length >= 3 || isUnspaced(term),
    fuzzy: (term) => (canBeMistyped(term) ? 0.2 : false),
  });
  return found.map(({ id, score }): Ranked => ({ id: String(id), score }));
}

/** Bundled on its own, it is a CommonJS file, whose default export is one level deeper. */
function unwrap<Imported extends object>(imported: Imported & { default?: Imported }): Imported {
  return imported.default ?? imported;
}
