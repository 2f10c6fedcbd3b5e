import { toIdentity } from '../../people/identity.ts';
import { canonical } from './find-addresses.ts';
import { createIdFinder, type IdFinder } from './find-ids.ts';
import { createNameFinder, type NameFinder } from './find-names.ts';
import { nationalForms } from './find-numbers.ts';
import { type TracedWords, traceWords } from './traced-words.ts';

/** What is looked for, in the forms in which it can be. */
export interface Traced {
  ids: IdFinder;
  /** In conversations of others, and in those that they took part in. */
  far: Callable;
  near: Callable;
  names: NameFinder;
  words: TracedWords;
}

/** How somebody can be reached. */
export interface Callable {
  /** Digits: with the country code, and `near` without it, too. */
  numbers: ReadonlySet<string>;
  /** `local@domain`. */
  addresses: ReadonlySet<string>;
}

/** Shorter ones may be any number. */
const tellingDigits = 9;

export function trace(traces: {
  identities: readonly string[];
  names: readonly string[];
  texts: readonly string[];
}): Traced {
  const known = readIdentities(traces.identities);
  const { identities, names } = readShown(traces.names);
  // Anybody may show another's number or address as a name: it is theirs only where they are.
  const shown = readIdentities(identities);
  const all = [...known.numbers, ...shown.numbers];
  return {
    ids: createIdFinder(known.ids),
    far: {
      numbers: new Set(known.numbers.filter(({ length }) => length >= tellingDigits)),
      addresses: new Set(known.addresses),
    },
    near: {
      numbers: new Set(all.flatMap((number) => [number, ...nationalForms(number)])),
      addresses: new Set([...known.addresses, ...shown.addresses]),
    },
    names: createNameFinder(names),
    words: traceWords(traces.texts),
  };
}

function readIdentities(identities: readonly string[]) {
  const ids: string[] = [];
  const numbers: string[] = [];
  const addresses: string[] = [];
  for (const identity of identities) {
    const [, digits] = /^(?:4|tel|whatsapp):\+?(\d{7,15})$/i.exec(identity) ?? [];
    const [, local, domain] = /^mailto:(.+)@([^@]+)$/is.exec(identity) ?? [];
    if (digits !== undefined) {
      numbers.push(digits);
      if (digits.length < tellingDigits) ids.push(`+${digits}`);
    } else if (local !== undefined && domain !== undefined) addresses.push(canonical(local, domain));
    else ids.push(identity);
  }
  return { ids, numbers, addresses };
}

const guid = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/i;

/** Some are shown by their number or address where a name should be, and ids are no names. */
function readShown(shown: readonly string[]): { identities: string[]; names: string[] } {
  const identities: string[] = [];
  const names: string[] = [];
  for (const name of shown) {
    const identity = toIdentity(name);
    if (identity !== undefined && /^(?:4:\+|mailto:)/.test(identity)) identities.push(identity);
    else if (!guid.test(name) && !/^(?:8|28|entra|whatsapp):/.test(name)) names.push(name);
  }
  return { identities, names };
}
