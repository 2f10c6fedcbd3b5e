import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Happening } from '../../src/shared/channels/channel.ts';
import { languageCode } from '../../src/shared/channels/whatsapp/language-code.ts';
import { createWhatsApp } from '../../src/shared/channels/whatsapp/whatsapp.ts';
import { createFold } from '../../src/shared/transcripts/fold.ts';
import { hashText } from '../../src/shared/transcripts/match-texts.ts';
import {
  acsEvent,
  asCloudEvent,
  entriesOf,
  officialSamples,
  partsWith,
  readWith,
  refuses,
} from '../support/acs-events.ts';

const channel = '75476a19-a68d-4e10-806c-3680f099e069';
const bsuid = 'US.13491208655302741918';
const number = '+14255551234';
const byBsuid = `${channel}:${bsuid}`;
const byNumber = `${channel}:${number}`;

const whatsapp = createWhatsApp(partsWith());
/** Where the person is known to write under a BSUID. */
const knowing = createWhatsApp(partsWith({ theirs: { [`4:${number}`]: [byNumber, byBsuid] } }));

const text = 'Could you help me order some flowers?';
const documented = {
  originalMessage: text,
  channelType: 'whatsapp',
  languageDetection: { language: 'English', confidenceScore: 0.99 },
  intentAnalysis: 'Order request: The customer asks for help with ordering flowers.',
  extractedKeyPhrases: ['order', 'flowers'],
  from: '14255551234',
  to: channel.toUpperCase(),
  receivedTimestamp: '2026-11-23T09:00:21.28+00:00',
};
const { extractedKeyPhrases, receivedTimestamp: _, ...rest } = documented;
const specified = {
  ...rest,
  keyphraseExtraction: extractedKeyPhrases,
  languageDetection: { language: 'German', confidenceScore: 0.8, translation: 'Could you help me?' },
  sentiment: { score: -0.4, description: 'frustrated' },
};

const analysed = (data: object) => acsEvent('AdvancedMessageAnalysisCompleted', data);

async function readAnalysis(data: object, by = whatsapp): Promise<Happening> {
  const happening = await readWith(by, analysed(data));
  assert.ok(happening);
  return happening;
}

async function analysisOf(data: object) {
  const [entry] = (await readAnalysis(data)).entries;
  return entry?.kind === 'analysis' ? entry.analysis : undefined;
}

