import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Answer, newFolder, type Parley, post, startParley } from '../support/parley.ts';

let parley: Parley;
let removeFolder: () => Promise<void>;

before(async () => {
  const { folder, remove } = await newFolder();
  removeFolder = remove;
  parley = await startParley(folder);
});

after(async () => {
  await parley.stop();
  await removeFolder();
});

const analyse = (body: unknown): Promise<Answer> => post(`${parley.url}/api/analysis`, body);
const resultsOf = ({ text }: Answer): Record<string, unknown>[] => JSON.parse(text).results;

describe('texts through the front door', () => {
  test('are read in order, with their ids, and the answer says by what', async () => {
    const answer = await analyse({
      texts: [
        'Hi, where is my order?',
        { id: 'b', text: 'Stornieren Sie bitte meine Bestellung.' },
        { id: 'c', text: 'vale', language: 'es-MX' },
        '',
        '😀',
      ],
    });
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.json, {
      results: [
        {
          language: { code: 'en', confidence: 0.99 },
          act: 'question',
          intent: 'The sender asks: "Hi, where is my order?"',
          keyPhrases: ['order'],
        },
        {
          id: 'b',
          language: { code: 'de', confidence: 0.99 },
          act: 'request',
          intent: 'The sender requests: "Stornieren Sie bitte meine Bestellung."',
          keyPhrases: ['Bestellung'],
        },
        { id: 'c', language: { code: 'es' }, act: 'other', keyPhrases: [] },
        { language: { code: 'und' }, act: 'other', keyPhrases: [] },
        { language: { code: 'und' }, act: 'other', keyPhrases: [] },
      ],
      method: 'extract',
    });
  });

  test('may be a hundred of 10,000 characters; of more, the answer says what is too much', async () => {
    const longest = 'Where is it? '.repeat(770).slice(0, 10_000);
    const most = await analyse({ texts: Array.from({ length: 100 }, () => longest) });
    assert.equal(most.status, 200);
    assert.equal(resultsOf(most).length, 100);

    const tooMany = await analyse({ texts: Array.from({ length: 101 }, () => 'a') });
    assert.equal(tooMany.status, 413);
    assert.match(tooMany.text, /100 at once; these are 101/);
    const tooLong = await analyse({ texts: ['a', { text: `${longest}x` }] });
    assert.equal(tooLong.status, 413);
    assert.match(tooLong.text, /texts\.1 has 10001 characters/);
    const tooLarge = await analyse({ texts: ['x'.repeat(2 * 1024 ** 2)] });
    assert.equal(tooLarge.status, 413);
    assert.match(tooLarge.text, /2 MiB/);
  });

  test('leave others of the process their turn', async () => {
    const heavy = Array.from({ length: 100 }, () => 'I ordered a sofa and it has not come. '.repeat(250));
    const waiting = analyse({ texts: heavy });
    let isDone = false;
    const done = waiting.finally(() => {
      isDone = true;
    });
    let answered = 0;
    while (!isDone) {
      const started = performance.now();
      const health = await fetch(`${parley.url}/api/health`);
      await health.text();
      if (!isDone && health.ok && performance.now() - started < 1_000) answered += 1;
    }
    assert.equal((await done).status, 200);
    assert.ok(answered >= 3, `${answered} answered meanwhile`);
  });

  test('that are not in the right form are told which member is wrong', async () => {
    const wrong: [unknown, RegExp][] = [
      [{}, /texts: is missing/],
      [{ texts: [] }, /texts: must not be empty/],
      [{ texts: 'hello' }, /texts: must be a list/],
      [{ texts: ['a', 7] }, /texts\.1: must be text or an object/],
      [{ texts: [{ id: 'a' }] }, /texts\.0\.text: is missing/],
      [{ texts: [{ text: null }] }, /texts\.0\.text: must be text/],
      [{ texts: [{ text: 'a', id: 7 }] }, /texts\.0\.id: must be text/],
      [{ texts: [{ text: 'a', lang: 'en' }] }, /texts\.0: takes no \\"lang\\", only id, text, language/],
      [{ texts: [{ text: 'a', language: 'English' }] }, /texts\.0\.language: must be a language such as en/],
      [{ texts: ['a'], more: 1 }, /The body takes no/],
      [[], /The body must be an object/],
      ['{"texts":["\\ud800"]}', /texts\.0: is not well-formed Unicode/],
      ['nope', /must be JSON/],
    ];
    for (const [body, message] of wrong) {
      const answer = await analyse(body);
      assert.equal(answer.status, 400, JSON.stringify(body));
      assert.match(answer.text, /"code":"bad_request"/);
      assert.match(answer.text, message);
    }
    assert.equal((await analyse('')).status, 411);
  });

  test('are in no log', async () => {
    await analyse({ texts: ['The unmistakable marmalade is late again.', 7] });
    await analyse({ texts: ['The unmistakable marmalade is late again.'] });
    assert.ok(!parley.lines.some((line) => /marmalade/.test(line)));
  });
});
