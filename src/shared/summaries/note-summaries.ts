import type { Catalogue } from './catalogue.ts';
import { type CatalogueEntry, entryOf } from './catalogue-entry.ts';
import type { SummaryStore } from './store.ts';

/**
 * A store whose summaries are in the catalogue, too. What is to be written is noted first: whatever breaks off between the
 * two, the conversation is still stale, and the next night does both again.
 */
export function noteSummaries(
  summaries: SummaryStore,
  { catalogue, clock }: { catalogue: Pick<Catalogue, 'note'>; clock: () => Date },
): SummaryStore {
  return {
    ...summaries,
    async put(path, summary, options) {
      const { replaces } = options;
      const entry = entryOf(path, summary, clock());
      const isKnown = replaces?.summary && isSame(entry, entryOf(path, replaces.summary, clock()));
      if (!isKnown) await catalogue.note(entry);
      if (await summaries.put(path, summary, options)) return true;
      // Somebody else's stands, and ours was perhaps noted after it.
      const stored = isKnown ? undefined : await summaries.get(path);
      if (stored?.summary) await catalogue.note(entryOf(path, stored.summary, clock()));
      return false;
    },
    async remove(path, stored, empty) {
      if (stored) await catalogue.note({ path, at: clock().toISOString(), isGone: true });
      await summaries.remove(path, stored, empty);
    },
  };
}

function isSame(one: CatalogueEntry, other: CatalogueEntry): boolean {
  return JSON.stringify({ ...one, at: '' }) === JSON.stringify({ ...other, at: '' });
}
