import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Question } from '../../src/shared/ask/question.ts';
import { understandByRules } from '../../src/shared/ask/understand-request.ts';

/** A Tuesday, in the afternoon. */
const now = new Date('2026-11-24T16:00:00Z');
const setting = { now, timeZone: 'UTC' };

type Row = readonly [
  request: string,
  people: string[],
  more?: { me?: true; channels?: Question['channels']; since?: string; until?: string; topic?: string },
];

const week = { since: '2026-11-16', until: '2026-11-22' };
const may = { since: '2026-05-01', until: '2026-05-05' };

const english: readonly Row[] = [
  [
    'summarize all conversations between me and user Joe about the refund since March',
    ['Joe'],
    { me: true, topic: 'refund', since: '2026-03-01' },
  ],
  ['Summarize all conversations between me and user Joe', ['Joe'], { me: true }],
  ['summarise everything with Joe Miller', ['Joe Miller']],
  ['what did Joe say about the invoice last week?', ['Joe'], { ...week, topic: 'invoice' }],
  ['what did joe miller say about the invoice?', ['joe miller'], { topic: 'invoice' }],
  ['What has Joe written since Monday', ['Joe'], { since: '2026-11-23' }],
  ['me and Joe', ['Joe'], { me: true }],
  ['Joe and me', ['Joe'], { me: true }],
  ['Summarize Joe Miller and me', ['Joe Miller'], { me: true }],
  ['between joe and me about the dinner with friends', ['joe'], { me: true, topic: 'dinner with friends' }],
  ['emails from Ana yesterday', ['Ana'], { channels: ['email'], since: '2026-11-23', until: '2026-11-23' }],
  [
    "Joe's emails from last month",
    ['Joe'],
    { channels: ['email'], since: '2026-10-01', until: '2026-10-31' },
  ],
  ['texts with +1 555 123 0001', ['+1 555 123 0001'], { channels: ['sms'] }],
  ['conversations with joe@mail.example on WhatsApp', ['joe@mail.example'], { channels: ['whatsapp'] }],
  [
    'summarize my conversations with Joe and Ana about "order 4711"',
    ['Joe', 'Ana'],
    { me: true, topic: 'order 4711' },
  ],
  ['my chats with Joe', ['Joe'], { me: true, channels: ['chat'] }],
  ['summarize my conversations last week', [], { me: true, ...week }],
  ['refund', [], { topic: 'refund' }],
  ["what's new with Joe?", ['Joe']],
  ['What did I promise Joe?', ['Joe'], { me: true }],
  ['did Joe ask for a refund between 1 and 5 May?', ['Joe'], may],
  ['with Joe from May 1 to May 5', ['Joe'], may],
  ['with Joe from 2026-05-01 until 2026-05-05', ['Joe'], may],
  ['conversations between Joe and Ana', ['Joe', 'Ana']],
  [
    'summarize conversations about the refund with Joe since March',
    ['Joe'],
    { topic: 'refund', since: '2026-03-01' },
  ],
  ['about the refund with joe', ['joe'], { topic: 'refund' }],
  ['with "Joe from Sales" this week', ['Joe from Sales'], { since: '2026-11-23', until: '2026-11-29' }],
  ['Please summarize what customer Rosa Delgado wanted, by SMS', ['Rosa Delgado'], { channels: ['sms'] }],
  ['with May about the trip in May', ['May'], { topic: 'trip', since: '2026-05-01', until: '2026-05-31' }],
  ['between May and me', ['May'], { me: true }],
  ['me and April since 2025', ['April'], { me: true, since: '2025-01-01' }],
  ['conversations with 8:acs:0000_joe since 2026-03-01', ['8:acs:0000_joe'], { since: '2026-03-01' }],
  ['all emails', [], { channels: ['email'] }],
  ['summarize conversations with everyone', []],
  [
    'talk to Jean-Luc de Vries about rent, by email',
    ['Jean-Luc de Vries'],
    { channels: ['email'], topic: 'rent' },
  ],
  [
    'between me and Joe, Ana and Bob since the 5th of May.',
    ['Joe', 'Ana', 'Bob'],
    { me: true, since: '2026-05-05' },
  ],
  ['with Joe before March', ['Joe'], { until: '2026-02-28' }],
  ['with Joe until 1st of April', ['Joe'], { until: '2026-04-01' }],
  ['with Joe after 5 May', ['Joe'], { since: '2026-05-06' }],
  ['with Joe today', ['Joe'], { since: '2026-11-24', until: '2026-11-24' }],
  ['with Joe three days ago', ['Joe'], { since: '2026-11-21', until: '2026-11-21' }],
  ['with Joe in 2025', ['Joe'], { since: '2025-01-01', until: '2025-12-31' }],
  ['with Joe since December', ['Joe'], { since: '2025-12-01' }],
  ['with Joe last quarter', ['Joe'], { since: '2026-07-01', until: '2026-09-30' }],
  ["me and Joe about last week's outage", ['Joe'], { me: true, topic: "last week's outage" }],
];

