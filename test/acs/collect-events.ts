import type { AcsEvent } from '../../local/acs/emulator.ts';

/** Gathers what an emulator emits, so that a test can wait for it. */
export function collectEvents() {
  const events: AcsEvent[] = [];
  const waiting = new Set<() => void>();
  return {
    events,
    onEvent(event: AcsEvent) {
      events.push(event);
      for (const look of waiting) look();
    },
    /** The data of those of a type that carry a text somewhere, once there are as many. */
    async dataOf(type: string, text: string, count = 1): Promise<AcsEvent['data'][]> {
      const found = () =>
        events.filter((event) => event.type === type && JSON.stringify(event.data).includes(text));
      await new Promise<void>((resolve) => {
        const look = () => {
          if (found().length < count) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      });
      return found().map(({ data }) => data);
    },
  };
}
