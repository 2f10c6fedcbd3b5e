import type { Directory } from '../people/directory.ts';
import { listTogether } from '../people/list-together.ts';
import type { PeopleIndex } from '../people/people-index.ts';
import type { Tombstones } from '../tombstones/tombstones.ts';
import type { Together } from '../transcripts/read-together.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import type { ErasureFiles } from './erasure-files.ts';
import type { ErasureState } from './erasure-state.ts';
import { buryWhole, partsOf } from './parts-of.ts';
import type { Step } from './run-erasure.ts';

interface Dependencies {
  files: ErasureFiles;
  directory: Pick<Directory, 'get'>;
  people: Pick<PeopleIndex, 'list'>;
  transcripts: Pick<TranscriptStore, 'readEntries'>;
  tombstones: Pick<Tombstones, 'buryIdentities' | 'buryConversation' | 'buryMessages'>;
  together: Together;
  clock: () => Date;
}

/**
 * Makes the step that an erasure begins with: what it is about is buried before anything is erased, so that nothing comes
 * back behind it.
 */
export function createBeginStep(dependencies: Dependencies): Step {
  const { files, directory, people, transcripts, tombstones, together, clock } = dependencies;

  return async function begin(state, { save, signal }) {
    const { until = clock().toISOString() } = state;
    const begun = { ...state, until };
    // Once and for all: a step that is repeated buries the same.
    await save(begun);
    return begun.kind === 'person'
      ? beginPerson(begun, until, signal)
      : beginConversation(begun, until, signal);
  };

  async function beginPerson(state: ErasureState, until: string, signal: AbortSignal): Promise<ErasureState> {
    const person = state.person === undefined ? undefined : await directory.get(state.person, { signal });
    const known = await files.readTraces(state.id);
    const identities = new Set([...(person?.identities ?? []), ...known.identities]);
    const names = new Set([...(person?.name === undefined ? [] : [person.name]), ...known.names]);
    for await (const { name } of listTogether(people, [...identities], { signal })) {
      if (name !== undefined) names.add(name);
    }
    await files.writeTraces(state.id, { ...known, identities: [...identities], names: [...names] });
    await tombstones.buryIdentities([...identities], until);
    return { ...state, buried: identities.size, step: 'sources' };
  }

  async function beginConversation(
    state: ErasureState,
    until: string,
    signal: AbortSignal,
  ): Promise<ErasureState> {
    const { channel, id = '' } = state.conversation ?? { channel: '' };
    const parts = await partsOf({ channel, id }, together, { signal });
    await files.writeBatch(state.id, 0, { conversations: [{ channel, id, isWhole: true, parts }] });
    await buryWhole(parts, until, { tombstones, transcripts }, { signal });
    return { ...state, step: 'sources' };
  }
}
