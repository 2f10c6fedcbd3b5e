import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readRecording } from './compare-recordings.ts';
import { judge, readMeantDifferences } from './differences.ts';
import { kitFolder, runKit } from './run-kit.ts';
import { limitsFile, renderLimits } from './write-limits.ts';

const absent =
  'the recordings of the Azure Functions host are not beside this repository (../shared/host-contract)';
const skip = existsSync(join(kitFolder, 'recorded.json')) ? false : absent;

test('the local host answers as Azure Functions 4.1037 does, but for the differences that are listed', {
  skip,
}, async (context) => {
  const recorded = readRecording(join(kitFolder, 'recorded.json'));
  const { agreeing, unlisted, outdated } = judge(recorded, await runKit(), readMeantDifferences());
  context.diagnostic(`${agreeing.length} of ${recorded.size} cases agree`);
  assert.deepEqual(
    unlisted,
    [],
    `these cases differ and are not in differences.json:\n${unlisted.join('\n')}`,
  );
  assert.deepEqual(outdated, [], 'these entries of differences.json agree by now: remove them');
});

test('docs/limits.md lists the differences as differences.json has them', () => {
  const text = readFileSync(limitsFile, 'utf8');
  assert.equal(text, renderLimits(text), 'run: node test/conformance/write-limits.ts');
});

test('an unlisted difference and an outdated entry are both found', () => {
  const azure = new Map([
    ['a.same', { seen: 1 }],
    ['a.other', { seen: 1, number: 1 }],
    ['b.one', { seen: { deep: [1] } }],
  ]);
  const here = new Map([
    ['a.same', { seen: 1 }],
    ['a.other', { seen: 1, number: 2 }],
    ['b.one', { seen: { deep: [2] } }],
  ]);
  const reason = 'long enough to be a reason';
  const found = judge(azure, here, [{ case: 'a.*', reason }]);
  assert.deepEqual(found.agreeing, ['a.same', 'a.other']);
  assert.match(found.unlisted.join(), /^b\.one\n {2}\.seen\.deep\.0: Azure 1, here 2$/);
  assert.deepEqual(found.outdated, ['a.*']);
  assert.deepEqual(judge(azure, here, [{ case: 'b.*', reason }]).unlisted, []);
});
