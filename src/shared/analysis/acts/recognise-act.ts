import type { Analysis } from '../../transcripts/entry.ts';
import { isQuestion } from '../recognise-question.ts';
import { type ActRules, plainly } from './act-rules.ts';
import { dutch } from './dutch.ts';
import { english } from './english.ts';
import { french } from './french.ts';
import { german } from './german.ts';
import { isGreeting } from './greetings.ts';
import { italian } from './italian.ts';
import { portuguese } from './portuguese.ts';
import { spanish } from './spanish.ts';

export type Act = NonNullable<Analysis['act']>;

/** What a message does, and the first sentence that does it, as it was written. */
export type RecognisedAct =
  | { act: 'other'; sentence?: undefined }
  | { act: Exclude<Act, 'other'>; sentence: string };

const rulesByLanguage: Readonly<Record<string, ActRules>> = {
  de: german,
  en: english,
  es: spanish,
  fr: french,
  it: italian,
  nl: dutch,
  pt: portuguese,
};

/** Of several acts in one message the first of these counts: the one that most wants somebody to see to it. */
const order = ['complaint', 'request', 'question'] as const;
/** So much of a message is read: what somebody wants stands before. */
const mostSentences = 60;
const mostClauses = 40;
const longestClause = 400;

const anger = /[😡🤬😠👿💢😤👎🖕]/u;
const says = /[\p{L}\p{N}?？؟]/u;
const clauseEnd = /[,;:.!…]+(?=\s|$)|[?¿¡!()"“”„«»\n]+|\s[-–—]+(?=\s)/u;

/**
 * Tells by rules what the sender of a message does. `language` chooses the rules; where it is undefined, those of all
 * languages are tried. Undefined where nothing shows and there are no rules for the language.
 */
export function recogniseAct(
  sentences: readonly string[],
  language: string | undefined,
): RecognisedAct | undefined {
  const rules =
    language === undefined ? Object.values(rulesByLanguage) : [rulesByLanguage[language] ?? []].flat();
  const said = sentences.filter((sentence) => says.test(sentence)).slice(0, mostSentences);
  const read = said.map((sentence) => ({ sentence, act: actOfSentence(sentence, rules) }));
  for (const act of order) {
    const found = read.find((one) => one.act === act);
    if (found) return { act, sentence: found.sentence };
  }
  const [first] = said;
  if (first !== undefined && read.every(({ act }) => act === 'greeting'))
    return { act: 'greeting', sentence: first };
  return rules.length > 0 || first === undefined ? { act: 'other' } : undefined;
}

function actOfSentence(sentence: string, rules: readonly ActRules[]): Act {
  if (isGreeting(sentence)) return 'greeting';
  if (/\p{L}/u.test(sentence) && anger.test(sentence)) return 'complaint';
  const plain = plainly(sentence);
  const acts = new Set(rules.map((each) => actOfClauses(plain, each)));
  if (isQuestion(sentence)) acts.add('question');
  return order.find((act) => acts.has(act)) ?? 'other';
}

function actOfClauses(sentence: string, rules: ActRules): Act {
  const acts = new Set<Act | undefined>();
  let isPolite = false;
  for (const part of sentence.replace(rules.joint, '\n').split(clauseEnd, mostClauses)) {
    const clause = withoutLeadIn(part.trim().slice(0, longestClause), rules.leadIn);
    const act = actOfClause(clause, rules);
    acts.add(act);
    isPolite ||= act === undefined && rules.please.test(clause) && !rules.declines.test(clause);
  }
  if (isPolite && !acts.has('question')) acts.add('request');
  return order.find((act) => acts.has(act)) ?? 'other';
}

/** How a clause begins counts before what is wrong in it: "Can I return a broken one?" asks, it does not complain. */
function actOfClause(clause: string, rules: ActRules): Act | undefined {
  if (clause === '' || rules.declines.test(clause)) return undefined;
  const isSound = rules.sound.test(clause);
  if (rules.grievance.test(clause) && !isSound) return 'complaint';
  if (rules.asks.test(clause)) return 'question';
  if (rules.supposes.test(clause)) return undefined;
  if (rules.orders.test(clause)) return 'request';
  if (rules.inverts.test(clause)) return rules.requests.test(clause) ? 'request' : 'question';
  if (rules.fault.test(clause) && !isSound) return 'complaint';
  return rules.requests.test(clause) ? 'request' : undefined;
}

/** Cuts off what leads into the matter, as often as something does. */
function withoutLeadIn(clause: string, leadIn: RegExp): string {
  let rest = clause;
  for (let found = leadIn.exec(rest); found; found = leadIn.exec(rest)) {
    rest = rest.slice(found[0].length).replace(/^[^\p{L}\p{N}]+/u, '');
  }
  return rest;
}
