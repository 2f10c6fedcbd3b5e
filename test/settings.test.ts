import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import * as z from 'zod';
import { retentionChannels } from '../src/shared/privacy-settings.ts';
import { createServices } from '../src/shared/services.ts';
import { readSettings } from '../src/shared/settings.ts';

describe('settings', () => {
  test('nothing set means this machine', () => {
    const settings = readSettings({});
    const { storage, summarySchedule, timeZone, segmentBytes, isAnalysing, acs, model, security } = settings;
    assert.deepEqual(
      { storage, summarySchedule, timeZone, segmentBytes, isAnalysing },
      {
        storage: { connectionString: 'UseDevelopmentStorage=true' },
        summarySchedule: '0 0 2 * * *',
        timeZone: 'UTC',
        segmentBytes: 64 * 1024 ** 2,
        isAnalysing: true,
      },
    );
    assert.equal(model.endpoint, undefined);
    assert.deepEqual(settings.summaries, { tokensPerRun: 5_000_000, tokensPerConversation: 3_000_000 });
    assert.deepEqual(settings.ask, { perHour: 30, tokens: 200_000, keepDays: 30 });
    assert.deepEqual(settings.digestMail, { to: [], from: '', withText: false });
    assert.deepEqual(security.operatorKeys, []);
    assert.equal(security.trustsThisMachine, false, 'only where the host says that this is development');
    assert.equal(acs.resource, undefined);
    assert.equal(acs.chat.addServiceUser, false);
    assert.equal(acs.mediaBytes, 64 * 1024 ** 2);
  });

  test('a managed identity needs the account only', () => {
    assert.deepEqual(readSettings({ AzureWebJobsStorage__accountName: 'parley' }).storage, {
      blobServiceUri: 'https://parley.blob.core.windows.net',
      queueServiceUri: 'https://parley.queue.core.windows.net',
    });
    assert.deepEqual(
      readSettings({
        AzureWebJobsStorage__blobServiceUri: 'https://parley.blob.core.windows.net',
        AzureWebJobsStorage__clientId: 'client',
      }).storage,
      {
        blobServiceUri: 'https://parley.blob.core.windows.net',
        queueServiceUri: 'https://parley.queue.core.windows.net',
        managedIdentityClientId: 'client',
      },
    );
    const { storage } = readSettings({
      AzureWebJobsStorage__blobServiceUri: 'https://blobs.parley.example',
      AzureWebJobsStorage__queueServiceUri: 'https://queues.parley.example',
    });
    assert.deepEqual(storage, {
      blobServiceUri: 'https://blobs.parley.example',
      queueServiceUri: 'https://queues.parley.example',
    });
  });

  test('the communication resource is reached by connection string or by identity', () => {
    const connectionString = 'endpoint=https://sample.communication.azure.com/;accesskey=c2FtcGxl';
    assert.deepEqual(readSettings({ ACS_CONNECTION_STRING: connectionString }).acs.resource, {
      connectionString,
    });
    assert.deepEqual(readSettings({ ACS_ENDPOINT: 'https://sample.communication.azure.com' }).acs.resource, {
      endpoint: 'https://sample.communication.azure.com',
    });
  });

  test('each wrong setting of a channel is named, all at once', () => {
    const wrong = {
      ACS_CONNECTION_STRING: 'accesskey=c2FtcGxl',
      ACS_EMULATOR_URL: 'https://127.0.0.1:7080',
      CHAT_SERVICE_USER: 'parley',
      CHAT_ADD_SERVICE_USER: 'yes',
      SMS_FROM: 'our number',
      WHATSAPP_CHANNEL: 'the green one',
      EMAIL_FROM: 'nobody',
      EMAIL_TRUSTED_AUTH_HEADER: 'Authentication Results:',
      MEDIA_MAX_BYTES: '12',
    };
    assert.throws(
      () => readSettings(wrong),
      ({ message }: Error) => Object.keys(wrong).every((name) => message.includes(`${name} must`)),
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

  test('messages are kept for ever unless days are set, everywhere or for a channel', () => {
    const daysOf = (environment: Record<string, string>) => readSettings(environment).privacy.retentionDays;
    assert.deepEqual(daysOf({}), { byChannel: {} });
    assert.deepEqual(daysOf({ RETENTION_DAYS: ' ', RETENTION_DAYS_SMS: '' }), { byChannel: {} });
    assert.deepEqual(daysOf({ RETENTION_DAYS: 'forever', RETENTION_DAYS_SMS: '1' }), {
      byChannel: { sms: 1 },
    });
    assert.deepEqual(
      daysOf({ RETENTION_DAYS: '90', RETENTION_DAYS_EMAIL: '36500', RETENTION_DAYS_CHAT: 'forever' }),
      { everywhere: 90, byChannel: { email: 36_500, chat: 'forever' } },
    );
  });

  test('a time that is none is refused, 0 above all, and so is one of no channel', () => {
    for (const wrong of ['0', '-1', '1.5', '36501', 'never', '90 days', '1e3', '0x10']) {
      for (const name of ['RETENTION_DAYS', 'RETENTION_DAYS_WHATSAPP']) {
        assert.throws(
          () => readSettings({ [name]: wrong }),
          ({ message }: Error) =>
            message.includes(`${name} must be a whole number of days from 1 to 36500, or forever`),
          wrong,
        );
      }
    }
    for (const name of [
      'RETENTION_DAYS_FAX',
      'RETENTION_DAYS_email',
      'RETENTION_DAYS_',
      'retention_days_sms',
    ]) {
      assert.throws(
        () => readSettings({ [name]: '30' }),
        ({ message }: Error) => message.includes(`${name} is of no channel: there are RETENTION_DAYS_CHAT, `),
        name,
      );
    }
    assert.throws(() => readSettings({ RETENTION_SCHEDULE: 'nightly' }), /RETENTION_SCHEDULE must have six/);
  });

  test('each channel that brings messages may have a time of its own', () => {
    const { sends } = createServices(readSettings({}));
    assert.deepEqual(sends.channels.map(({ name }) => name).sort(), [...retentionChannels]);
  });

  test('digests are mailed from the usual address, or another, and never from none', () => {
    const { digestMail } = readSettings({
      DIGEST_TO: 'ana@a.example, ben@a.example',
      EMAIL_FROM: 'us@a.example',
    });
    assert.deepEqual(digestMail, {
      to: ['ana@a.example', 'ben@a.example'],
      from: 'us@a.example',
      withText: false,
    });
    const { digestMail: other } = readSettings({
      DIGEST_FROM: 'night@a.example',
      EMAIL_FROM: 'us@a.example',
    });
    assert.equal(other.from, 'night@a.example');
    assert.throws(() => readSettings({ DIGEST_TO: 'ana@a.example' }), /DIGEST_FROM must be the address/);
    assert.throws(
      () =>
        readSettings({
          DIGEST_TO: 'ana',
          EMAIL_FROM: 'us@a.example',
          DIGEST_TEXT: 'yes',
          PARLEY_URL: 'here',
        }),
      /DIGEST_TO must be mail addresses.*DIGEST_TEXT must be true or false.*PARLEY_URL must be the address/,
    );
  });

  test('links lead where the app is reached', () => {
    const urlWith = (environment: Record<string, string>) => readSettings(environment).publicUrl;
    assert.equal(urlWith({ WEBSITE_HOSTNAME: 'app.azurewebsites.net' }), 'https://app.azurewebsites.net');
    assert.equal(urlWith({ WEBSITE_HOSTNAME: 'localhost:7071' }), undefined);
    assert.equal(
      urlWith({ WEBSITE_HOSTNAME: 'a.example', PARLEY_URL: 'https://b.example/' }),
      'https://b.example',
    );
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
    // So that erasing can be tried at once, where nothing is to be kept secret.
    const { ERASURE_SECRET = '', ERASURE_SETTLE_SECONDS = '' } = sample.Values;
    assert.deepEqual(readSettings(sample.Values), readSettings({ ERASURE_SECRET, ERASURE_SETTLE_SECONDS }));
    const sources = [
      'settings',
      'acs-settings',
      'model-settings',
      'privacy-settings',
      'security-settings',
      'digest-mail-settings',
    ].map((name) => readFileSync(`src/shared/${name}.ts`, 'utf8'));
    const names = sources.join('').match(/'[A-Z]+(?:_[A-Z]+)+'|(?<=environment\.)[A-Z_]+/g) ?? [];
    assert.ok(names.length > 15);
    for (const name of names)
      assert.ok(name.replaceAll("'", '') in sample.Values, `the sample lacks ${name}`);
    const docs = readFileSync('docs/operations.md', 'utf8');
    for (const name of Object.keys(sample.Values))
      assert.ok(docs.includes(`\`${name}\``), `docs/operations.md lacks ${name}`);
  });
});
