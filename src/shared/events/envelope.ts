import * as z from 'zod';
import { type ChannelEvent, MalformedEvent } from '../channels/channel.ts';
import { toIsoTime } from '../channels/times.ts';

const eventGridEvent = z
  .object({ eventType: z.string().min(1), eventTime: z.unknown().optional(), data: z.unknown().optional() })
  .transform(({ eventType, eventTime, data }) => ({ type: eventType, time: toIsoTime(eventTime), data }));

const cloudEvent = z
  .object({
    type: z.string().min(1),
    source: z.string(),
    time: z.unknown().optional(),
    data: z.unknown().optional(),
  })
  .transform(({ type, time, data }) => ({ type, time: toIsoTime(time), data }));

const envelope = z.union([eventGridEvent, cloudEvent]);

/** Takes the envelope off one event, of the Event Grid schema or CloudEvents 1.0. Throws `MalformedEvent`. */
export function openEnvelope(raw: unknown): ChannelEvent {
  const result = envelope.safeParse(raw);
  if (result.success) return result.data;
  throw new MalformedEvent(
    'is neither an Event Grid event (eventType, data) nor a CloudEvent (type, source, data)',
  );
}
