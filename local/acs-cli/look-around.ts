import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import type { Ask } from './ask-emulator.ts';

const subscription = z.object({
  name: z.string(),
  endpoint: z.string(),
  state: z.string(),
  schema: z.string(),
  waiting: z.number().default(0),
});
const status = z.object({
  url: z.string(),
  connectionString: z.string(),
  time: z.string(),
  serviceUser: z.string(),
  smsNumbers: z.array(z.string()),
  whatsappChannels: z.array(z.string()),
  emailDomains: z.array(z.string()),
});
const event = z.object({ type: z.string(), subject: z.string(), eventTime: z.string(), data: z.unknown() });
const deadLetter = z.object({
  subscription: z.string(),
  deadLetterReason: z.string(),
  deliveryAttempts: z.number(),
  lastDeliveryOutcome: z.string().optional(),
  publishTime: z.string(),
  event: z.looseObject({ id: z.string().optional() }),
});
const message = z.object({
  channel: z.string(),
  id: z.string(),
  at: z.string(),
  from: z.string(),
  text: z.string(),
  status: z.string().optional(),
});

type Print = (line: string) => void;

export async function showStatus(ask: Ask, print: Print): Promise<void> {
  const { url, connectionString, time, serviceUser, ...ours } = status.parse(await ask('GET', ''));
  print(`ACS emulator at ${url}, its time ${time}`);
  print(`Connection string: ${connectionString}`);
  print(`SMS numbers:       ${ours.smsNumbers.join(', ')}`);
  print(`WhatsApp channels: ${ours.whatsappChannels.join(', ')}`);
  print(`Email domains:     ${ours.emailDomains.join(', ')}`);
  print(`Chat service user: ${serviceUser}`);
  const subscriptions = z.array(subscription).parse(await ask('GET', '/subscriptions'));
  for (const { name, endpoint, state, waiting } of subscriptions) {
    print(`Subscription:      ${name} → ${endpoint} (${state}, ${waiting} events wait)`);
  }
  if (subscriptions.length === 0) print('Nobody has subscribed: npm run acs -- subscribe <address>');
}

/** Those of one type, or all; oldest first. */
export async function showEvents(ask: Ask, print: Print, query: Record<string, string>): Promise<void> {
  const events = z.array(event).parse(await ask('GET', `/events?${new URLSearchParams(query)}`));
  for (const { eventTime, type, subject, data } of events.reverse()) {
    print(`${eventTime}  ${type.replace('Microsoft.Communication.', '')}  ${subject}`);
    print(`    ${JSON.stringify(data)}`);
  }
  if (events.length === 0) print('No events.');
}

export async function showDeadLetters(ask: Ask, print: Print): Promise<void> {
  const letters = z.array(deadLetter).parse(await ask('GET', '/dead-letters'));
  for (const letter of letters.reverse()) {
    const { publishTime, subscription, deadLetterReason, deliveryAttempts, lastDeliveryOutcome } = letter;
    print(`${publishTime}  ${subscription}  event ${letter.event.id}`);
    print(
      `    ${deadLetterReason} after ${deliveryAttempts} attempts (${lastDeliveryOutcome ?? 'none made'})`,
    );
  }
  print(letters.length === 0 ? 'No dead letters.' : 'To deliver them again: npm run acs -- redeliver');
}

/** Shows what a person gets, from the first message on, until the program ends. */
export async function watchPerson(ask: Ask, print: Print, person: string): Promise<never> {
  const shown = new Set<string>();
  for (;;) {
    const query = new URLSearchParams({ to: person });
    const messages = z.array(message).parse(await ask('GET', `/messages?${query}`));
    for (const { channel, id, at, from, text, status } of messages) {
      if (shown.has(id)) continue;
      shown.add(id);
      print(`${at}  ${channel} from ${from}${status ? ` (${status})` : ''}: ${text}`);
    }
    await wait(500);
  }
}
