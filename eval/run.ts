import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { printActs } from './print-acts.ts';
import { printLanguage } from './print-language.ts';
import { printPhrases } from './print-phrases.ts';
import { printRouge } from './print-rouge.ts';
import { printSpeed } from './print-speed.ts';

const usage = `Measures how well Parley reads and summarizes without a language model.

  npm run eval                             what needs no file, and the language where its file is found
  npm run eval -- language <file.jsonl>    a line is { "lang": "de", "text": "…" }
  npm run eval -- acts                     question, request, complaint, greeting, other: on eval/acts.jsonl
  npm run eval -- phrases                  ten messages with their key phrases
  npm run eval -- speed                    how long texts take, odd ones too
  npm run eval -- rouge <file.jsonl>       summaries, against those that people wrote

A line for rouge is one dialogue: { "dialogue": "#Person1#: …\\n#Person2#: …", "summary": "…" }, with "summary1", "summary2",
"summary3" instead of "summary" where several people wrote one; then the best fitting counts.
DialogSum has this form: https://github.com/cylnlp/dialogsum`;

const languageFile = relative(
  process.cwd(),
  fileURLToPath(new URL('../../shared/data/langid_w6.jsonl', import.meta.url)),
);
const withFile: Readonly<Record<string, (file: string) => Promise<void>>> = {
  language: printLanguage,
  rouge: printRouge,
};
const withoutFile: Readonly<Record<string, () => Promise<void>>> = {
  acts: printActs,
  phrases: printPhrases,
  speed: printSpeed,
};

const [what, file] = process.argv.slice(2);
if (what === undefined) {
  if (existsSync(languageFile)) await printLanguage(languageFile);
  else console.error(`SKIPPED: the language was not measured, because there is no file ${languageFile}.`);
  for (const print of Object.values(withoutFile)) await print();
} else {
  const print = withoutFile[what] ?? (file === undefined ? undefined : withFile[what]?.bind(undefined, file));
  if (!print) leave(usage);
  if (file !== undefined && !existsSync(file)) leave(`There is no file ${file}.\n\n${usage}`);
  await print();
}

function leave(message: string): never {
  console.error(message);
  process.exit(2);
}
