import { createOfflineAnalysis } from '../src/shared/analysis/offline-analysis.ts';

const length = 10_000;
const repeat = (text: string): string =>
  text
    .repeat(Math.ceil(length / text.length))
    .slice(0, length)
    .toWellFormed();
const invent = (): string => {
  let text = '';
  for (let number = 1; text.length < length; number = (number * 48_271) % 2_147_483_647) {
    text += `${number.toString(36).replace(/\d/gu, 'e')} is `;
  }
  return text.slice(0, length);
};

/** Texts of 10,000 characters, as people write them and as nobody does. */
const texts: Readonly<Record<string, string>> = {
  English: repeat(
    'I ordered the grey sofa in August and it has not arrived, can you tell me when it will come? ',
  ),
  German: repeat(
    'Das Sofa kam im August, aber ein Bein ist gebrochen. Wann schicken Sie mir ein neues Bein? ',
  ),
  'made-up words': invent(),
  'one word': repeat('x'),
  'no spaces': repeat('漢字'),
  emoji: repeat('😀👩‍💻'),
  'zero-width joiners': repeat('a\u200Db\u200C'),
  'question marks': repeat('?'),
  'short lines': repeat('a\n'),
  commas: repeat('a, '),
};
const short = 'Hi, where is my order 4471? It was supposed to be here on Monday.';

/** Prints how long one text takes, of a hundred at once as a request may bring them, and how long others wait. */
export async function printSpeed(): Promise<void> {
  const model = createOfflineAnalysis();
  const analyse = (text: string): Promise<unknown> =>
    model.analyse(Array.from({ length: 100 }, () => ({ text })));
  for (const text of [short, ...Object.values(texts)]) await model.analyse([{ text }]);
  console.log('\nSpeed: a hundred texts of 10,000 characters');
  for (const [name, text] of Object.entries({ ...texts, 'a short message': short })) {
    const wait = watchOthers();
    const started = performance.now();
    await analyse(text);
    const each = (performance.now() - started) / 100;
    console.log(
      `  ${name.padEnd(20)}${each.toFixed(1).padStart(7)} ms each; others waited ${wait().toFixed(0)} ms at most`,
    );
  }
}

/** The longest time in which nothing else could run, in milliseconds, until it is asked. */
function watchOthers(): () => number {
  let last = performance.now();
  let longest = 0;
  const look = (): void => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  };
  const timer = setInterval(look, 1);
  return () => {
    clearInterval(timer);
    return longest;
  };
}
