import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { measureSummaries } from '../../eval/measure-summaries.ts';
import { openConfiguredModel } from '../../eval/open-configured-model.ts';
import { parseDialogues } from '../../eval/parse-dialogues.ts';
import { summariesReport } from '../../eval/summaries-report.ts';
import { startModelEndpoint } from '../support/model-endpoint.ts';
import { writeAnswer } from '../support/write-answer.ts';

const dialogues = parseDialogues(
  [
    { dialogue: 'Anna: The lift is broken.\nBen: I call the technician.', summary: 'The lift is broken.' },
    { dialogue: 'Anna: The heating is cold.\nBen: I come on Monday.', summary: 'Ben comes on Monday.' },
    { dialogue: 'Anna: The door is open.\nBen: I close it.', summary: 'Ben closes the door.' },
  ]
    .map((line) => JSON.stringify(line))
    .join('\n'),
);

describe('measuring the summaries of a model', () => {
  test('tells what it dropped, what failed, what it took and what it cost', async () => {
    const endpoint = await startModelEndpoint((request) => {
      if (request.input.includes('door')) return { refusal: 'No.' };
      const answer = JSON.parse(writeAnswer(request));
      const invented = [
        { text: 'Zebra-Quince 77 was delivered to Kuala Lumpur.', messages: [1] },
        { text: 'This rests on nothing.', messages: [] },
      ];
      const sentences = request.input.includes('lift')
        ? [...answer.sentences, ...invented]
        : answer.sentences;
      const usage = { prompt_tokens: 2_000, completion_tokens: 500 };
      return { answer: { ...answer, sentences }, usage };
    });
    try {
      const candidate = openConfiguredModel({
        ...endpoint.environment,
        MODEL_PRICES: JSON.stringify({ 'stand-in': { input: 1, output: 4 } }),
      });
      const report = await measureSummaries(dialogues, { ...candidate, concurrency: 1 });
      assert.deepEqual(summariesReport.parse(JSON.parse(JSON.stringify(report))), report);
      assert.deepEqual(report.failures, { model_refused: 1 });
      assert.deepEqual(
        report.each.map(({ failure }) => failure),
        [null, null, 'model_refused'],
      );
      const { written, citedRightly, supported, foreign, dropped } = report.sentences;
      assert.deepEqual(
        { citedRightly, supported, foreign },
        { citedRightly: written, supported: written, foreign: 0 },
      );
      assert.equal(dropped, 2);
      assert.equal(report.each[0]?.rouge?.one, 1);
      assert.ok(report.usage.inputTokens >= 4_000 && report.usage.outputTokens >= 1_000);
      const { inputTokens, outputTokens } = report.usage;
      assert.ok(Math.abs((report.dollars ?? 0) - (inputTokens + 4 * outputTokens) / 1_000_000) < 1e-9);
      assert.notEqual(report.version, null);
    } finally {
      await endpoint.close();
    }
  });
});
