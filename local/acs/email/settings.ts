import * as z from 'zod';

const deliveryStatus = z.enum([
  'Delivered',
  'Bounced',
  'Failed',
  'FilteredSpam',
  'Quarantined',
  'Suppressed',
  'Expanded',
]);

export type DeliveryStatus = z.output<typeof deliveryStatus>;

const emailSettings = z.strictObject({
  /** What is linked to the resource, in small letters; any address of it may be the sender. */
  domains: z.array(z.string().toLowerCase()),
  /** How long an operation stays NotStarted, then Running. */
  notStartedMilliseconds: z.int().nonnegative(),
  runningMilliseconds: z.int().nonnegative(),
  /** How long after the end of its operation the delivery reports of a mail come. */
  reportAfterMilliseconds: z.int().nonnegative(),
  /** What `retry-after` tells those who poll. */
  retryAfterSeconds: z.int().nonnegative(),
  /** Addresses that the service sends nothing to. */
  suppressed: z.array(z.string()),
  /** Addresses whose mail does not just arrive. */
  outcomes: z.record(z.string(), z.object({ status: deliveryStatus, statusMessage: z.string().optional() })),
  /** How every operation fails from now on; `null`: none does. */
  failure: z.object({ code: z.string(), message: z.string() }).nullable(),
});

export const emailChanges = emailSettings.partial();

export type EmailSettings = z.output<typeof emailSettings>;

export const defaultEmailSettings: EmailSettings = {
  domains: ['parley.example'],
  notStartedMilliseconds: 0,
  runningMilliseconds: 300,
  reportAfterMilliseconds: 500,
  retryAfterSeconds: 1,
  suppressed: [],
  outcomes: {},
  failure: null,
};

/** API versions of Email that the emulator knows; the last is what @azure/communication-email 1.1.0 speaks. */
export const emailVersions = ['2023-03-31', '2025-09-01'] as const;