describe("WhatsApp's built-in analysis", () => {
  test('becomes an entry that says by sender, text and time which message it is about', async () => {
    assert.deepEqual(await readAnalysis(documented, knowing), {
      conversation: { channel: 'whatsapp', id: byBsuid },
      entries: [
        {
          kind: 'analysis',
          id: `analysis:${hashText(text).slice(0, 16)}:event-of-AdvancedMessageAnalysisCompleted:1795424421280`,
          conversation: byBsuid,
          version: '1795424421280',
          at: '2026-11-23T09:00:21.280Z',
          matches: {
            sender: `whatsapp:${bsuid}`,
            textHash: hashText(text),
            length: text.length,
            at: '2026-11-23T09:00:21.280Z',
          },
          analysis: {
            by: 'provider',
            language: { code: 'en', confidence: 0.99 },
            intent: documented.intentAnalysis,
            keyPhrases: ['order', 'flowers'],
          },
        },
      ],
    });
  });

  test('is read in both spellings, with or without time, sentiment and translation, in either envelope', async () => {
    const expected = {
      by: 'provider',
      language: { code: 'de', confidence: 0.8 },
      intent: documented.intentAnalysis,
      keyPhrases: ['order', 'flowers'],
      sentiment: { score: -0.4, description: 'frustrated' },
      translation: 'Could you help me?',
    };
    assert.deepEqual(await analysisOf(specified), expected);
    const [entry] = await entriesOf(whatsapp, asCloudEvent(analysed(specified)));
    assert.ok(entry?.kind === 'analysis');
    assert.deepEqual(entry.analysis, expected);
    // The envelope's own time, where the payload has none.
    assert.equal(entry.matches?.at, '2026-11-23T09:00:30.000Z');
  });

  test('keeps what it can read and leaves out the rest', async () => {
    const cases: [object, object | undefined][] = [
      [{ languageDetection: { language: 'Klingon', confidenceScore: 0.9 } }, {}],
      [{ languageDetection: { language: 'French', confidenceScore: 7 } }, { language: { code: 'fr' } }],
      [{ languageDetection: { language: 'English', translation: text } }, { language: { code: 'en' } }],
      [{ languageDetection: null, intentAnalysis: 7, extractedKeyPhrases: 'flowers' }, {}],
      [
        { extractedKeyPhrases: ['order', 7, '', null, 'x'.repeat(300)] },
        { keyPhrases: ['order', 'x'.repeat(200)] },
      ],
      [{ intentAnalysis: 'wants flowers', sentiment: 'good' }, { intent: 'wants flowers' }],
      [{ sentiment: { score: 'bad', description: 'calm' } }, { sentiment: { description: 'calm' } }],
    ];
    const bare = { originalMessage: text, from: documented.from, to: channel };
    for (const [data, expected] of cases) {
      const empty = Object.keys(expected ?? {}).length === 0;
      const analysis = await analysisOf({ ...bare, ...data });
      assert.deepEqual(analysis, empty ? undefined : { by: 'provider', ...expected }, JSON.stringify(data));
    }
  });

  test('that cannot be about any message, or from anybody, is refused with the field at fault', async () => {
    const cases: [object, RegExp][] = [
      [{ originalMessage: undefined }, /data\.originalMessage/],
      [{ originalMessage: '' }, /data\.originalMessage/],
      [{ originalMessage: 'half \ud800' }, /data\.originalMessage is not well-formed/],
      [{ to: undefined }, /data\.to/],
      [{ from: '' }, /neither the person's number nor their BSUID/],
    ];
    for (const [data, reason] of cases) {
      await assert.rejects(readAnalysis({ ...documented, ...data }), refuses(reason));
    }
  });

  test('of another channel is none of its business', async () => {
    assert.equal(await readWith(whatsapp, analysed({ ...documented, channelType: 'messenger' })), undefined);
  });

  test('goes where the person writes: under the BSUID that is told, or known for the number', async () => {
    const told = await readAnalysis({ ...documented, from: bsuid });
    assert.deepEqual([told.conversation.id, told.isAstray], [byBsuid, undefined]);
    const both = await readAnalysis({ ...documented, fromBSUID: bsuid });
    assert.deepEqual([both.conversation.id, both.isAstray], [byBsuid, undefined]);
    const known = await readAnalysis(documented, knowing);
    assert.deepEqual([known.conversation.id, known.isAstray], [byBsuid, undefined]);
    const elsewhere = createWhatsApp(partsWith({ theirs: { [`4:${number}`]: [`other-channel:${bsuid}`] } }));
    assert.equal((await readAnalysis(documented, elsewhere)).conversation.id, byNumber);
  });

  test('waits by number while nobody knows under which BSUID its message comes, and is brought home then', async () => {
    const waiting = await readAnalysis(documented);
    assert.deepEqual([waiting.conversation.id, waiting.isAstray], [byNumber, true]);
    const { entries, conversation } = waiting;
    assert.equal(await whatsapp.strays?.findHome(conversation, {}), undefined);
    const home = await knowing.strays?.findHome(conversation, {});
    const known = await readAnalysis(documented, knowing);
    assert.deepEqual(home?.conversation, known.conversation);
    assert.deepEqual(entries.map(home?.bring ?? assert.fail), known.entries);
    const place = (identity: string) =>
      whatsapp.strays?.placeOf({ channel: 'whatsapp', id: byBsuid }, identity);
    assert.deepEqual(place(`4:${number}`), conversation);
    assert.equal(place(`whatsapp:${bsuid}`), undefined);
    assert.equal(knowing.strays?.placeOf(conversation, `4:${number}`), undefined);
  });

  test('stands beside its message, in whatever order the two come', async () => {
    const message = acsEvent('AdvancedMessageReceived', {
      channelType: 'whatsapp',
      messageType: 'text',
      messageId: 'wamid.1',
      from: '14255551234',
      fromBSUID: bsuid,
      to: channel,
      content: text,
      receivedTimestamp: '2026-11-23T09:00:19+00:00',
    });
    for (const data of [documented, specified]) {
      const events = [message, analysed(data)];
      for (const order of [events, events.toReversed(), [...events, ...events]]) {
        const fold = createFold({ channel: 'whatsapp', id: byBsuid });
        for (const event of order) {
          for (const entry of await entriesOf(knowing, event)) fold.add(entry);
        }
        const { messages, participants } = fold.result();
        assert.equal(messages.length, 1);
        assert.equal(messages[0]?.analysis?.intent, documented.intentAnalysis);
        assert.deepEqual(
          participants.map(({ id }) => id),
          [`whatsapp:${bsuid}`],
        );
      }
    }
  });

  test('any member may be anything: it is read, or refused, and never fails otherwise', async () => {
    const fields = fc.constantFrom(...Object.keys({ ...documented, ...specified }));
    await fc.assert(
      fc.asyncProperty(fields, fc.anything(), async (field, value) => {
        try {
          await readAnalysis({ ...specified, [field]: value });
        } catch (error) {
          assert.ok(refuses(/^Microsoft/)(error) || error instanceof assert.AssertionError, String(error));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  const samples = officialSamples(/analysis_completed\.json$/);
  test('the official samples are read', { skip: samples === undefined }, async () => {
    assert.equal(samples?.size, 2);
    for (const [file, sample] of samples ?? []) {
      const [entry] = await entriesOf(whatsapp, sample);
      assert.ok(entry?.kind === 'analysis', file);
      assert.equal(entry.analysis.language?.code, 'en');
      assert.equal(entry.analysis.keyPhrases?.length, 3);
      assert.match(entry.analysis.intent ?? '', /customer/);
      assert.equal(entry.analysis.translation, undefined);
    }
  });
});

describe('the English name of a language', () => {
  test('is told by its code of two letters, however it is written', () => {
    const cases: [string, string | undefined][] = [
      ['English', 'en'],
      [' german ', 'de'],
      ['Chinese (Simplified)', 'zh'],
      ['Brazilian Portuguese', 'pt'],
      ['Norwegian Bokmål', 'nb'],
      ['Maori', 'mi'],
      ['Bengali', 'bn'],
      ['Tagalog', 'tl'],
      ['es', 'es'],
      ['pt-BR', 'pt'],
      ['xx', undefined],
      ['Klingon', undefined],
      ['constructor', undefined],
      ['', undefined],
    ];
    for (const [name, code] of cases) assert.equal(languageCode(name), code, name);
  });

  test('of every language that has such a code comes back as that code', () => {
    const names = new Intl.DisplayNames(['en'], { type: 'language' });
    for (const code of ['ar', 'cs', 'da', 'el', 'fa', 'fi', 'he', 'hi', 'hu', 'id', 'ja', 'ko', 'nl', 'pl']) {
      assert.equal(languageCode(names.of(code) ?? ''), code);
    }
  });
});
