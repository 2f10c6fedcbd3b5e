import type { AcsEvent } from '../emulator.ts';
import type { Subscription } from './subscription.ts';

/** An event as it was given to Event Grid. */
export interface PublishedEvent extends AcsEvent {
  id: string;
  /** With `Microsoft.Communication.` in front. */
  type: string;
  /** ISO. */
  eventTime: string;
}

/** The full id of the resource, as system topics have it. */
export function topicOf(resourceName: string): string {
  return `/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/local/providers/Microsoft.Communication/CommunicationServices/${resourceName}`;
}

/** An event as a subscription gets it. */
export function toEnvelope(
  { id, type, subject, data, eventTime }: PublishedEvent,
  topic: string,
  schema: Subscription['schema'],
): Record<string, unknown> {
  if (schema === 'CloudEventSchemaV1_0') {
    return { id, source: topic, type, specversion: '1.0', subject, time: eventTime, data };
  }
  return { id, topic, subject, data, eventType: type, dataVersion: '1.0', metadataVersion: '1', eventTime };
}

/** Body and content type of a delivery. In CloudEvents, one event is an object unless batches were asked for. */
export function toBody(
  envelopes: readonly string[],
  { schema, batch }: Subscription,
): { body: string; contentType: string } {
  const array = `[${envelopes.join(',')}]`;
  if (schema === 'EventGridSchema') return { body: array, contentType: 'application/json; charset=utf-8' };
  return batch
    ? { body: array, contentType: 'application/cloudevents-batch+json; charset=utf-8' }
    : { body: envelopes.join(), contentType: 'application/cloudevents+json; charset=utf-8' };
}
