import fc from 'fast-check';

const strange = fc.oneof(
  fc.constantFrom<unknown>(null, undefined, '', ':', '..', '\ud800', 'NaN', -1, 1e308, true, [], {}, [[]]),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constant('x'.repeat(2_000)),
  fc.constant('+1 (555) 123-0001'),
  fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** One of the events with up to three members, anywhere in it, removed, replaced or renamed in case. */
export function mutated(events: readonly object[]): fc.Arbitrary<unknown> {
  const change = fc.record({
    at: fc.nat(),
    how: fc.constantFrom('remove', 'replace', 'upper case', 'lower case'),
    value: strange,
  });
  return fc
    .record({ event: fc.constantFrom(...events), changes: fc.array(change, { minLength: 1, maxLength: 3 }) })
    .map(({ event, changes }) => {
      const copy: unknown = structuredClone(event);
      for (const { at, how, value } of changes) {
        const places = placesOf(copy);
        const place = places[at % places.length];
        if (!place) continue;
        const { holder, name } = place;
        const old = holder[name];
        if (how === 'replace') {
          holder[name] = value;
          continue;
        }
        delete holder[name];
        if (how === 'upper case') holder[name.toUpperCase()] = old;
        if (how === 'lower case') holder[name.toLowerCase()] = old;
      }
      return copy;
    });
}

interface Place {
  holder: Record<string, unknown>;
  name: string;
}

function placesOf(value: unknown): Place[] {
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => [{ holder: value, name }, ...placesOf(member)]);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
