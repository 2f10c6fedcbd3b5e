import type { ConversationKey, Person, TranscriptEntry } from '../../src/shared/transcripts/entry.ts';
import { joining, message, timeAt } from '../ask/make-asking.ts';
import { formatsOf } from './formats.ts';
import { accountNumbers, cardNumbers, nationalIds, secrets } from './samples.ts';

export interface Talk {
  key: ConversationKey;
  entries: TranscriptEntry[];
}

export const ada: Person = { id: '8:acs:ada', name: 'Ada Byron' };
export const grace: Person = { id: '8:acs:grace', name: 'Grace Hopper' };
/** Sixteen digits in two messages, of which no other sample has the halves. */
export const halves = ['6304 9985', '7120 4432'] as const;

const share = 3;

/** What people say with something that must not leave: statements, requests, promises, questions. */
const frames: readonly ((hidden: string) => string)[] = [
  (hidden) => `The refund for the broken printer has to go to ${hidden}, as we agreed on Friday.`,
  (hidden) => `I will book the refund for the printer to ${hidden} tomorrow.`,
  (hidden) => `Should the refund for the printer really go to ${hidden}?`,
  (hidden) => `Please take ${hidden} for the refund of the printer.`,
];

/** Conversations between Ada and Grace in which samples stand in every place in which people can write something. */
export function sampleTalks(): Talk[] {
  const texts = [
    ...[...cardNumbers, ...accountNumbers].flatMap((number, turn) =>
      formatsOf(number)
        // Each format comes with several numbers, not with all.
        .filter((_, place) => place % share === turn % share)
        .map((format, place) => (frames[place % frames.length] ?? String)(format)),
    ),
    ...[...nationalIds.map(([, text]) => text), ...secrets.map(([text]) => text)].map(
      (text) => `About the refund for the printer.\n${text}`,
    ),
  ];
  const perTalk = 60;
  const talks = Array.from({ length: Math.ceil(texts.length / perTalk) }, (_, place) =>
    talkOf(`texts${place}`, texts.slice(place * perTalk, (place + 1) * perTalk)),
  );
  return [...talks, ...elsewhere(), splitTalk()];
}

function talkOf(name: string, texts: readonly string[]): Talk {
  const key = { channel: 'chat', id: `19:${name}@thread.v2` };
  const people = [ada, grace];
  const messages = texts.map((text, minute) =>
    message(key, people[minute % people.length] ?? ada, text, minute),
  );
  return { key, entries: [...people.map((person) => joining(key, person, 0)), ...messages] };
}

/** In names, topics, subjects, names of files, histories, originals, analyses, and where several are said together. */
function elsewhere(): Talk[] {
  const numbers = [...cardNumbers, ...accountNumbers];
  return numbers.map((number, place): Talk => {
    const key = { channel: place % 2 === 0 ? 'chat' : 'email', id: `19:elsewhere${place}@thread.v2` };
    const inGroups = number.match(/.{1,4}/gu)?.join(' ') ?? number;
    const owner: Person = { id: `8:acs:owner${place}`, name: `Carol ${inGroups}` };
    const said = message(key, owner, 'I will send the papers for the refund of the printer tomorrow.', 1);
    const answered = message(key, ada, 'Can you send the bill for the printer, too?', 2);
    const at = timeAt(0);
    return {
      key,
      entries: [
        joining(key, ada, 0),
        joining(key, owner, 0),
        {
          kind: 'topic',
          id: `topic:${place}`,
          conversation: key.id,
          version: '1',
          at,
          topic: `Refund to ${number}`,
        },
        {
          ...said,
          subject: `Re: refund to ${inGroups}`,
          quoted: `> ${number}`,
          html: `<p>${number}</p>`,
          to: [{ id: ada.id, name: `Ada ${number}` }],
          attachments: [
            {
              id: `file${place}`,
              type: 'application/pdf',
              name: `bill ${inGroups}.pdf`,
              problem: `no ${number}`,
            },
          ],
        } as TranscriptEntry,
        answered,
        {
          kind: 'analysis',
          id: `analysis:${place}`,
          conversation: key.id,
          version: '3',
          at: timeAt(3),
          messageId: 'm1',
          analysis: {
            by: 'provider',
            intent: `Pay ${number}`,
            keyPhrases: [`refund ${inGroups}`],
            translation: `To ${inGroups}`,
          },
        },
      ],
    };
  });
}

function splitTalk(): Talk {
  const key = { channel: 'chat', id: '19:split@thread.v2' };
  const said = [
    `The refund for the printer goes to ${halves[0]}`,
    `${halves[1]}, that is the number for the refund.`,
  ];
  return {
    key,
    entries: [
      joining(key, ada, 0),
      joining(key, grace, 0),
      message(key, grace, 'Where does the refund for the printer go?', 0),
      ...said.map((text, place) => message(key, ada, text, place + 1)),
    ],
  };
}
