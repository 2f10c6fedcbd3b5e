import { groundsOf } from '../../grounding/grounds.ts';
import type { Call, LanguageModel } from '../language/language-model.ts';
import { type PackAnswer, packAnswer } from './answer-form.ts';
import { createDisguise, enclose } from './disguise.ts';
import { headOf } from './make-request.ts';
import { numberPeople } from './number-people.ts';
import { packOutput } from './pack-plans.ts';
import type { Plan } from './plan-writing.ts';
import { nameOfLanguage } from './prompts/rules.ts';
import { writeSummaries } from './prompts/write-summaries.ts';
import { createProof, type Proof } from './proof.ts';
import { writeLines } from './write-lines.ts';

/**
 * The call that writes about several conversations, and what the part of each is proven with. Messages and people are
 * numbered through, so that a number of another conversation is known for one.
 */
export function makePackRequest(
  plans: readonly Plan[],
  window: LanguageModel['window'],
): { call: Call<PackAnswer>; proofs: Proof[] } {
  const seeds = plans.flatMap(({ writing }) => writing.seed ?? []);
  const seed = seeds.length === plans.length ? seeds.join(' ') : undefined;
  const shared = createDisguise(seed);
  const data: string[] = [];
  const proofs: Proof[] = [];
  let firstNumber = 1;
  let firstPerson = 1;
  for (const [index, { writing }] of plans.entries()) {
    const { conversation, languages } = writing;
    // Placeholders of its own: what stands for a number in one is unknown in another.
    const disguise = {
      ...createDisguise(seed && `${index} ${seed}`),
      fence: shared.fence,
    };
    const people = numberPeople(conversation, firstPerson);
    const stretch = { from: 0, to: conversation.messages.length };
    const lines = { ...writing.lines, people, firstNumber };
    data.push(
      `=== conversation ${index + 1}`,
      ...headOf({ stretches: [stretch], window }, { ...writing, lines }, disguise),
      ...writeLines(stretch, lines, disguise),
    );
    const others = plans.flatMap((other, place) => (place === index ? [] : [other.writing.conversation]));
    proofs.push(
      createProof(conversation, {
        people,
        grounds: groundsOf(conversation, {
          others,
          isTranslated: languages.summaryLanguage !== languages.language,
        }),
        placeholders: disguise.placeholders,
        firstNumber,
        isShown: () => true,
      }),
    );
    firstNumber += stretch.to;
    firstPerson += people.ids.length;
  }
  return {
    call: {
      job: 'summary',
      instructions: `${writeSummaries}\n${languagesOf(plans)}`,
      input: enclose(data, shared),
      answer: { name: 'summaries', schema: packAnswer },
      mostOutputTokens: packOutput(window),
      ...(seed === undefined ? {} : { mayWait: true }),
    },
    proofs,
  };
}

function languagesOf(plans: readonly Plan[]): string {
  const names = plans.map(({ writing }) => nameOfLanguage(writing.languages.summaryLanguage));
  if (new Set(names).size === 1) return `Write in ${names[0]}.`;
  return `Write ${names.map((name, index) => `${index + 1} in ${name}`).join(', ')}.`;
}
