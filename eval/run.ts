import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { printActs } from './print-acts.ts';
import { printGrounding } from './print-grounding.ts';
import { printLanguage } from './print-language.ts';
import { printPhrases } from './print-phrases.ts';
import { printRouge } from './print-rouge.ts';
import { printSpeed } from './print-speed.ts';
import { compareSummaries, printSummaries } from './print-summaries.ts';

const usage = `Measures how well Parley reads and summarizes, with a language model where the settings name one.

  npm run eval                             what needs no file, and the language where its file is found
  npm run eval -- language <file.jsonl>    a line is { "lang": "de", "text": "…" }
  npm run eval -- acts                     question, request, complaint, greeting, other: on eval/acts.jsonl
  npm run eval -- phrases                  ten messages with their key phrases
  npm run eval -- speed                    how long texts take, odd ones too
  npm run eval -- rouge <file.jsonl>       offline summaries, against those that people wrote
  npm run eval -- grounding <file.jsonl>   how many summaries by people pass the checks, of their own conversation and of another
  npm run eval -- summaries <file.jsonl> [--limit 50] [--json report.json]
                                           those of the model that AZURE_OPENAI_* or OPENAI_* name: what they rest on, calls,
                                           tokens and cost too
  npm run eval -- compare <a.json> <b.json>  two reports beside each other: two models, or two versions of the prompts

A line for rouge and summaries is one dialogue: { "dialogue": "#Person1#: …\\n#Person2#: …", "summary": "…" }, with
"summary1", "summary2", "summary3" instead of "summary" where several people wrote one; then the best fitting counts.
DialogSum has this form: https://github.com/cylnlp/dialogsum. So may a line be a meeting of QMSum, of which the answer to its
first general query is the summary: https://github.com/Yale-LILY/QMSum`;

const languageFile = relative(
  process.cwd(),
  fileURLToPath(new URL('../../shared/data/langid_w6.jsonl', import.meta.url)),
);
const withFile: Readonly<Record<string, (file: string, args: string[]) => Promise<void>>> = {
  language: printLanguage,
  rouge: printRouge,
  grounding: printGrounding,
  summaries: printSummaries,
  compare: compareSummaries,
};
const withoutFile: Readonly<Record<string, () => Promise<void>>> = {
  acts: printActs,
  phrases: printPhrases,
  speed: printSpeed,
};

const [what, file, ...args] = process.argv.slice(2);
if (what === undefined) {
  if (existsSync(languageFile)) await printLanguage(languageFile);
  else console.error(`SKIPPED: the language was not measured, because there is no file ${languageFile}.`);
  for (const print of Object.values(withoutFile)) await print();
} else {
  const print =
    withoutFile[what] ?? (file === undefined ? undefined : withFile[what]?.bind(undefined, file, args));
  if (!print) leave(usage);
  if (file !== undefined && !existsSync(file)) leave(`There is no file ${file}.\n\n${usage}`);
  await print().catch((error: unknown) => leave(error instanceof Error ? error.message : String(error)));
}

function leave(message: string): never {
  console.error(message);
  process.exit(2);
}
