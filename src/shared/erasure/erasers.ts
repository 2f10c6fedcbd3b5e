import type { Eraser } from '../erasers/eraser.ts';

/** An eraser, and what it is called among all: a queue may have the name of a container. */
export interface NamedEraser {
  readonly name: string;
  readonly eraser: Eraser;
  /** Where something waits that would write anew what is erased elsewhere: emptied before anything else. */
  readonly isSource: boolean;
}

/** Forgets first, because whoever asks is told by it. */
const first = 'people';
/** Forget last, because a conversation is found by them. */
const last = ['mail-threads', 'transcripts'];

/**
 * All erasers in the order in which they forget a conversation. Throws where a container or a queue has two of them. A new
 * one needs a line where this is called (`services.ts`): a test fails without.
 */
export function createErasers(stores: {
  containers: readonly Eraser[];
  queues: readonly Eraser[];
}): readonly NamedEraser[] {
  const erasers = [
    ...stores.containers.map((eraser) => ({
      name: eraser.store,
      eraser,
      isSource: eraser.store === 'outbox',
    })),
    ...stores.queues.map((eraser) => ({ name: `queue ${eraser.store}`, eraser, isSource: true })),
  ];
  const names = erasers.map(({ name }) => name);
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined) throw new Error(`The store "${twice}" has two erasers.`);
  return erasers.toSorted((a, b) => placeOf(a) - placeOf(b));
}

function placeOf({ name }: NamedEraser): number {
  if (name === first) return -1;
  return last.indexOf(name) + 1;
}
