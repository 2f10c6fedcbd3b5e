import pMap from 'p-map';
import type { Directory, PersonRecord } from '../people/directory.ts';
import { conversesAs } from '../people/identities-of.ts';
import { toIdentity } from '../people/identity.ts';
import type { FoundName, NameIndex } from '../people/name-index.ts';
import { searchWords, wordsOf } from '../people/name-words.ts';
import type { PeopleIndex } from '../people/people-index.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import { nameOf } from '../transcripts/render.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import type { Choice } from './answer.ts';
import type { Meant } from './ask-state.ts';
import { openSharing, type Shared, type Sharing, type SharingDependencies } from './sharing.ts';

export interface WhoDependencies extends SharingDependencies {
  directory: Pick<Directory, 'get' | 'personOf' | 'ensure'>;
  names: Pick<NameIndex, 'search'>;
  people: Pick<PeopleIndex, 'list' | 'channels'>;
  transcripts: Pick<TranscriptStore, 'list'>;
}

/** Whom names mean: one for each, or whom to choose from, or that nobody is called so. */
export type Who = { meant: Meant[] } | { choices: Choice[] } | { nobody: string[] };

/** Somebody who has a name: a person of the directory, or an identity that is nobody's yet. */
interface Candidate {
  record?: PersonRecord;
  identities: string[];
  names: string[];
  shared: Shared[];
}

/** So many people of one name are looked at, and so many are shown. */
const mostCandidates = 1_000;
const mostChoices = 20;
const concurrency = 8;

/**
 * Finds whom the names in a request mean, for the eyes of `mine`: only people with whom they share a conversation are anybody
 * to them. Without `mine`, everybody is. `chosen` are ids of persons by name, which hold under the same condition.
 */
export async function whoIsMeant(
  asked: readonly string[],
  { mine, chosen }: { mine?: readonly string[]; chosen: Readonly<Record<string, string>> },
  dependencies: WhoDependencies,
): Promise<Who> {
  const sharing = mine && openSharing(mine, dependencies);
  const meant: Meant[] = [];
  const choices: Choice[] = [];
  const nobody: string[] = [];
  for (const name of asked) {
    const candidates = await findCandidates(name, { mine, sharing, chosen }, dependencies);
    const [first] = candidates;
    if (!first) nobody.push(name);
    else if (candidates.length === 1) {
      meant.push({ asked: name, name: shownName(first), identities: first.identities });
    } else {
      const shown = candidates.slice(0, mostChoices);
      const told = await pMap(shown, (each) => toChoice(name, each, dependencies), { concurrency });
      choices.push(...told.sort((a, b) => ((a.lastAt ?? '') > (b.lastAt ?? '') ? -1 : 1)));
    }
  }
  if (nobody.length > 0) return { nobody };
  return choices.length > 0 ? { choices } : { meant };
}

interface Eyes {
  mine?: readonly string[];
  sharing?: Sharing;
  chosen: Readonly<Record<string, string>>;
}

async function findCandidates(name: string, eyes: Eyes, dependencies: WhoDependencies): Promise<Candidate[]> {
  const { directory } = dependencies;
  const chosen = Object.entries(eyes.chosen).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
  if (chosen !== undefined) {
    const record = await directory.get(chosen);
    return record ? visible([{ record, identities: conversesAs(record), names: [], shared: [] }], eyes) : [];
  }
  const identity = toIdentity(name);
  if (identity !== undefined) return visible([{ identities: [identity], names: [], shared: [] }], eyes);
  const named = await searchNames(name, dependencies);
  const whole = named.filter((found) => isWholeName(found.name, name));
  // Joe is no Joey, unless there is nobody else.
  for (const some of [whole, named]) {
    const found = await visible(await toCandidates(some, dependencies), eyes);
    if (found.length > 0) return found;
  }
  return [];
}

async function searchNames(text: string, { names }: WhoDependencies): Promise<FoundName[]> {
  const found: FoundName[] = [];
  for await (const page of names.search(text)) {
    found.push(...page.found);
    if (found.length >= mostCandidates) break;
  }
  return found.slice(0, mostCandidates);
}

function isWholeName(name: string, text: string): boolean {
  const words = new Set(wordsOf(name));
  return searchWords(text).every((word) => words.has(word));
}

async function toCandidates(
  found: readonly FoundName[],
  { directory }: WhoDependencies,
): Promise<Candidate[]> {
  const byKey = new Map<string, Candidate>();
  const records = await pMap(
    found,
    (one) => ('person' in one ? directory.get(one.person) : directory.personOf(one.identity)),
    { concurrency },
  );
  for (const [place, one] of found.entries()) {
    const record = records[place];
    if (!record && 'person' in one) continue;
    const identities = record ? conversesAs(record) : 'identity' in one ? [one.identity] : [];
    const key = record?.id ?? identities.join();
    const known = byKey.get(key);
    if (known) known.names.push(one.name);
    else byKey.set(key, { ...(record ? { record } : {}), identities, names: [one.name], shared: [] });
  }
  return [...byKey.values()];
}

/** Those who are somebody to whoever asks, and not themselves. */
async function visible(candidates: Candidate[], { mine, sharing }: Eyes): Promise<Candidate[]> {
  if (!sharing || !mine) return candidates;
  const own = new Set(mine);
  const checked = await pMap(
    candidates,
    async (candidate): Promise<Candidate[]> => {
      const { record, identities } = candidate;
      if ((record?.identities ?? identities).some((identity) => own.has(identity))) return [];
      const shared = await sharing.with(identities);
      return (await sharing.knows(shared, identities)) ? [{ ...candidate, shared }] : [];
    },
    { concurrency },
  );
  return checked.flat();
}

function shownName({ record, names, identities }: Candidate): string {
  return record?.name ?? names[0] ?? nameOf({ id: identities[0] ?? '' });
}

/** No addresses: an id tells nothing of anybody. */
async function toChoice(asked: string, candidate: Candidate, dependencies: WhoDependencies): Promise<Choice> {
  const { record, identities, shared, names } = candidate;
  const [identity = ''] = identities;
  const person = record?.id ?? (await dependencies.directory.ensure(identity)).id;
  const name = record?.name ?? names[0] ?? asked;
  if (shared.length === 0) {
    const channels = await pMap(identities, (one) => dependencies.people.channels(one), { concurrency });
    return { asked, person, name, channels: [...new Set(channels.flat())].sort() };
  }
  const channels = [...new Set(shared.map(({ conversation }) => conversation.channel))].sort();
  const changes = await pMap(shared.slice(0, 20), (one) => lastTogether(one, dependencies), { concurrency });
  const lastAt = changes
    .filter((time) => time !== undefined)
    .sort()
    .at(-1);
  return { asked, person, name, channels, ...(lastAt === undefined ? {} : { lastAt }) };
}

/** The last change of the conversation, as long as both were there. */
async function lastTogether(
  { conversation, until }: Shared,
  { transcripts }: WhoDependencies,
): Promise<string | undefined> {
  for await (const { lastChangedAt } of transcripts.list({ path: conversationPath(conversation) })) {
    return until !== undefined && until < lastChangedAt ? until : lastChangedAt;
  }
  return undefined;
}
