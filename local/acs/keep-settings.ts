import type * as z from 'zod';
import type { State } from './state.ts';

/** How a service behaves; changes are kept in the state. */
export interface KeptSettings<Settings> {
  read(): Settings;
  /** Changes some and returns all; throws what zod throws for values and names that are none. */
  change(settings: Partial<Settings>): Settings;
}

/** Settings of one service, `defaults` where nothing was changed. */
export function keepSettings<Settings extends object>(
  state: State,
  service: string,
  changes: z.ZodType<Partial<Settings>>,
  defaults: Settings,
): KeptSettings<Settings> {
  const changed = state.collection<Partial<Settings>>('settings');
  const read = () => ({ ...defaults, ...changed.get(service) });
  return {
    read,
    change(settings) {
      changed.put(service, { ...changed.get(service), ...changes.parse(settings) });
      return read();
    },
  };
}
