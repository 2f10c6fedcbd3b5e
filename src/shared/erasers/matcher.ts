import { erasePlaces } from './matching/erase-places.ts';
import { createPlaceFinder, type FindPlaces } from './matching/find-places.ts';
import { createPlaceJudge } from './matching/judge-places.ts';
import type { Quote } from './matching/quotes.ts';
import { trace } from './matching/traced.ts';
import { plainView } from './matching/view.ts';
import { viewsOf } from './matching/views.ts';
import { erased } from './matching/words.ts';

/** What tells that a text is of somebody, or about them. JSON, so that it can be written down while an erasure runs. */
export interface Traces {
  /** `8:acs:…`, `4:+15551230001`, `mailto:joe@example.com`, … */
  identities: string[];
  /** Display names, as they were seen. */
  names: string[];
  /** What they wrote, message by message. */
  texts: string[];
}

/** Finds the traces of one person in text that is not theirs. */
export interface Matcher {
  /**
   * Whether a text, of any length and kind (JSON, a mail, HTML), has their identity, number, address, full name, or words
   * that nobody else would write. With `isTheirs` it is of a conversation that they took part in, where a first name and
   * shorter quotes count, too.
   */
  isIn(text: string, options?: { isTheirs?: boolean }): boolean;
  /** The text with every such place exchanged for `[erased]`; the same string where there is none. */
  redact(text: string, options?: { isTheirs?: boolean }): string;
}

/** What is erased may bring together what was apart; a text that still tells after so many times goes as a whole. */
const mostRounds = 5;

/**
 * Learns what tells of somebody: decision 17 says what counts. It takes about 50 bytes of memory for each word of the texts,
 * and time in proportion to the length of what it searches, however many texts it knows.
 */
export function createMatcher(traces: Traces): Matcher {
  const findPlaces = createPlaceFinder(trace(traces));
  return {
    isIn: (text, { isTheirs = false } = {}) => search(text, findPlaces, isTheirs).isSettled(),
    redact(text, { isTheirs = false } = {}) {
      let redacted = text;
      for (let round = 0; round < mostRounds; round += 1) {
        const places = search(redacted, findPlaces, isTheirs, 'all').places();
        if (places.length === 0) return redacted;
        redacted = erasePlaces(redacted, places);
      }
      return erased;
    },
  };
}

/** Stops at the first sign, unless all are asked for. Places are those of the text itself. */
function search(text: string, findPlaces: FindPlaces, isTheirs: boolean, howMany: 'one' | 'all' = 'one') {
  const judge = createPlaceJudge(isTheirs);
  for (const view of viewsOf(plainView(text))) {
    for (const place of findPlaces(view.text, isTheirs)) {
      judge.add({ ...place, ...originOf(view.origin(place.start, place.end)) });
    }
    if (howMany === 'one' && judge.isSettled()) break;
  }
  return judge;
}

function originOf([start, end]: [number, number]): Quote {
  return { start, end };
}
