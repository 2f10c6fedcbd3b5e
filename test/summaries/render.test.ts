import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderSummary } from '../../src/shared/summaries/render.ts';
import { type Summary, summarySchema } from '../../src/shared/summaries/summary.ts';

const evil = '[click](https://evil.example) <b>now</b> ![x](http://evil.example/a.png)';

const summary: Summary = summarySchema.parse({
  conversation: { channel: 'sms', id: '+18005550100:+15551230001 (a)' },
  source: { version: 'v', segments: 1, length: 9 },
  at: '2026-11-24T02:00:00.000Z',
  method: 'model',
  model: 'my_deployment',
  headline: evil,
  summary: [
    { text: `Ada said ${evil}`, cites: ['m1', 'm2) [x](https://evil.example'] },
    { text: 'It costs 12 euros.', cites: ['m1'], isUnsupported: true },
  ],
  topics: [evil],
  keyPhrases: [evil],
  decisions: [{ text: 'They take the blue one.', cites: ['m2'] }],
  openQuestions: [{ text: 'When does it come?', messageId: 'm3', by: 'ada' }],
  actionItems: [
    { id: 'a', text: 'Send it', messageId: 'm3', owner: 'ada', due: '2026-11-30', status: 'done' },
  ],
  sentiment: { value: 'mixed', turnedAt: 'm2' },
  intent: evil,
  leftOut: [{ from: 'm4', to: 'm5', messages: 2, reason: 'limit' }],
  language: 'en',
  summaryLanguage: 'en',
  participants: [{ id: 'ada', name: `Ada ${evil}`, messages: 2 }],
  period: { from: '2026-11-23T09:00:00.000Z', to: '2026-11-23T09:00:09.000Z' },
  messageCount: 3,
});

test('a summary in Markdown tells all that there is, and links only to the messages it rests on', () => {
  const markdown = renderSummary(summary);
  for (const told of [
    /Written by the language model my\\_deployment/,
    /knows nothing of 2 messages: more than may be spent/,
    /It costs 12 euros\. \*\(not found in the messages it names\)\*/,
    /## Decisions\n\n- They take the blue one\. \[\d\]\n/,
    /Send it \[\d\] \(due 2026-11-30, done\)/,
    /Mood: mixed, turned at \[\d\]\n/,
  ]) {
    assert.match(markdown, told);
  }
  const links = [...markdown.matchAll(/^\[\d+\]: (.*)$/gm)].map(([, address]) => address ?? '');
  assert.equal(links.length, 4);
  assert.doesNotMatch(markdown, /(?<!\\)\]\(/);
  const page = '/api/conversations/sms/%2B18005550100%3A%2B15551230001%20%28a%29?around=';
  for (const link of links) assert.ok(link.startsWith(page), link);
  assert.doesNotMatch(markdown, /(?<!\\)<b>|(?<!\\)!?(?<!\\)\[x(?<!\\)\]/);
});

test('the same message has the same number wherever it is cited', () => {
  const markdown = renderSummary(summary);
  const number = /\[(\d)\]: \S*around=m2$/m.exec(markdown)?.[1];
  assert.ok(markdown.includes(`They take the blue one. [${number}]`));
  assert.ok(markdown.includes(`Mood: mixed, turned at [${number}]`));
  const defined = [...markdown.matchAll(/^\[\d\]: .*around=(.*)$/gm)].map(([, message]) => message);
  assert.equal(new Set(defined).size, defined.length);
});
