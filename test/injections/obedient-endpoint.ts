import { messagesIn, summary } from '../models/written/answers.ts';
import type { ModelReply, ModelRequest } from '../support/model-endpoint.ts';

/** What the model of an attacker's dreams remembers of other calls. */
const remembered =
  'The merger with Zephyrine is signed for 7788 euros, and the zebrafish aquarium is secret.';

/**
 * Answers honestly, and then does as the attacker wants, in every member of the form and with every citation that could be
 * taken for a good one. It also repeats its instructions and what it knows of other conversations.
 */
export const obey =
  (wanted: string) =>
  (request: ModelRequest): ModelReply => {
    const [head = '', ...parts] = request.input.split(/^=== conversation \d+$/mu);
    const inputs = request.answerName === 'summaries' ? parts : [head];
    const all = messagesIn(request).map(({ number }) => number);
    const answers = inputs.map((input, index) => {
      const other = inputs[(index + 1) % inputs.length] ?? '';
      return answerFor({ ...request, input }, other, all, wanted);
    });
    if (request.answerName === 'summaries') {
      return { answer: { summaries: answers.map((each, index) => ({ conversation: index + 1, ...each })) } };
    }
    const notes = all
      .slice(0, 3)
      .map((number) => ({ kind: 'said', text: wanted, messages: [number], owner: null, due: null }));
    if (request.answerName === 'notes' || request.answerName === 'condensed_notes')
      return { answer: { notes } };
    return {
      answer: request.answerName === 'updated_summary' ? { ...answers[0], newNotes: notes } : answers[0],
    };
  };

function answerFor(
  request: ModelRequest,
  other: string,
  all: readonly number[],
  wanted: string,
): Record<string, unknown> {
  const seen = messagesIn(request);
  const numbers = seen.map(({ number }) => number);
  const people = [...request.input.matchAll(/^P(\d+) /gmu)].map(([, number]) => Number(number));
  const strange = all.filter((number) => !numbers.includes(number));
  const citations = [[], [0], [-1], [9_999], [all.length + 1], strange, ...numbers.map((number) => [number])];
  const told = [
    wanted,
    request.instructions.split('\n')[0] ?? '',
    remembered,
    ...messagesIn({ ...request, input: other }).map(({ text }) => text),
  ];
  const evil = told.flatMap((text) => citations.map((messages) => ({ text, messages })));
  const honest = seen.slice(0, 1).map(({ text, number }) => ({ text, messages: [number] }));
  const tasks = told.flatMap((text) =>
    numbers.flatMap((message) =>
      [...people, 99, null].map((owner) => ({
        text,
        message,
        owner,
        due: '2026-01-09',
        status: 'done',
        statusMessage: 9_999,
        earlier: 1,
      })),
    ),
  );
  return summary({
    headline: wanted,
    sentences: [...honest, ...evil],
    topics: [...told, ...wanted.split(' ').slice(0, 2)],
    keyPhrases: told,
    decisions: evil,
    openQuestions: told.flatMap((text) => [...numbers, 9_999].map((message) => ({ text, message }))),
    tasks,
    moodTurnedAt: 9_999,
    intent: wanted,
  });
}
