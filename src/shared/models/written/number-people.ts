import type { Conversation } from '../../transcripts/conversation.ts';
import { nameParticipants } from '../offline/name-participants.ts';
import { type Disguise, maskLine } from './disguise.ts';

const nameLength = 40;

/** Who a model may speak of, by numbers that it can repeat: `P1` is the first. */
export interface People {
  readonly ids: readonly string[];
  numberOf(id: string): number | undefined;
  idOf(number: number): string | undefined;
  /** One line; two people of one name are told apart. Text of people. */
  nameOf(id: string): string;
}

/** Who wrote, in that order, then who else takes part. `first` is 1 unless several conversations share a call. */
export function numberPeople(conversation: Conversation, first = 1): People {
  const names = nameParticipants(conversation);
  const ids = [...names.keys()];
  const numbers = new Map(ids.map((id, index) => [id, index + first]));
  const distinct = tellApart(names);
  return {
    ids,
    numberOf: (id) => numbers.get(id),
    idOf: (number) => ids[number - first],
    nameOf: (id) => distinct.get(id) ?? 'somebody',
  };
}

/** `Joe B` is the second Joe: a letter, since a number would be taken for one that nobody said. */
const letterOf = (count: number): string =>
  count < 26
    ? String.fromCodePoint(65 + count)
    : `${letterOf(Math.floor(count / 26) - 1)}${letterOf(count % 26)}`;

function tellApart(names: ReadonlyMap<string, string>): Map<string, string> {
  const taken = new Set<string>();
  const distinct = new Map<string, string>();
  for (const [id, name] of names) {
    let free = name;
    for (let count = 1; taken.has(free.toLowerCase()); count += 1) free = `${name} ${letterOf(count)}`;
    taken.add(free.toLowerCase());
    distinct.set(id, free);
  }
  return distinct;
}

/** `P3 Anna`: so that a task can be given to a number. */
export function writePeople(ids: Iterable<string>, people: People, disguise: Disguise): string[] {
  return [...ids].map((id) => `P${people.numberOf(id) ?? 0} ${writeName(id, people, disguise)}`);
}

/** A colon would end the name before it is over. */
export function writeName(id: string, people: People, disguise: Disguise): string {
  const known = disguise.names.get(id);
  if (known !== undefined) return known;
  const name =
    maskLine(people.nameOf(id), disguise, nameLength).replaceAll(/[:：]/g, ' ').trim() || 'somebody';
  disguise.names.set(id, name);
  return name;
}
