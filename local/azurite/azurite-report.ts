import { z } from 'zod';

/** What the Azurite process tells the one that started it. */
export const azuriteReport = z.discriminatedUnion('state', [
  /** An earlier Azurite still holds the folder: it is saving what it acknowledged. */
  z.object({ state: z.literal('waiting') }),
  z.object({ state: z.literal('ready'), blobPort: z.number(), queuePort: z.number() }),
  z.object({ state: z.literal('failed'), reason: z.string() }),
]);

export type AzuriteReport = z.infer<typeof azuriteReport>;
