import { ExplainedError } from '../explained-error.ts';
import type { Ask } from './ask-emulator.ts';

const options: Record<string, string> = {
  to: '--to',
  replyTo: '--reply',
  'reaction.messageId': '--reply',
  'reaction.emoji': '--reaction',
  media: '--media',
  at: '--at',
  thread: '--thread',
  name: '--name',
  app: '--app',
  'batch.maxEvents': '--batch',
  limit: '--limit',
  type: '--type',
};

/** Asks, and names what was refused as it was typed: NUMBER, not `from`. `first` is what the help calls the first word. */
export function nameAsTyped(ask: Ask, first: string): Ask {
  const names: Record<string, string> = { ...options, from: first, bsuid: first, endpoint: first };
  return (...request) =>
    ask(...request).catch((error: unknown) => {
      if (!(error instanceof ExplainedError)) throw error;
      const named = error.message.replace(/(^|; )([A-Za-z.]+): /g, (all, start, field) =>
        names[field] ? `${start}${names[field]}: ` : all,
      );
      throw new ExplainedError(named);
    });
}
