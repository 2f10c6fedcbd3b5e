import * as z from 'zod';
import { type ChannelEvent, MalformedEvent } from '../channels/channel.ts';
import { toIsoTime } from '../channels/times.ts';

const id = z
  .unknown()
  .optional()
  .transform((value) => (typeof value === 'string' && value !== '' ? value : undefined));

const eventGridEvent = z
  .object({
    id,
    eventType: z.string().min(1),
    eventTime: z.unknown().optional(),
    data: z.unknown().optional(),
  })
  .transform(({ id, eventType, eventTime, data }) => ({
    id,
    type: eventType,
    time: toIsoTime(eventTime),
    data,
  }));

const cloudEvent = z
  .object({
    id,
    type: z.string().min(1),
    source: z.string(),
    time: z.unknown().optional(),
    data: z.unknown().optional(),
  })
  .transform(({ id, type, time, data }) => ({ id, type, time: toIsoTime(time), data }));

const envelope = z.union([eventGridEvent, cloudEvent]);

/** Takes the envelope off one event, of the Event Grid schema or CloudEvents 1.0. Throws `MalformedEvent`. */
export function openEnvelope(raw: unknown): ChannelEvent {
  const result = envelope.safeParse(raw);
  if (result.success) return result.data;
  throw new MalformedEvent(
    'is neither an Event Grid event (eventType, data) nor a CloudEvent (type, source, data)',
  );
}
