/**
 * How often an answer was right, by how far its evidence was ahead of the second best: fitted on every other text in
 * the Latin alphabet of a set of 26 languages, cut to 2, 3, 4 and 6 words and joined to 12. `npm run eval -- language
 * <file>` fits them anew, and prints how they hold on the texts they were not fitted on. See docs/decisions/0016.
 */
const shares: readonly (readonly [lead: number, share: number])[] = [
  [0, 0.43],
  [50, 0.57],
  [100, 0.66],
  [150, 0.77],
  [250, 0.87],
  [400, 0.96],
  [600, 0.98],
  [900, 0.99],
];

/**
 * Answers that nobody could measure, or that are right about half the time: Serbian in Latin letters is taken for Croatian,
 * Malay for Indonesian and Macedonian for Serbian.
 */
const unmeasured = new Set('hr id ku ms sq sr'.split(' '));

/** Of the languages with a script of their own, those of the set: more than 99 in 100 of their texts were told. */
const measuredByScript = new Set('el he ja ko zh'.split(' '));

/** From this lead on, an answer stands against the language of the conversation. */
export const strongLead = 400;
/** A single word needs as much: names and the words of chats are not in the set. */
export const loneLead = 400;

/** What may be claimed of an answer, from 0 to 1; undefined where nobody measured it. */
export function confidenceIn(language: string, lead: number | 'script'): number | undefined {
  if (lead === 'script') return measuredByScript.has(language) ? 0.99 : undefined;
  return unmeasured.has(language) ? undefined : shares.findLast(([least]) => least <= lead)?.[1];
}
