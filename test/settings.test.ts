import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import * as z from 'zod';
import { readSettings } from '../src/shared/settings.ts';

describe('settings', () => {
  test('nothing set means this machine', () => {
    assert.deepEqual(readSettings({}), {
      storage: { connectionString: 'UseDevelopmentStorage=true' },
      summarySchedule: '0 0 2 * * *',
      segmentBytes: 64 * 1024 ** 2,
    });
  });

  test('a managed identity needs the account only', () => {
    assert.deepEqual(readSettings({ AzureWebJobsStorage__accountName: 'parley' }).storage, {
      blobServiceUri: 'https://parley.blob.core.windows.net',
    });
    assert.deepEqual(
      readSettings({
        AzureWebJobsStorage__blobServiceUri: 'https://parley.blob.core.windows.net',
        AzureWebJobsStorage__clientId: 'client',
      }).storage,
      { blobServiceUri: 'https://parley.blob.core.windows.net', managedIdentityClientId: 'client' },
    );
  });

  test('a schedule that the host could not read is refused', () => {
    for (const wrong of ['99 0 2 * * *', 'a b c d e f', '0 0 2 * *', '0 0 25 * * *', '0 0 2 * * * *']) {
      assert.throws(() => readSettings({ SUMMARY_SCHEDULE: wrong }), /SUMMARY_SCHEDULE/, wrong);
    }
    for (const right of ['0 */5 * * * *', '0 30 1,13 * * MON-FRI', '0 0 2 1-7 JAN *']) {
      assert.equal(readSettings({ SUMMARY_SCHEDULE: right }).summarySchedule, right);
    }
  });

  test('a connection string that is none is named', () => {
    assert.throws(
      () => readSettings({ AzureWebJobsStorage: 'my account' }),
      /AzureWebJobsStorage must be the/,
    );
  });

  test('every wrong setting is named at once, with what is right', () => {
    assert.throws(
      () =>
        readSettings({
          SUMMARY_SCHEDULE: 'daily',
          TRANSCRIPT_SEGMENT_BYTES: 'big',
          AzureWebJobsStorage__blobServiceUri: 'nowhere',
        }),
      /AzureWebJobsStorage__blobServiceUri must be.*SUMMARY_SCHEDULE must have six fields.*TRANSCRIPT_SEGMENT_BYTES must be a number/,
    );
  });

  test('the sample file holds every setting with its usual value, and the docs explain each', () => {
    const sample = z
      .object({ Values: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync('local.settings.sample.json', 'utf8')));
    assert.deepEqual(readSettings(sample.Values), readSettings({}));
    const docs = readFileSync('docs/operations.md', 'utf8');
    for (const name of Object.keys(sample.Values))
      assert.ok(docs.includes(`\`${name}\``), `docs/operations.md lacks ${name}`);
  });
});
