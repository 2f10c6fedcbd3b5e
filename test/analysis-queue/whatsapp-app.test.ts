import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import * as z from 'zod';
import { runScript } from '../local/run-program.ts';
import { ask, askUntil, newFolder, post, startParley } from '../support/parley.ts';

const listing = z.object({ conversations: z.array(z.object({ id: z.string() })) });
const conversation = z.object({
  messages: z.array(z.object({ text: z.string(), analysis: z.record(z.string(), z.unknown()).optional() })),
});

/** Parley as `npm start` runs it, with an emulator of its own, and a person at the command line. */
async function startAll(t: TestContext, environment: Record<string, string> = { ANALYSIS: 'on' }) {
  const { folder, remove } = await newFolder();
  const parley = await startParley(folder, environment);
  t.after(async () => {
    await parley.stop();
    await remove();
  });
  const [, emulator = ''] = /ACS emulator: (\S+)/.exec(parley.lines.join('\n')) ?? [];
  const acs = async (...args: string[]): Promise<void> => {
    const program = runScript(t, 'local/acs.ts', { args, environment: { ACS_EMULATOR_URL: emulator } });
    assert.equal(await program.ended, 0, program.output());
  };
  return { url: parley.url, emulator, acs };
}

async function conversationsOf(url: string): Promise<string[]> {
  const { json } = await ask(`${url}/api/conversations?channel=whatsapp`);
  return listing.parse(json).conversations.map(({ id }) => id);
}

async function analysisOf(url: string, id: string, isThere: (analysis: Record<string, unknown>) => boolean) {
  const address = `${url}/api/conversations/whatsapp/${encodeURIComponent(id)}`;
  const first = (json: unknown) => conversation.safeParse(json).data?.messages[0]?.analysis;
  const answer = await askUntil(address, ({ json }) => {
    const analysis = first(json);
    return analysis !== undefined && isThere(analysis);
  });
  return first(answer.json);
}

const isProviders = ({ by }: Record<string, unknown>): boolean => by === 'provider';

describe("WhatsApp's built-in analysis through the whole stack", () => {
  test('stands beside the message that somebody writes, together with what Parley read', async (t) => {
    const { url, acs } = await startAll(t);
    for (const [spelling, number] of [
      ['extractedKeyPhrases', '+15551230001'],
      ['keyphraseExtraction', '+15551230002'],
    ] as const) {
      await acs('analysis', 'on', '--spelling', spelling);
      await acs('whatsapp', number, 'Could you deliver flowers tomorrow?');
      await askUntil(`${url}/api/conversations?channel=whatsapp`, ({ text }) => text.includes('"id"'));
      const known = await conversationsOf(url);
      const id = known.at(-1) ?? '';
      const analysis = await analysisOf(url, id, (found) => isProviders(found) && found.act !== undefined);
      assert.deepEqual(analysis?.language, { code: 'en', confidence: 0.99 });
      assert.match(String(analysis?.intent), /^The customer is contacting customer service/);
      assert.deepEqual(analysis?.keyPhrases, ['tomorrow', 'deliver', 'flowers']);
    }
  });

  for (const setting of ['on', 'off'] as const) {
    test(`finds its message when both come at once, and makes no second conversation, with ANALYSIS=${setting}`, async (t) => {
      const { url, emulator } = await startAll(t, { ANALYSIS: setting });
      const channel = { id: 'c4a77e10-0000-4000-8000-000000000001', number: '+15550100200' };
      await post(`${emulator}/emulator/settings/whatsapp`, {
        channels: [{ ...channel, analysis: 'extractedKeyPhrases' }],
        analysedAfterMilliseconds: 0,
      });
      const people = Array.from({ length: 20 }, (_, index) => `+1555123${String(index).padStart(4, '0')}`);
      await Promise.all(
        people.map((from) => post(`${emulator}/emulator/people/whatsapp`, { from, text: `I am ${from}` })),
      );
      await askUntil(`${url}/api/conversations?channel=whatsapp`, ({ json }) => {
        const { conversations } = listing.parse(json);
        return conversations.filter(({ id }) => id.includes(':US.')).length === people.length;
      });
      for (const id of (await conversationsOf(url)).filter((each) => each.includes(':US.'))) {
        await analysisOf(url, id, isProviders);
      }
      await askUntil(
        `${url}/api/conversations?channel=whatsapp`,
        ({ json }) => listing.parse(json).conversations.length === people.length,
      );
      if (setting === 'on') return;
      // Parley has read none of them by itself, and does when it is told to.
      const [id = ''] = await conversationsOf(url);
      const provided = await analysisOf(url, id, () => true);
      assert.equal(provided?.act, undefined);
      const ordered = await post(`${url}/api/analysis/whatsapp/${encodeURIComponent(id)}`, '');
      assert.deepEqual([ordered.status, ordered.json], [202, { ordered: 1 }]);
      await analysisOf(url, id, ({ act }) => act !== undefined);
    });
  }
});
