import * as z from 'zod';

const time = z.iso.datetime();

/**
 * What entries have shown of one person in one conversation. Only ever added to: joining two of them in any order, any
 * number of times, gives the same.
 */
export const participation = z.object({
  identity: z.string(),
  channel: z.string(),
  conversation: z.string(),
  /** Every adding and removal, in the order of their versions. `from` is where the history shown begins, if earlier. */
  changes: z.array(
    z.object({
      version: z.string().regex(/^\d+$/),
      at: time,
      change: z.enum(['added', 'removed']),
      from: time.optional(),
    }),
  ),
  /** The first message of theirs that is for everybody in the conversation, where it is older than every change. */
  wroteFrom: time.optional(),
  /** The first message that names whom it is for, and them among these or as its sender. */
  addressedFrom: time.optional(),
  /** Display names, each with the time it was first seen. */
  names: z.array(z.object({ name: z.string(), from: time })),
});

export type Participation = z.infer<typeof participation>;
type Change = Participation['changes'][number];

/** Whoever takes a new name more often keeps the last of these: what is kept of one person stays small. */
const mostNames = 20;

/** All of them together, in the one form that this knowledge has: they are of one person in one conversation. */
export function joinParticipations([one, ...more]: readonly [
  Participation,
  ...Participation[],
]): Participation {
  const all = [one, ...more];
  const changes = joinChanges(all.flatMap((each) => each.changes));
  const wroteFrom = earliest(all.map((each) => each.wroteFrom));
  const addressedFrom = earliest(all.map((each) => each.addressedFrom));
  // What somebody writes after having been announced tells nothing new, and so costs no write.
  const announcedAt = earliest(changes.map(({ at, from = at }) => from));
  const isNews = wroteFrom !== undefined && (announcedAt === undefined || wroteFrom < announcedAt);
  return {
    identity: one.identity,
    channel: one.channel,
    conversation: one.conversation,
    changes,
    ...(isNews ? { wroteFrom } : {}),
    ...(addressedFrom === undefined ? {} : { addressedFrom }),
    names: joinNames(all.flatMap(({ names }) => names)),
  };
}

/** The earliest of times in ISO 8601, as far as they are there. */
export function earliest(times: readonly (string | undefined)[]): string | undefined {
  return times.reduce(
    (first, time) => (first === undefined || (time !== undefined && time < first) ? time : first),
    undefined,
  );
}

function joinChanges(changes: readonly Change[]): Change[] {
  const distinct = new Map<string, Change>();
  for (const { version, at, change, from } of changes) {
    const same = { version, at, change, ...(from === undefined ? {} : { from }) };
    distinct.set(JSON.stringify(same), same);
  }
  return [...distinct]
    .sort(([a, one], [b, other]) => compareVersions(one, other) || (a < b ? -1 : 1))
    .map(([, change]) => change);
}

/** As the fold of a transcript has it: by version, then time; of an adding and a removal at once, the removal is later. */
function compareVersions(a: Change, b: Change): number {
  const difference = BigInt(a.version) - BigInt(b.version);
  if (difference !== 0n) return difference < 0n ? -1 : 1;
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  return a.change === b.change ? 0 : a.change === 'added' ? -1 : 1;
}

function joinNames(names: Participation['names']): Participation['names'] {
  const first = new Map<string, string>();
  for (const { name, from } of names) first.set(name, earliest([first.get(name), from]) ?? from);
  return [...first]
    .map(([name, from]) => ({ name, from }))
    .sort((a, b) => (a.from === b.from ? (a.name < b.name ? -1 : 1) : a.from < b.from ? -1 : 1))
    .slice(0, mostNames);
}