const others: readonly Row[] = [
  [
    'Fasse alle Gespräche zwischen mir und Joe über die Rückerstattung seit März zusammen',
    ['Joe'],
    { me: true, topic: 'Rückerstattung', since: '2026-03-01' },
  ],
  ['Was hat Joe letzte Woche geschrieben?', ['Joe'], week],
  ['Nachrichten mit Frau Müller gestern', ['Müller'], { since: '2026-11-23', until: '2026-11-23' }],
  ['Gespräche mit Joe vom 1. bis 5. Mai', ['Joe'], may],
  [
    'Résume toutes les conversations entre moi et Joe au sujet du remboursement depuis mars',
    ['Joe'],
    { me: true, topic: 'remboursement', since: '2026-03-01' },
  ],
  ["Qu'a dit Joe la semaine dernière ?", ['Joe'], week],
  [
    'Resume todas las conversaciones entre Joe y yo sobre el reembolso desde marzo',
    ['Joe'],
    { me: true, topic: 'reembolso', since: '2026-03-01' },
  ],
  ['¿Qué dijo Joe la semana pasada?', ['Joe'], week],
  [
    'Resuma todas as conversas entre mim e Joe sobre o reembolso desde março',
    ['Joe'],
    { me: true, topic: 'reembolso', since: '2026-03-01' },
  ],
];

describe('a request in plain words', () => {
  for (const [request, people, more = {}] of [...english, ...others]) {
    test(request, async () => {
      const understood = await understandByRules(request, setting);
      assert.deepEqual(understood, {
        isAboutMe: more.me ?? false,
        people,
        channels: more.channels ?? [],
        ...(more.since === undefined ? {} : { since: `${more.since}T00:00:00.000Z` }),
        ...(more.until === undefined ? {} : { until: `${more.until}T23:59:59.999Z` }),
        ...(more.topic === undefined ? {} : { topic: more.topic }),
      });
    });
  }

  test('is about days of the time zone of whoever asks, summer time included', async () => {
    const inZone = (timeZone: string, request: string) => understandByRules(request, { now, timeZone });
    const berlin = await inZone('Europe/Berlin', 'with Joe since 1 July');
    assert.equal(berlin.since, '2026-06-30T22:00:00.000Z');
    const auckland = await inZone('Pacific/Auckland', 'with Joe yesterday');
    assert.deepEqual(
      [auckland.since, auckland.until],
      ['2026-11-23T11:00:00.000Z', '2026-11-24T10:59:59.999Z'],
    );
    const changed = await inZone('Europe/Berlin', 'with Joe on 29 March 2026');
    assert.deepEqual(
      [changed.since, changed.until],
      ['2026-03-28T23:00:00.000Z', '2026-03-29T21:59:59.999Z'],
    );
  });

  test('never throws, and never gives anything that was not typed', async () => {
    const words = [...english, ...others].flatMap(([request]) => request.split(' '));
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc
        .array(fc.constantFrom(...words, '"', '⟂', '§0§', '§9§', "'s", '\n'), { maxLength: 30 })
        .map((some) => some.join(' ')),
    );
    const fold = (each: string): string => each.replaceAll(/[§⟂\p{Cc}\s"“”«»]+/gu, '').toLowerCase();
    await fc.assert(
      fc.asyncProperty(text, async (request) => {
        const { people, topic, since = '', until = '9' } = await understandByRules(request, setting);
        for (const name of people) assert.ok(fold(request).includes(fold(name)), `${name} was not typed`);
        assert.ok(people.length <= 10 && since <= until);
        for (const word of topic?.split(' ') ?? []) assert.ok(fold(request).includes(fold(word)));
      }),
      { numRuns: 300 },
    );
  });

  test('of the greatest length comes to an end', async () => {
    for (const piece of ['a ', 'with Joe and ', 'since ', "Joe's ", '+1 555 ', 'a@', '"', 'did Joe ']) {
      const { people } = await understandByRules(piece.repeat(2_000).slice(0, 2_000), setting);
      assert.ok(people.length <= 10, piece);
    }
  });
});
