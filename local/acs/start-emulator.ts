import { type Chat, createChat } from './chat/chat.ts';
import { createControl } from './control/control.ts';
import { createFaults } from './control/faults.ts';
import { createMovableClock } from './control/movable-clock.ts';
import { serviceUser } from './control/service-user.ts';
import { createEmail, type Email } from './email/email.ts';
import type { AcsEvent, Emulator } from './emulator.ts';
import { createEventGrid, type EventGrid } from './event-grid/event-grid.ts';
import { listen } from './http/listen.ts';
import { createServe } from './http/serve.ts';
import { createIdentity } from './identity/identity.ts';
import { accessKey, endpoint, resource } from './resource.ts';
import { createSchedule } from './schedule.ts';
import { createSms, type Sms } from './sms/sms.ts';
import { openState } from './state.ts';
import { createWhatsapp, type Whatsapp } from './whatsapp/whatsapp.ts';

export interface EmulatorOptions {
  /** On 127.0.0.1; 0 takes any free one. */
  port: number;
  /** SQLite file of all that it remembers; `:memory:` forgets it when stopped. */
  dataFile: string;
  log?: (line: string) => void;
  clock?: () => Date;
  /** Applies the documented rate limits: 429 with `Retry-After`. */
  limits?: boolean;
  /** Told of every event that is emitted. */
  onEvent?: (event: AcsEvent) => void;
  eventGrid?: {
    /** The waits between two deliveries of an event are divided by it. */
    timeScale?: number;
    /** How long a subscriber may take to answer: 30,000. */
    patienceMilliseconds?: number;
  };
}

export interface AcsEmulator {
  /** `http://127.0.0.1:<port>`. */
  url: string;
  port: number;
  /** For the SDKs, whose requests an http client then brings to `url`. */
  connectionString: string;
  /** The people behind each service. */
  chat: Chat;
  sms: Sms;
  whatsapp: Whatsapp;
  email: Email;
  eventGrid: EventGrid;
  /** A chat user that is always there: what an app under trial writes as. */
  serviceUser: string;
  /** Once; again, it waits for the same end. */
  stop(): Promise<void>;
}

/** Starts the emulator; rejects when the port is taken. */
export async function startAcsEmulator(options: EmulatorOptions): Promise<AcsEmulator> {
  const { log = () => {}, clock = () => new Date() } = options;
  const connectionString = `endpoint=${endpoint};accesskey=${accessKey}`;
  const state = openState(options.dataFile);
  const movableClock = createMovableClock(state, clock);
  let url = '';
  const eventGrid = createEventGrid({
    state,
    clock: movableClock.now,
    log,
    resource,
    url: () => url,
    ...options.eventGrid,
  });
  const emulator: Emulator = {
    state,
    clock: movableClock.now,
    resource,
    log,
    emit(event) {
      eventGrid.emit(event);
      options.onEvent?.(event);
    },
  };

  // Clients look at their own clock before they ask for a new token.
  const identity = createIdentity({ ...emulator, clock });
  identity.ensureUser(serviceUser);
  const chat = createChat(emulator, identity);
  const schedule = createSchedule(emulator);
  const sms = createSms(emulator, schedule);
  const whatsapp = createWhatsapp(emulator, schedule);
  const email = createEmail(emulator, schedule);
  const services = [identity, chat, sms, whatsapp, email];

  const faults = createFaults();
  const control = createControl({
    state,
    clock: movableClock,
    faults,
    eventGrid,
    schedule,
    sms,
    whatsapp,
    email,
    chat,
    resource,
    connectionString,
    url: () => url,
  });
  const serve = createServe({
    routes: services.flatMap((service) => service.routes),
    tokens: identity,
    clock,
    limits: options.limits ?? false,
    log,
    control,
  });
  const listener = await listen(options.port, faults.befall(serve), log).catch((error: unknown) => {
    state.close();
    throw error;
  });
  url = `http://127.0.0.1:${listener.port}`;
  schedule.start();
  eventGrid.start();
  let stopped: Promise<void> | undefined;

  return {
    url,
    port: listener.port,
    connectionString,
    chat,
    sms,
    whatsapp,
    email,
    eventGrid,
    serviceUser,
    stop: () => (stopped ??= stop()),
  };

  async function stop(): Promise<void> {
    faults.clear();
    const closed = listener.close(1_000);
    await eventGrid.stop();
    await closed;
    schedule.stop();
    state.close();
  }
}
