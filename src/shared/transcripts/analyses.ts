import type { Analysis, AnalysisEntry } from './entry.ts';
import { matchTexts, type WrittenText } from './match-texts.ts';
import { newer } from './newer.ts';

/** What is known of the reading of messages, in any order, before or after them. */
export interface Analyses {
  add(entry: AnalysisEntry): void;
  /** Finds the message of each entry that names none; `texts` are those of the messages as they stand. */
  settle(texts: () => Iterable<WrittenText>): FindAnalyses;
}

/** What is known of a message in one version; undefined where nothing is. */
export type FindAnalyses = (messageId: string, version: string) => FoundAnalyses | undefined;

export interface FoundAnalyses {
  provider?: Analysis;
  parley?: Analysis;
}

/** One register for each message, version and reader; nearly all messages have one or two, so that a list will do. */
export function createAnalyses(): Analyses {
  const named = new Map<string, AnalysisEntry[]>();
  /** Those that say by its text which message they are about, by their own id. */
  const unnamed = new Map<string, AnalysisEntry>();

  const newestBy = (
    by: Analysis['by'],
    entries: readonly AnalysisEntry[],
    version: string,
  ): AnalysisEntry | undefined =>
    entries
      .filter(({ of, analysis }) => analysis.by === by && (of === undefined || of === version))
      .reduce<AnalysisEntry | undefined>((newest, entry) => newer(newest, entry), undefined);

  return {
    add(entry) {
      if (entry.messageId === undefined) {
        unnamed.set(entry.id, newer(unnamed.get(entry.id), entry));
        return;
      }
      const entries = named.get(entry.messageId);
      if (!entries) {
        named.set(entry.messageId, [entry]);
        return;
      }
      const isSame = (other: AnalysisEntry): boolean =>
        other.of === entry.of && other.analysis.by === entry.analysis.by;
      const index = entries.findIndex(isSame);
      if (index < 0) entries.push(entry);
      else entries[index] = newer(entries[index], entry);
    },
    settle(texts) {
      const matched = unnamed.size > 0 ? matchTexts([...unnamed.values()], texts()) : undefined;
      return (messageId, version) => {
        const entries = named.get(messageId) ?? [];
        const match = matched?.get(messageId);
        if (entries.length === 0 && !match) return undefined;
        const provider = (newestBy('provider', entries, version) ?? match)?.analysis;
        const parley = newestBy('parley', entries, version)?.analysis;
        return { ...(provider ? { provider } : {}), ...(parley ? { parley } : {}) };
      };
    },
  };
}

/** The provider's members go before Parley's own; `by` says whose language and intent these are. */
export function joinAnalyses({ provider, parley }: FoundAnalyses): Analysis | undefined {
  if (!provider || !parley) return provider ?? parley;
  const isProviders = provider.language !== undefined || provider.intent !== undefined;
  return { ...parley, ...provider, by: isProviders ? 'provider' : 'parley' };
}
