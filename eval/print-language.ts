import { readFileSync } from 'node:fs';
import {
  fitShares,
  fittedOn,
  heldOut,
  measureAnswers,
  measureConfidence,
  parseSamples,
  type Sample,
  varyLength,
} from './measure-language.ts';

/** Where the shares in `language-confidence.ts` begin. */
const leads = [0, 50, 100, 150, 250, 400, 600, 900];
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** Prints how often the language is told, and whether confidences hold on lines that they were not fitted on. */
export async function printLanguage(file: string): Promise<void> {
  const samples = parseSamples(readFileSync(file, 'utf8'));
  const all = await measureAnswers(samples);
  const unseen = await measureAnswers(heldOut(samples));
  console.log(`\nLanguage: ${samples.length} texts of ${file}`);
  console.log(`  right: ${percent(all.right)}; of the half held out ${percent(unseen.right)}`);
  console.log(
    `  most often taken: ${[...all.wrong]
      .slice(0, 8)
      .map(([pair, count]) => `${pair} (${count})`)
      .join(', ')}`,
  );

  const varied = varyLength(heldOut(samples));
  console.log('  what is claimed, and how much of it is right, on the half held out, 1 to 12 words:');
  await printConfidence('Latin letters', varied.filter(isLatin));
  await printConfidence(
    'other scripts',
    varied.filter((sample) => !isLatin(sample)),
  );

  const shares = fitShares(varyLength(fittedOn(samples)).filter(isLatin).filter(hasWords), leads);
  console.log('  shares fitted anew on the other half (lead: share):');
  console.log(
    `    ${shares.map(({ claimed, right, all }) => `${claimed}: ${(right / all).toFixed(2)}`).join('  ')}`,
  );
}

const isLatin = ({ text }: Sample): boolean => !/[^\p{sc=Latin}\P{L}]/u.test(text);
const hasWords = ({ text }: Sample): boolean => (text.match(/\p{L}[\p{L}\p{M}'’]*/gu)?.length ?? 0) > 1;

async function printConfidence(name: string, samples: readonly Sample[]): Promise<void> {
  const { bins, silent } = await measureConfidence(samples);
  const row = bins.map(({ claimed, right, all }) => `${claimed}: ${percent(right / all)} of ${all}`);
  console.log(`    ${name}: ${row.join('  ')}; nothing claimed: ${silent.all}`);
}
