import type { State } from './state.ts';

/** An event as ACS would hand it to Event Grid; the envelope is made when it is delivered. */
export interface AcsEvent {
  /** Behind `Microsoft.Communication.`, such as `SMSReceived`. */
  type: string;
  subject: string;
  data: Record<string, unknown>;
}

/** What every service of the emulator gets. */
export interface Emulator {
  state: State;
  clock: () => Date;
  /** Writes the event down for delivery; inside a transaction, together with it. */
  emit(event: AcsEvent): void;
  /** The resource that it stands in for. */
  resource: {
    /** Part of user ids: `8:acs:<id>_<user>`. */
    id: string;
    name: string;
  };
  log(line: string): void;
}
