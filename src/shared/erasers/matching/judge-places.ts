import type { Place } from './find-places.ts';

/** Collects the places of all views of a text, and tells which of them count. */
export interface PlaceJudge {
  add(place: Place): void;
  /** Whether the text has a trace, whatever else is found in it. */
  isSettled(): boolean;
  /** Those that count: all of them, or none. */
  places(): Place[];
}

/**
 * In conversations that they took part in, every place counts. Elsewhere words count only where something else tells of
 * them, too: who they are, other words, or many words in a row.
 */
export function createPlaceJudge(isTheirs: boolean): PlaceJudge {
  const places: Place[] = [];
  const seen = new Set<number>();
  let runs = 0;
  let isSettled = false;
  return {
    add(place) {
      places.push(place);
      const rows = place.rows ?? [];
      // The same words twice are one sign.
      const isNew = rows.length > 0 && !rows.some((row) => seen.has(row));
      for (const row of rows) seen.add(row);
      if (isNew) runs += 1;
      isSettled ||= isTheirs || place.isSure || runs >= 2;
    },
    isSettled: () => isSettled,
    places: () => (isSettled ? places : []),
  };
}
