import pMap from 'p-map';
import type { Happening } from '../channels/channel.ts';
import type { ImportProblem } from '../channels/importer.ts';
import { parseJson } from '../json.ts';
import type { PeopleIndex } from '../people/people-index.ts';
import type { Container } from '../storage/container.ts';
import type { Tombstones } from '../tombstones/tombstones.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import { type ConversationKey, type TranscriptEntry, transcriptEntry } from '../transcripts/entry.ts';
import { readTranscriptLines } from '../transcripts/read-lines.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import { createLineSet, type LineSet } from './line-set.ts';

/** Appends what the transcripts do not hold, and notes the people. When it returns, all of it is durable. */
export type MergeEntries = (
  happenings: readonly Happening[],
  options: { signal: AbortSignal },
) => Promise<{
  /** Entries that were new. */
  added: number;
  /** Entries that no transcript can hold. */
  refused: ImportProblem[];
  /** Entries that were erased. */
  forgotten: number;
}>;

export interface MergeDependencies {
  /** The container that `append` writes to. */
  blobs: Container;
  transcripts: Pick<TranscriptStore, 'append'>;
  people: Pick<PeopleIndex, 'note'>;
  tombstones: Pick<Tombstones, 'admit'>;
}

/** At most 64 MB of memory. */
const mostKnownLines = 2_000_000;

/**
 * Opens a merge that remembers which lines the conversations hold that it touched last. What others append meanwhile may
 * be appended twice, which reading takes once.
 */
export function openMergeEntries(dependencies: MergeDependencies): MergeEntries {
  const { blobs, transcripts, people, tombstones } = dependencies;
  const known = new Map<string, LineSet>();

  const knownLines = async (path: string, signal: AbortSignal): Promise<LineSet> => {
    const lines = known.get(path) ?? (await readKnownLines(blobs, path, signal));
    known.delete(path);
    known.set(path, lines);
    return lines;
  };

  /** Only those used last are kept, the very last one whatever its size. */
  const forgetOldest = (): void => {
    let lines = [...known.values()].reduce((sum, { size }) => sum + size, 0);
    for (const [path, { size }] of known) {
      if (lines <= mostKnownLines || known.size === 1) break;
      known.delete(path);
      lines -= size;
    }
  };

  return async function mergeEntries(happenings, { signal }) {
    const refused: ImportProblem[] = [];
    const merged = await pMap(
      groupByConversation(happenings),
      async ({ conversation, entries }) => {
        const path = conversationPath(conversation);
        const lines = await knownLines(path, signal);
        const valid = entries.flatMap((entry) => toLine(entry, refused));
        const unknown = new Map(
          valid.filter(({ line }) => !lines.has(line)).map(({ line, entry }) => [line, entry] as const),
        );
        const fresh = await tombstones.admit(conversation, [...unknown.values()], { signal });
        if (fresh.length > 0) await transcripts.append(conversation, fresh, { signal });
        const isFresh = new Set(fresh);
        for (const [line, entry] of unknown) if (isFresh.has(entry)) lines.add(line);
        // Those that were known, too: an earlier try may have ended between append and note.
        const noted = valid.filter(({ line }) => lines.has(line)).map(({ entry }) => entry);
        if (noted.length > 0) await people.note(conversation, noted, { signal });
        return { added: fresh.length, forgotten: unknown.size - fresh.length };
      },
      { concurrency: 8 },
    );
    forgetOldest();
    return {
      added: merged.reduce((sum, { added }) => sum + added, 0),
      forgotten: merged.reduce((sum, { forgotten }) => sum + forgotten, 0),
      refused,
    };
  };
}

async function readKnownLines(blobs: Container, path: string, signal: AbortSignal): Promise<LineSet> {
  const lines = createLineSet();
  for await (const line of readTranscriptLines(blobs, path, { signal })) lines.add(toKnownLine(line));
  return lines;
}

/** As `toLine` writes it: whoever appended it may have put its members in another order. */
function toKnownLine(line: Buffer): string | Buffer {
  const entry = transcriptEntry.safeParse(parseJson(line.toString('utf8'))).data;
  try {
    return entry ? JSON.stringify(entry) : line;
  } catch {
    // Nested too deep to be written: nothing that is imported can equal it.
    return line;
  }
}

/** In the schema's order of members, so that equal entries are equal lines. */
function toLine(
  entry: TranscriptEntry,
  refused: ImportProblem[],
): { entry: TranscriptEntry; line: string }[] {
  try {
    const valid = transcriptEntry.parse(entry);
    return [{ entry: valid, line: JSON.stringify(valid) }];
  } catch {
    // Its members are not what they must be, or nested too deep to be written.
    refused.push({ where: `${entry.kind} ${entry.id.slice(0, 200)}`, reason: 'cannot be kept' });
    return [];
  }
}

interface Addition {
  conversation: ConversationKey;
  entries: TranscriptEntry[];
}

function groupByConversation(happenings: readonly Happening[]): Addition[] {
  const additions = new Map<string, Addition>();
  for (const { conversation, entries } of happenings) {
    const path = conversationPath(conversation);
    const addition = additions.get(path) ?? { conversation, entries: [] };
    additions.set(path, addition);
    addition.entries.push(...entries);
  }
  return [...additions.values()];
}
