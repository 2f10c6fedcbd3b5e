import { cutText, foldText } from '../../analysis/fold-text.ts';
import type { ReadMessage } from './read-messages.ts';
import type { Statement } from './statement.ts';

const headlineLength = 100;
const mostPeople = 3;
const mostPhrases = 3;

/** What a headline is made from. */
export interface HeadlineParts {
  topic: string | undefined;
  language: string;
  messages: readonly ReadMessage[];
  keyPhrases: readonly string[];
  /** The statement the summary opens with. */
  lead: Statement | undefined;
  nameOf(participant: string): string;
}

/**
 * One line of at most 100 UTF-16 units, never empty: `<topic> · <who wrote>: <key phrases>`. Without key phrases, the
 * first statement of the summary is quoted in their place.
 */
export function writeHeadline({
  topic,
  language,
  messages,
  keyPhrases,
  lead,
  nameOf,
}: HeadlineParts): string {
  const people = listPeople(messages, language, nameOf);
  const about =
    keyPhrases.length > 0 ? keyPhrases.slice(0, mostPhrases).join(', ') : quoteLead(messages, lead);
  const title = cutText(foldText(topic ?? ''), headlineLength / 2);
  return cutText(`${title === '' ? '' : `${title} · `}${people}: ${about}`, headlineLength);
}

/** Who wrote, those with most messages first. */
function listPeople(
  messages: readonly ReadMessage[],
  language: string,
  nameOf: (participant: string) => string,
): string {
  const counts = new Map<string, number>();
  for (const { sender } of messages) counts.set(sender, (counts.get(sender) ?? 0) + 1);
  const names = [...counts]
    .sort((one, other) => other[1] - one[1])
    .map(([sender]) => cutText(nameOf(sender), 30));
  if (names.length > mostPeople)
    return `${names.slice(0, mostPeople).join(', ')} +${names.length - mostPeople}`;
  const locale = language === 'und' ? 'en' : language;
  return new Intl.ListFormat(locale, { style: 'long', type: 'conjunction' }).format(names);
}

function quoteLead(messages: readonly ReadMessage[], lead: Statement | undefined): string {
  const said = lead?.text ?? messages.find(({ text }) => text !== '')?.text;
  return said === undefined ? '(no text)' : `"${cutText(said, headlineLength / 2)}"`;
}
