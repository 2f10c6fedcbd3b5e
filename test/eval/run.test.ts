import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../eval/run.ts', import.meta.url));
const run = (...args: string[]) => spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });

describe('npm run eval', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-eval-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const write = async (name: string, lines: readonly unknown[]): Promise<string> => {
    const file = join(folder, name);
    await writeFile(file, lines.map((line) => JSON.stringify(line)).join('\n'));
    return file;
  };

  test('without a file that it needs, or with one that is missing, it says how to use it and exits 2', () => {
    const missing = join(folder, 'missing.jsonl');
    for (const args of [
      ['rouge'],
      ['rouge', missing],
      ['language'],
      ['language', missing],
      ['summaries'],
      ['nonsense'],
    ]) {
      const { status, stderr } = run(...args);
      assert.equal(status, 2, args.join(' '));
      assert.match(stderr, /npm run eval -- rouge <file\.jsonl>/);
    }
  });

  test('it prints the figures of the summary beside those of the first three turns', async () => {
    const dialogue =
      '#Person1#: The printer on the second floor is broken.\n#Person2#: I will call the technician.';
    const file = await write('dialogues.jsonl', [
      { dialogue, summary: 'Person1 says the printer is broken.' },
    ]);
    const { status, stdout } = run('rouge', file);
    assert.equal(status, 0);
    assert.match(stdout, /offline summary( +\d+\.\d){3}\n/);
    assert.match(stdout, /first three turns( +\d+\.\d){3}\n/);
    assert.match(stdout, /1 dialogues, \d+\.\d ms each/);
  });

  test('it keeps what summaries came to, and prints two such reports beside each other', async () => {
    const file = await write('talks.jsonl', [
      { dialogue: 'Anna: The lift is broken.\nBen: I call the technician today.', summary: 'It is broken.' },
      { dialogue: 'Anna: The lift runs.', summary: 'The lift runs again.' },
    ]);
    const [all, one] = [join(folder, 'all.json'), join(folder, 'one.json')];
    const { status, stdout } = run('summaries', file, '--json', all);
    assert.equal(status, 0);
    assert.match(stdout, /model +offline\n[\s\S]*dialogues +2\n[\s\S]*failed +none\n/);
    assert.equal(run('summaries', file, '--limit', '1', '--json', one).status, 0);
    const compared = run('compare', all, one);
    assert.equal(compared.status, 0);
    assert.match(compared.stdout, /dialogues +2 +1\n/);
    assert.match(compared.stdout, /supported by what they cite +100\.0 % +100\.0 %\n/);
  });

  test('it prints how often the language is right, and what confidences are worth', async () => {
    const file = await write('languages.jsonl', [
      { lang: 'de', text: 'Wann kommt das Paket bei mir an?' },
      { lang: 'de', text: 'Die Heizung ist seit gestern kalt.' },
      { lang: 'pl', text: 'Kiedy przyjedzie moja paczka do domu?' },
      { lang: 'fr', text: 'Wann kommt das Paket bei mir an?' },
    ]);
    const { status, stdout } = run('language', file);
    assert.equal(status, 0);
    assert.match(stdout, /right: 75\.0 %/);
    assert.match(stdout, /fr as de \(1\)/);
    assert.match(stdout, /0\.99: \d+\.\d % of \d+/);
  });

  test('it prints precision and recall of the acts, of both halves', () => {
    const { status, stdout } = run('acts');
    assert.equal(status, 0);
    assert.match(stdout, /messages that rules were made by[\s\S]*messages held out/);
    for (const language of ['en', 'de', 'es'])
      assert.match(stdout, new RegExp(`\n  ${language} .*\\d+ +\\d+`));
  });

  test('it prints ten messages with their key phrases', () => {
    const { status, stdout } = run('phrases');
    assert.equal(status, 0);
    assert.equal(stdout.match(/ \| /g)?.length, 10);
    assert.match(stdout, /washing machine · /);
  });
});
