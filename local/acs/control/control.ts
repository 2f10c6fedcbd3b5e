import * as z from 'zod';
import { emailChanges } from '../email/settings.ts';
import { type EventGrid, noSubscription } from '../event-grid/event-grid.ts';
import { subscriptionName, subscriptionSettings } from '../event-grid/subscription.ts';
import { AcsError, type AcsResponse, type ReceivedRequest } from '../exchange.ts';
import { parseJson } from '../http/parse-json.ts';
import type { Schedule } from '../schedule.ts';
import { smsChanges } from '../sms/settings.ts';
import type { State } from '../state.ts';
import { whatsappChanges } from '../whatsapp/settings.ts';
import { actAsPeople } from './act-as-people.ts';
import { checkSender } from './check-sender.ts';
import { type Faults, faultSettings } from './faults.ts';
import { listMessages } from './list-messages.ts';
import type { MovableClock } from './movable-clock.ts';
import { badInput, notKnown, unknownAddress } from './problems.ts';
import { serviceUser } from './service-user.ts';
import type { Services } from './services.ts';

export interface ControlOptions extends Services {
  state: State;
  clock: MovableClock;
  faults: Faults;
  eventGrid: EventGrid;
  schedule: Pick<Schedule, 'runDue'>;
  resource: { id: string; name: string };
  connectionString: string;
  /** Of the emulator. */
  url: () => string;
}

interface Request {
  /** What stands for the `*` of an address. */
  rest: string;
  query: Record<string, string>;
  body: () => unknown;
}

type Operation = (request: Request) => unknown;

const eventsQuery = z.strictObject({
  type: z.string().optional(),
  limit: z.coerce.number('must be a number').int().min(1).max(10_000).default(100),
});
const messagesQuery = z.strictObject({
  to: z.string('must be the number, address, BSUID or name of a person'),
});
const advance = z.strictObject({ advance: z.number('must be a number of seconds').positive() });
const redelivery = z.strictObject({
  subscription: z.string().optional(),
  events: z.array(z.string()).min(1).max(10_000).optional(),
});

/** What a reset leaves: who is who, how the services are set, and who gets the events. */
const keptByReset = [
  'users',
  'chat-people',
  'token-key',
  'settings',
  'event-grid.subscriptions',
  'event-grid.validations',
];

/** The emulator's own addresses, `/emulator` and all below, by which people and tests act on it: JSON, no signature. */
export function createControl(options: ControlOptions): (request: ReceivedRequest) => Promise<AcsResponse> {
  const { state, clock, faults, eventGrid, schedule, sms, whatsapp, email } = options;
  const people = actAsPeople({
    ...options,
    clock: clock.now,
    endpoints: () => eventGrid.subscriptions().map(({ endpoint }) => endpoint),
  });

  const settings = {
    sms: { read: sms.settings, change: (body: unknown) => sms.configure(smsChanges.parse(body)) },
    whatsapp: {
      read: whatsapp.settings,
      change: (body: unknown) => whatsapp.configure(whatsappChanges.parse(body)),
    },
    email: { read: email.settings, change: (body: unknown) => email.configure(emailChanges.parse(body)) },
  };

  const operations: Record<string, Operation> = {
    'GET ': describe,
    'GET subscriptions': () => eventGrid.subscriptions(),
    'GET subscriptions/*': ({ rest }) => subscriptionNamed(rest),
    'PUT subscriptions/*': ({ rest, body }) => {
      const name = subscriptionName.parse(rest);
      return eventGrid.subscribe({ ...subscriptionSettings.parse(body()), name });
    },
    'DELETE subscriptions/*': ({ rest }) => {
      if (!eventGrid.unsubscribe(rest)) throw noSubscription(rest);
    },
    'GET validate': ({ query }) => {
      if (eventGrid.validate(query.id ?? '')) return { validated: true };
      throw new AcsError(
        404,
        'NotFound',
        'No subscription awaits this validation; after 10 minutes none does.',
      );
    },
    'GET events': ({ query }) => {
      const { type, limit } = eventsQuery.parse(query);
      const prefix = 'Microsoft.Communication.';
      return eventGrid.events({ type: type && `${prefix}${type.replace(prefix, '')}`, limit });
    },
    'GET dead-letters': () => eventGrid.deadLetters(),
    'POST redeliver': ({ body }) => ({ events: eventGrid.redeliver(redelivery.parse(body())) }),
    'GET messages': ({ query }) => listMessages(messagesQuery.parse(query).to, options),
    'POST people/*': ({ rest, body }) => {
      const act = Object.hasOwn(people, rest) ? people[rest] : undefined;
      if (act) return act(body());
      throw unknownAddress(`/emulator/people/${rest}`, `It knows people/${Object.keys(people).join(', ')}.`);
    },
    'GET settings/*': ({ rest }) => settingsOf(rest).read(),
    'POST settings/*': ({ rest, body }) => settingsOf(rest).change(body()),
    'GET faults': () => faults.list(),
    'POST faults': ({ body }) => {
      faults.add(faultSettings.parse(body()));
      return faults.list();
    },
    'DELETE faults': () => faults.clear(),
    'POST clock': ({ body }) => {
      clock.advance(advance.parse(body()).advance);
      schedule.runDue();
      eventGrid.look();
      return { time: clock.now().toISOString(), secondsAhead: clock.ahead() };
    },
    'POST reset': () => {
      faults.clear();
      state.transaction(() => {
        state.clear(keptByReset);
        clock.reset();
      });
    },
  };

  function describe() {
    return {
      emulator: 'Azure Communication Services',
      url: options.url(),
      connectionString: options.connectionString,
      resource: options.resource,
      time: clock.now().toISOString(),
      serviceUser,
      smsNumbers: sms.settings().numbers,
      whatsappChannels: whatsapp.settings().channels.map(({ id }) => id),
      emailDomains: email.settings().domains,
      subscriptions: eventGrid.subscriptions().map(({ name, endpoint }) => ({ name, endpoint })),
      operations: Object.keys(operations).map((operation) =>
        operation.replace(/ (.*)/, (_, area) => ` /emulator${area ? `/${area}` : ''}`),
      ),
      people: Object.keys(people),
    };
  }

  function settingsOf(service: string) {
    if (service === 'sms' || service === 'whatsapp' || service === 'email') return settings[service];
    throw unknownAddress(`/emulator/settings/${service}`, 'It knows settings/sms, whatsapp, email.');
  }

  function subscriptionNamed(name: string) {
    const found = eventGrid.subscriptions().find((subscription) => subscription.name === name);
    if (!found) throw noSubscription(name);
    return found;
  }

  return async function control(received) {
    checkSender(received);
    // As it was sent: a parsed address would have lost its `..`, and lead elsewhere.
    const [path = '', query] = received.target.split('?', 2);
    const [area = '', ...rest] = path.split('/').slice(2);
    const address = rest.length > 0 ? `${area}/*` : area;
    const operation = operations[`${received.method} ${address}`];
    if (!operation) throw notKnown(received.method, { path, address, operations: Object.keys(operations) });
    const request: Request = {
      rest: rest.join('/'),
      query: Object.fromEntries(new URLSearchParams(query)),
      body: () => parseJson(received.body),
    };
    try {
      const answer = await operation(request);
      return answer === undefined ? { status: 204 } : { status: 200, json: answer };
    } catch (error) {
      throw error instanceof z.ZodError ? badInput(error) : error;
    }
  };
}
