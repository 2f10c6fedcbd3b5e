import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conversationPath } from '../../src/shared/transcripts/conversation-path.ts';
import type { TranscriptEntry } from '../../src/shared/transcripts/entry.ts';
import { hashText } from '../../src/shared/transcripts/match-texts.ts';
import { messageOf } from '../analysis-queue/make-analyser.ts';
import { useAzurite } from '../support/azurite.ts';
import { newAccount, openBench, run } from './transfer-bench.ts';

const azurite = useAzurite();
const key = { channel: 'whatsapp', id: 'c4a77e10:US.1' };

test('what was read in messages is exported as it is, and an import keeps it', async () => {
  const account = newAccount();
  const bench = openBench(azurite.connectionString(), { account });
  const [one, two] = [messageOf(1, { key }), messageOf(2, { key })];
  const entries: TranscriptEntry[] = [
    one,
    two,
    {
      kind: 'analysis',
      id: `analysis:1:${one.version}:parley:9`,
      conversation: key.id,
      version: '9',
      at: one.at,
      messageId: '1',
      of: one.version,
      analysis: {
        by: 'parley',
        language: { code: 'en', confidence: 0.97 },
        act: 'question',
        intent: 'The sender asks: "message 1"',
        keyPhrases: ['message'],
      },
    },
    {
      kind: 'analysis',
      id: 'analysis:x::9',
      conversation: key.id,
      version: '9',
      at: two.at,
      matches: {
        sender: two.sender.id,
        textHash: hashText(two.text),
        length: two.text.length,
        at: two.at,
      },
      analysis: { by: 'provider', sentiment: { score: 0.5, description: 'calm' }, translation: 'Nachricht' },
    },
  ];
  await bench.transcripts.append(key, entries);
  const { id } = await run(bench, 'export', {});
  const other = openBench(azurite.connectionString(), {
    account: { ...newAccount(), exports: account.exports },
  });
  const imported = await run(other, 'import', { export: id });
  assert.deepEqual([imported.added, imported.skipped, imported.problems], [4, 0, []]);
  const kept: TranscriptEntry[] = [];
  await other.transcripts.readEntries(conversationPath(key), (entry) => kept.push(entry));
  assert.deepEqual(kept, entries);
  const transcript = await other.transcripts.read(conversationPath(key));
  assert.deepEqual(
    transcript?.conversation.messages.map(({ analysis }) => analysis?.by),
    ['parley', 'provider'],
  );
  assert.equal((await run(other, 'import', { export: id })).added, 0);
});
