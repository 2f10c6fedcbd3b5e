import type { Conversation } from '../../transcripts/conversation.ts';
import type { CountTokens } from '../language/language-model.ts';
import { tellLanguage } from '../offline/read-messages.ts';
import type { SummaryContent } from '../summary-content.ts';
import { createDisguise } from './disguise.ts';
import { createFindGrounds, type FindGrounds } from './find-grounds.ts';
import { numberPeople } from './number-people.ts';
import { pause } from './pause.ts';
import { seedOf } from './seed-of.ts';
import { type Lines, type Stretch, startsDay, writeLine } from './write-lines.ts';

/** A conversation that is about to be summarized. */
export interface Writing {
  conversation: Conversation;
  lines: Lines;
  groundsFor: FindGrounds;
  languages: Pick<SummaryContent, 'language' | 'summaryLanguage'>;
  /** Tokens of the line of each message, with the header of its day; 0 where not measured yet. */
  costs: Uint32Array;
  placeOf(id: string): number | undefined;
  /** What the request about it is disguised by, where the very same has to be made again. */
  seed?: string;
}

/** Tokens of a header such as `# Mon 2026-03-02`. */
const headerTokens = 12;
/** A message may have so many UTF-16 units. */
const messageLength = 8_000;

export async function prepareWriting(
  conversation: Conversation,
  { timeZone, summaryLanguage, secret }: { timeZone: string; summaryLanguage?: string; secret?: string },
): Promise<Writing> {
  const language = await tellLanguage(conversation.messages);
  const shortened = new Map<number, number>();
  let places: Map<string, number> | undefined;
  return {
    conversation,
    ...(secret === undefined ? {} : { seed: await seedOf(conversation, secret) }),
    lines: {
      conversation,
      people: numberPeople(conversation),
      timeZone,
      firstNumber: 1,
      lengthOf: (place) => shortened.get(place) ?? messageLength,
      shorten: (place, length) => shortened.set(place, length),
    },
    groundsFor: createFindGrounds(conversation, {
      isTranslated: summaryLanguage !== undefined && summaryLanguage !== language,
    }),
    languages: { language, summaryLanguage: summaryLanguage ?? language },
    costs: new Uint32Array(conversation.messages.length),
    placeOf(id) {
      places ??= new Map(conversation.messages.map((message, place) => [message.id, place]));
      return places.get(id);
    },
  };
}

/** Counts what the messages of a stretch cost, and shortens those that cost more than `most`. */
export async function measure(
  { from, to }: Stretch,
  { lines, costs, seed }: Writing,
  { count, most, signal }: { count: CountTokens; most: number; signal: AbortSignal | undefined },
): Promise<void> {
  let disguise = createDisguise(seed);
  for (let place = from; place < to; place += 1) {
    if (place % 500 === 499) {
      signal?.throwIfAborted();
      await pause();
      disguise = createDisguise(seed);
    }
    if (costs[place]) continue;
    const costOf = (): number => count(writeLine(place, lines, disguise)) + 1;
    let cost = costOf();
    while (cost > most && lines.lengthOf(place) > 1) {
      const length = Math.min(lines.lengthOf(place), lines.conversation.messages[place]?.text.length ?? 0);
      lines.shorten(place, Math.max(1, Math.floor((length * most * 0.9) / cost)));
      cost = costOf();
    }
    costs[place] = cost + (startsDay(place, lines) ? headerTokens : 0);
  }
}
