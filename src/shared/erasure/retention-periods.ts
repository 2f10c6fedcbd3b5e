import type { RetentionDays } from '../privacy-settings.ts';

/** How long what is kept. */
export interface RetentionPeriods {
  /** False where everything is kept for ever. */
  isSet: boolean;
  /** Messages of a channel that were sent before this time go, ISO 8601 UTC; undefined where it is kept for ever. */
  keepFrom(channel: string, now: string): string | undefined;
  /** What is older than this may hold nothing of any channel; undefined as long as one of them is kept for ever. */
  keepAnyFrom(now: string): string | undefined;
}

const dayMilliseconds = 24 * 3_600_000;

export function readPeriods({ everywhere, byChannel }: RetentionDays): RetentionPeriods {
  const named = Object.values(byChannel);
  const days = named.filter((number) => number !== 'forever');
  const isEndless = everywhere === undefined || days.length < named.length;
  return {
    isSet: everywhere !== undefined || days.length > 0,
    keepFrom(channel, now) {
      const kept = byChannel[channel] ?? everywhere;
      return kept === undefined || kept === 'forever' ? undefined : daysBefore(now, kept);
    },
    keepAnyFrom: (now) => (isEndless ? undefined : daysBefore(now, Math.max(everywhere, ...days))),
  };
}

function daysBefore(now: string, days: number): string {
  return new Date(Date.parse(now) - days * dayMilliseconds).toISOString();
}
