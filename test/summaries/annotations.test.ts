import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createOfflineModel } from '../../src/shared/models/offline/offline-model.ts';
import type { SummaryModel } from '../../src/shared/models/summary-model.ts';
import { openDigests } from '../../src/shared/summaries/digest.ts';
import { createNight } from '../../src/shared/summaries/night.ts';
import { openNightFiles } from '../../src/shared/summaries/night-files.ts';
import { renderDigest } from '../../src/shared/summaries/render-digest.ts';
import { openSummaries } from '../../src/shared/summaries/store.ts';
import { conversationPath } from '../../src/shared/transcripts/conversation-path.ts';
import type { TranscriptEntry } from '../../src/shared/transcripts/entry.ts';
import { hashText } from '../../src/shared/transcripts/match-texts.ts';
import { openTranscripts } from '../../src/shared/transcripts/store.ts';
import { messageOf } from '../analysis-queue/make-analyser.ts';
import { useAzurite } from '../support/azurite.ts';
import { carryOutNight } from '../support/carry-out-night.ts';

const azurite = useAzurite();
const offline = createOfflineModel();
const conversations = 20;
const messagesEach = 25;

function open() {
  const transcripts = openTranscripts(azurite.newContainer(), { segmentBytes: 64 * 1024 ** 2 });
  const summaryBlobs = azurite.newContainer();
  const summaries = openSummaries(summaryBlobs);
  const digests = openDigests(azurite.newContainer(), renderDigest);
  const files = openNightFiles(azurite.newContainer());
  let calls = 0;
  const model: SummaryModel = {
    ...offline,
    summarize: (...all) => {
      calls += 1;
      return offline.summarize(...all);
    },
  };
  const clock = () => new Date('2026-11-24T02:00:00Z');
  const night = createNight({ transcripts, summaries, summaryBlobs, files, digests, model, clock });
  return {
    transcripts,
    summaries,
    calls: () => calls,
    runNight: (date: string) => carryOutNight(night, date),
  };
}

const keys = Array.from({ length: conversations }, (_, index) => ({
  channel: 'whatsapp',
  id: `c4a77e10:US.${index}`,
}));

/** A delivery report, Parley's analysis, the provider's, a reaction: fifty for each conversation. */
function annotationsOf(key: { channel: string; id: string }): TranscriptEntry[] {
  const at = '2026-11-23T12:00:00.000Z';
  return Array.from({ length: messagesEach }, (_, number): TranscriptEntry[] => {
    const message = messageOf(number, { key });
    const version = String(Date.parse(at) + number);
    const happening = { conversation: key.id, version, at, messageId: message.messageId };
    return [
      { kind: 'receipt', id: `receipt:${number}:read:${version}`, ...happening, status: 'read' },
      number % 2 === 0
        ? {
            kind: 'analysis',
            id: `analysis:${number}:${message.version}:parley:${version}`,
            ...happening,
            of: message.version,
            analysis: { by: 'parley', language: { code: 'fr' }, act: 'question', keyPhrases: ['croissants'] },
          }
        : {
            kind: 'analysis',
            id: `analysis:${hashText(message.text).slice(0, 16)}::${version}`,
            conversation: key.id,
            version,
            at,
            matches: {
              sender: message.sender.id,
              textHash: hashText(message.text),
              length: message.text.length,
              at: message.at,
            },
            analysis: { by: 'provider', language: { code: 'fr' }, intent: 'asks' },
          },
    ];
  }).flat();
}

describe('annotations and a night', () => {
  test('a thousand delivery reports and analyses make no summary anew, and move its version on', async () => {
    const { transcripts, summaries, calls, runNight } = open();
    for (const key of keys) {
      const messages = Array.from({ length: messagesEach }, (_, number) => messageOf(number, { key }));
      await transcripts.append(key, messages);
    }
    await runNight('2026-11-23');
    assert.equal(calls(), conversations);
    const before = await Promise.all(keys.map((key) => summaries.get(conversationPath(key))));

    const annotations = keys.map((key) => ({ key, entries: annotationsOf(key) }));
    assert.equal(
      annotations.reduce((sum, { entries }) => sum + entries.length, 0),
      1_000,
    );
    for (const { key, entries } of annotations) await transcripts.append(key, entries);
    assert.equal((await runNight('2026-11-24')).found, conversations);
    assert.equal(calls(), conversations, 'a summary was made anew');
    for (const [index, key] of keys.entries()) {
      const path = conversationPath(key);
      const { version, conversation } = (await transcripts.read(path)) ?? assert.fail();
      assert.ok(conversation.messages.every(({ analysis }) => analysis?.language?.code === 'fr'));
      const { summary } = (await summaries.get(path)) ?? assert.fail();
      assert.equal(summary?.source.version, version);
      assert.deepEqual({ ...summary, source: undefined }, { ...before[index]?.summary, source: undefined });
    }
    assert.equal((await runNight('2026-11-25')).found, 0);

    // The next message does, and then the summary reads what was annotated.
    const [key] = keys;
    assert.ok(key);
    await transcripts.append(key, [messageOf(messagesEach, { key })]);
    assert.equal((await runNight('2026-11-26')).found, 1);
    assert.equal(calls(), conversations + 1);
    assert.equal((await summaries.get(conversationPath(key)))?.summary?.language, 'fr');
  });
});
