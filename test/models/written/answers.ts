import type { ModelReply, ModelRequest } from '../../support/model-endpoint.ts';

/** A message as the model sees it. */
export interface SeenMessage {
  number: number;
  name: string;
  text: string;
}

/** The messages that a request shows, in whichever section. */
export const messagesIn = ({ input }: ModelRequest): SeenMessage[] =>
  [...input.matchAll(/^(\d+) ([^:\n]+): (.*)$/gmu)].map(([, number, name = '', text = '']) => ({
    number: Number(number),
    name,
    text,
  }));

/** Notes and lines of an earlier summary, as they are written. */
export const notesIn = ({ input }: ModelRequest): { text: string; messages: number[] }[] =>
  [...input.matchAll(/^- (?:T\d+ \w+|said|decision|task|question)[^:\n]*: (.*) \[([\d, ]+)\]$/gmu)].map(
    ([, text = '', numbers = '']) => ({ text, messages: numbers.split(',').map(Number) }),
  );

/** An empty summary, to be filled by a test. */
export const summary = (fields: Record<string, unknown> = {}): Record<string, unknown> => ({
  headline: '',
  sentences: [],
  topics: [],
  keyPhrases: [],
  decisions: [],
  openQuestions: [],
  tasks: [],
  mood: 'neutral',
  moodTurnedAt: null,
  intent: null,
  ...fields,
});

const spread = <Value>(values: readonly Value[], most: number): Value[] => {
  const step = Math.max(1, Math.ceil(values.length / most));
  return values.filter((_, index) => index % step === 0);
};

/** Says what some of the messages and notes say, by the form that was asked for. */
export function answerHonestly(request: ModelRequest): ModelReply {
  const said = [
    ...notesIn(request),
    ...messagesIn(request).map(({ number, text }) => ({ text, messages: [number] })),
  ];
  const asNotes = (most: number) =>
    spread(said, most).map((note) => ({ kind: 'said', owner: null, due: null, ...note }));
  const [first] = said;
  const whole = summary({ headline: first?.text.slice(0, 80) ?? '', sentences: spread(said, 6) });
  switch (request.answerName) {
    case 'notes':
    case 'condensed_notes':
      return { answer: { notes: asNotes(8) } };
    case 'updated_summary': {
      const [, fresh = ''] = request.input.split('\nNew messages:\n');
      const news = messagesIn({ ...request, input: fresh });
      const newNotes = spread(news, 4).map(({ number, text }) => ({
        kind: 'said',
        text,
        messages: [number],
        owner: null,
        due: null,
      }));
      return { answer: { ...whole, newNotes } };
    }
    case 'summaries': {
      const parts = request.input.split(/^=== conversation \d+$/mu).slice(1);
      return {
        answer: {
          summaries: parts.map((input, index) => {
            const seen = messagesIn({ ...request, input });
            const sentences = spread(seen, 3).map(({ number, text }) => ({ text, messages: [number] }));
            return { conversation: index + 1, ...summary({ headline: seen[0]?.text ?? '', sentences }) };
          }),
        },
      };
    }
    default:
      return { answer: whole };
  }
}
