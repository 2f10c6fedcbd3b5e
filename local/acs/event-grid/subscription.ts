import * as z from 'zod';

/** Letters, digits and hyphens, as Event Grid has it; it is part of keys in the state. */
export const subscriptionName = z
  .string()
  .regex(/^[A-Za-z0-9-]{3,64}$/, 'must be 3 to 64 letters, digits and hyphens');

/** What a subscription is made of, with Event Grid's limits and defaults. */
export const subscriptionSettings = z.strictObject({
  endpoint: z.url({ protocol: /^https?$/, error: 'must be an http or https address that takes events' }),
  schema: z.enum(['EventGridSchema', 'CloudEventSchemaV1_0']).default('EventGridSchema'),
  /** All types where none is named. */
  includedEventTypes: z
    .array(z.string().regex(/^Microsoft\.Communication\.\w+$/, 'must begin with Microsoft.Communication.'))
    .min(1)
    .optional(),
  /** One event in a delivery where this is missing. */
  batch: z
    .strictObject({
      maxEvents: z.int().min(1).max(5_000),
      preferredKilobytes: z.int().min(1).max(1_024).default(64),
    })
    .optional(),
  retry: z
    .strictObject({
      maxAttempts: z.int().min(1).max(30).default(30),
      ttlMinutes: z.int().min(1).max(1_440).default(1_440),
    })
    .prefault({}),
  /** What Event Grid does now and then, on purpose: the same seed gives the same. */
  chaos: z
    .strictObject({
      /** The share of events that come twice. */
      duplicates: z.number().min(0).max(1).default(0),
      /** Each delivery waits up to so many seconds, divided by the time scale; `true` is 5. */
      disorder: z.union([z.boolean(), z.number().min(0).max(3_600)]).default(false),
      seed: z.int().default(1),
    })
    .optional(),
});

export type SubscriptionSettings = z.output<typeof subscriptionSettings>;

export interface Subscription extends SubscriptionSettings {
  name: string;
  /** Only an active one gets events; one that awaits its validation address to be opened becomes active by that. */
  state: 'Active' | 'AwaitingManualAction';
}

export function wants({ state, includedEventTypes }: Subscription, type: string): boolean {
  return state === 'Active' && (includedEventTypes?.includes(type) ?? true);
}
