import type { Memory } from './memory.ts';
import type { NameIndex } from './name-index.ts';
import type { Participation } from './participation.ts';

/** Puts the names of a participation, without those that `known` has, into the index of names. */
export type NoteNames = (
  shown: Participation,
  known: Participation | undefined,
  options: { signal?: AbortSignal },
) => Promise<void>;

/** Each name once by a process, as long as the memory has it, in however many conversations it is shown at once. */
export function createNoteNames(names: Pick<NameIndex, 'keep'>, memory: Memory): NoteNames {
  const underWay = new Map<string, Promise<boolean>>();

  return async function noteNames({ identity, names: shown }, known, { signal }) {
    for (const { name } of shown) {
      const key = JSON.stringify([identity, name]);
      if (known?.names.some((each) => each.name === name) || memory.recall(key) !== undefined) continue;
      // Who waits for another's write, which may end with the other's patience, writes where it failed.
      if (await underWay.get(key)) continue;
      const write = names.keep({ identity }, name, { signal });
      const isDone = write.then(
        () => true,
        () => false,
      );
      underWay.set(key, isDone);
      try {
        await write;
        memory.remember(key, '');
      } finally {
        if (underWay.get(key) === isDone) underWay.delete(key);
      }
    }
  };
}
