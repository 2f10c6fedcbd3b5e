import pMap from 'p-map';
import { createCollector } from '../erasers/collect-traces.ts';
import { inBatches } from '../in-batches.ts';
import type { Directory } from '../people/directory.ts';
import type { Tombstones } from '../tombstones/tombstones.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import type { TranscriptEntry } from '../transcripts/entry.ts';
import type { ListedConversation } from '../transcripts/list.ts';
import type { Together } from '../transcripts/read-together.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import type { ErasureFiles } from './erasure-files.ts';
import { identitiesIn, staffIn } from './identities-in.ts';
import { partsOf } from './parts-of.ts';
import type { Step } from './run-erasure.ts';
import { settleThen } from './settle.ts';

interface Dependencies {
  files: ErasureFiles;
  transcripts: Pick<TranscriptStore, 'list' | 'readEntries'>;
  tombstones: Pick<Tombstones, 'buryIdentities'>;
  directory: Pick<Directory, 'personOf'>;
  together: Together;
  settleSeconds: number;
  clock: () => Date;
}

const batchSize = 64;
const concurrency = 16;
/** What is read again after a crash. */
const saveMilliseconds = 5_000;
/** Each identity that turns up may lead to others; more than so many times is no person. */
const mostPasses = 5;

/**
 * Makes the step that reads all transcripts for what somebody wrote and under which other identities: by it, traces of them
 * in others' words are found. Identities that turn up are buried, and then all is read again.
 */
export function createCollectStep(dependencies: Dependencies): Step {
  const { files, transcripts, tombstones, directory, together, clock } = dependencies;

  return async function collect(begun, { isTimeUp, save, signal }) {
    const { id, until = begun.startedAt } = begun;
    const traces = await files.readTraces(id);
    const known = new Set(traces.identities);
    const collector = createCollector(traces);
    const found = await files.readFound(id);
    const theirs = new Set(found.conversations);
    const others = new Set(found.identities);
    let state = begun;
    let savedAt = clock().getTime();

    const writeDown = async (identities = known): Promise<void> => {
      await files.writeTraces(id, { ...collector.result(), identities: [...identities] });
      await files.writeFound(id, { conversations: [...theirs], identities: [...others] });
      savedAt = clock().getTime();
    };

    for await (const batch of inBatches(transcripts.list({ after: state.position }), batchSize)) {
      await pMap(batch, read, { concurrency });
      state = { ...state, position: batch.at(-1)?.position };
      if (!isTimeUp() && clock().getTime() - savedAt <= saveMilliseconds) continue;
      await writeDown();
      if (isTimeUp()) return state;
      await save(state);
    }
    const more = await pMap(others, isTheirs, { concurrency });
    const identities = new Set([...known, ...more.flat()]);
    await writeDown(identities);
    state = { ...state, position: undefined, pass: state.pass + 1, buried: identities.size };
    if (identities.size === begun.buried || state.pass === mostPasses) {
      return { ...state, step: 'provider', pass: 0 };
    }
    await tombstones.buryIdentities([...identities], until);
    return settleThen('collect', state, dependencies);

    async function read({ key, path, segments }: ListedConversation): Promise<void> {
      let takesPart = false;
      const take = (entry: TranscriptEntry): void => {
        const entryOfTheirs = splitOff(entry, known, others);
        if (entryOfTheirs) collector.add(key, entryOfTheirs);
        takesPart ||= [...identitiesIn(entry), ...staffIn(entry)].some((identity) => known.has(identity));
      };
      await transcripts.readEntries(path, take, { segments, signal });
      if (!takesPart) return;
      for (const part of await partsOf(key, together, { signal })) theirs.add(conversationPath(part));
    }

    /** What is somebody else's, of whom more is known than that, is not theirs, whatever a message shows. */
    async function isTheirs(identity: string): Promise<string[]> {
      const { id: person, role, identities } = (await directory.personOf(identity, { signal })) ?? {};
      const isNobodyElse = person === undefined || person === begun.person || identities?.length === 1;
      return isNobodyElse && role !== 'self' ? [identity] : [];
    }
  };
}

/**
 * An entry without the identities that it shows beside those that are known to be theirs; these go to `others`, until it is
 * known whose they are. Undefined where it is in the name of one of them.
 */
function splitOff(
  entry: TranscriptEntry,
  known: ReadonlySet<string>,
  others: Set<string>,
): TranscriptEntry | undefined {
  if (entry.kind !== 'message' && entry.kind !== 'edit') return entry;
  const { sender, alsoKnownAs = [] } = entry;
  const shown = [sender.id, ...alsoKnownAs];
  const unknown = shown.filter((identity) => !known.has(identity));
  if (unknown.length === 0 || unknown.length === shown.length) return entry;
  for (const identity of unknown) others.add(identity);
  if (!known.has(sender.id)) return undefined;
  return { ...entry, alsoKnownAs: alsoKnownAs.filter((identity) => known.has(identity)) };
}
