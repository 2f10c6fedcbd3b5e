import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HttpRequest } from '@azure/functions';
import { readMessage, readOpening } from '../../src/shared/sends/read-request.ts';

function request(body: unknown): HttpRequest {
  const url = 'http://localhost/api/conversations/sms';
  return new HttpRequest({ method: 'POST', url, body: { string: JSON.stringify(body) } });
}

describe('a wrong request is told in plain words what is right', () => {
  const members = 'text, html, subject, media, template, replyTo, sentBy';
  const message: [unknown, string][] = [
    [[], 'The body must be an object.'],
    [{ txt: 'Hi' }, `The body takes no "txt", only ${members}.`],
    [{ template: 'welcome' }, 'template: must be an object.'],
    [
      { template: { nam: 'welcome', language: 'en' } },
      'template: takes no "nam", only name, language, values, bindings.',
    ],
    [{ template: { name: 'welcome' } }, 'template.language: is missing.'],
    [{ template: { name: 'welcome', language: 'en', values: {} } }, 'template.values: must be a list.'],
    [{ media: { url: 'https://example.org/a' } }, 'media.kind: is missing.'],
    [
      { media: { url: 'https://example.org/a', kind: 'sticker' } },
      'media.kind: must be image, document, video or audio.',
    ],
    [{ text: 7 }, 'text: must be text.'],
    [{ text: '' }, 'text: must not be empty.'],
    [{ text: '\ud800' }, 'text: is not well-formed Unicode.'],
    [{ text: 'Hi', sentBy: 'x'.repeat(201) }, 'sentBy: must have at most 200 characters.'],
  ];
  for (const [body, expected] of message) {
    test(expected, () => assert.rejects(readMessage(request(body)), { message: expected }));
  }

  const opening: [object, string][] = [
    [{}, 'to: is missing.'],
    [{ to: [] }, 'to: must not be empty.'],
    [{ to: '' }, 'to: must not be empty.'],
    [{ to: 7 }, 'to: must be text or a list.'],
    [{ to: ['+15551230001', 7] }, 'to.1: must be text.'],
    [{ to: Array(301).fill('+15551230001') }, 'to: must have at most 300 items.'],
    [{ To: '+15551230001' }, `The body takes no "To", only ${members}, to, from, topic.`],
  ];
  for (const [body, expected] of opening) {
    test(`${JSON.stringify(body).slice(0, 40)}: ${expected}`, () =>
      assert.rejects(readOpening(request({ text: 'Hi', ...body })), { message: expected }));
  }
});
