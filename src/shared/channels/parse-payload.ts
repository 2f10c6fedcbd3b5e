import type * as z from 'zod';
import { checkForm } from '../check-form.ts';
import { type ChannelEvent, MalformedEvent } from './channel.ts';

/** The `data` of an event as `schema` has it. Throws `MalformedEvent`, which names the field that is wrong. */
export function parsePayload<Schema extends z.ZodType>(schema: Schema, event: ChannelEvent): z.infer<Schema> {
  const checked = checkForm(schema, event.data);
  if (!checked.problem) return checked.value;
  const { path, message } = checked.problem;
  throw new MalformedEvent(`${event.type}: ${['data', ...path].join('.')} ${message}`);
}

/** When it happened: as the payload tells, else when it was published. Throws `MalformedEvent` where neither can be read. */
export function timeOfPayload(told: string | undefined, event: ChannelEvent): string {
  const at = told ?? event.time;
  if (at !== undefined) return at;
  throw new MalformedEvent(
    `${event.type}: neither data.receivedTimestamp nor the event's own time can be read`,
  );
}

/** Where a provider counts no versions, the time of the happening in milliseconds since 1970 is one. */
export function versionAt(at: string): string {
  return String(Math.max(0, Date.parse(at)));
}

/** Refuses an event that does not tell whom it is about. */
export function noPerson(event: ChannelEvent): never {
  throw new MalformedEvent(`${event.type}: data tells neither the person's number nor their BSUID`);
}
