import { cutText } from '../../analysis/fold-text.ts';
import { type ActionItem, actionItemId } from '../summary-content.ts';
import { commitmentRules, englishConsent, englishRequest, englishReservation } from './commitment-rules.ts';
import type { Statement } from './statement.ts';

const mostItems = 20;
const itemLength = 300;
/** The reply that takes a request on comes within so many messages. */
const consentWindow = 3;

/**
 * What people said they would do, quoted, the latest twenty, in order; a rule that is not sure finds nothing. Owner is
 * who said "I'll send …" or "we need to order …", or who took on the request quoted ("Can you check …?" – "Sure.").
 * English; the commonest forms of German, French, Spanish and Portuguese; nothing in other languages.
 */
export function findActionItems(statements: readonly Statement[]): ActionItem[] {
  const items = new Map<string, ActionItem>();
  /** By the turn of the consent. */
  const takenOn = new Map<number, Statement>();
  for (const [index, statement] of statements.entries()) {
    const consent = isRequest(statement) ? findConsent(statement, statements, index + 1) : undefined;
    if (consent) {
      addItem(items, statement, consent.message.sender);
      takenOn.set(consent.turn, statement);
    } else if (commits(statement) && !repeats(statement, takenOn.get(statement.turn))) {
      addItem(items, statement, statement.message.sender);
    }
  }
  return [...items.values()].slice(-mostItems);
}

function addItem(items: Map<string, ActionItem>, { text, message }: Statement, owner: string): void {
  const key = `${owner} ${text.toLowerCase()}`;
  items.delete(key);
  const said = { text: cutText(text, itemLength), messageId: message.id };
  items.set(key, { id: actionItemId(said), ...said, owner, status: 'open' });
}

const plain = (text: string): string => text.toLowerCase().replace(/’/gu, "'");

function commits({ text, isQuestion, language }: Statement): boolean {
  const rule = commitmentRules[language];
  const said = plain(text);
  if (!rule || isQuestion || rule.spoils.test(said)) return false;
  return clausesOf(said).some((clause) => rule.commits.test(clause));
}

/** A commitment may follow another clause: "It is late, so I'll call them tomorrow." */
const clausesOf = (text: string): string[] =>
  text.split(/[,;:.!–—]\s+|\s-\s|\s+(?=(?:and|so|but|then) (?:i|we)\b)/u);

/** "Can you deliver?" asks whether somebody is able to; "Can you deliver it today?" asks for it. */
const isRequest = ({ text, words, language }: Statement): boolean =>
  language === 'en' && words.length >= 4 && englishRequest.test(plain(text)) && !/["“”„«»]/u.test(text);

function findConsent(request: Statement, all: readonly Statement[], from: number): Statement | undefined {
  for (let index = from; index < all.length; index++) {
    const reply = all[index];
    if (!reply || reply.turn > request.turn + consentWindow) return undefined;
    if (reply.message.sender === request.message.sender) continue;
    const said = plain(reply.message.text.slice(0, 200));
    return englishConsent.test(said) && !englishReservation.test(said) && !reply.isQuestion
      ? reply
      : undefined;
  }
  return undefined;
}

/** "Sure, I'll do it today" repeats the request it consents to, and says less. */
const repeats = ({ text, stems }: Statement, request: Statement | undefined): boolean =>
  request !== undefined &&
  (/\b(?:it|that|this|them|so)\b/iu.test(text) || stems.some((stem) => request.stems.includes(stem)));
