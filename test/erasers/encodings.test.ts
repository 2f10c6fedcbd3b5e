import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createMatcher } from '../../src/shared/erasers/matcher.ts';
import { encodeName } from '../../src/shared/transcripts/conversation-path.ts';
import { joe, matcherOf, user } from './joe-smith.ts';

const matcher = createMatcher({
  ...joe,
  names: ['Joe Smith', 'Zoé Groß'],
  texts: [...joe.texts, 'Le vélo n’est jamais arrivé, et c’est déjà la troisième fois que je réclame.'],
});

const secrets = [
  user,
  '+1 (555) 123-0001',
  'joe.s@bücher.example',
  'Joe Smith',
  'Zoé Groß',
  'le vélo n’est jamais arrivé, et c’est déjà la troisième fois que je',
];
const harmless = 'Ann wrote: the oars are in the shed, é 🙂 = 100 % of them ~ all <b>fine</b> & dry.';

type Encode = (text: string) => string;

const base64: Encode = (text) => Buffer.from(text, 'utf8').toString('base64');
const inLines: Encode = (text) => base64(text).replaceAll(/(.{76})/g, '$1\r\n');
const quotedPrintable: Encode = (text) => {
  const bytes = [...Buffer.from(text, 'utf8')].map((byte) =>
    byte === 61 || byte > 126 || (byte < 32 && byte !== 10)
      ? `=${byte.toString(16).toUpperCase().padStart(2, '0')}`
      : String.fromCharCode(byte),
  );
  let line = '';
  let lines = '';
  for (const piece of bytes) {
    if (line.length + piece.length > 60) {
      lines += `${line}=\r\n`;
      line = '';
    }
    line += piece;
  }
  return lines + line;
};
const escaped: Encode = (text) =>
  JSON.stringify(text).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
const html: Encode = (text) =>
  `<html><body><p>${text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('é', '&eacute;')
    .replaceAll('ß', '&#223;')
    .replaceAll('’', '&#x2019;')
    .replaceAll(' ', '</span>\n<span style="color:red">')}</p></body></html>`;

const encodings: Record<string, Encode> = {
  plain: (text) => text,
  JSON: (text) => JSON.stringify({ text }),
  'JSON in JSON': (text) => JSON.stringify({ original: JSON.stringify({ text }) }),
  'JSON of ASCII': escaped,
  Base64: base64,
  'Base64 in lines': inLines,
  'Base64 of an address': (text) => Buffer.from(text, 'utf8').toString('base64url'),
  'Base64 of JSON': (text) => base64(JSON.stringify({ text })),
  'UTF-16 as Base64': (text) => Buffer.from(text, 'utf16le').toString('base64'),
  'quoted-printable': quotedPrintable,
  'the name of a blob': (text) => `by-identity/${encodeName(text).slice(0, 600)}/x`,
  'an address': (text) => `https://example.org/?q=${encodeURIComponent(text)}&p=1`,
  'an address in an address': (text) => encodeURIComponent(`?q=${encodeURIComponent(text)}`),
  HTML: html,
  'HTML in JSON': (text) => JSON.stringify({ html: html(text) }),
  'a mail in JSON': (text) =>
    JSON.stringify({
      original: `Subject: Hello\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${quotedPrintable(text)}\r\n`,
    }),
  'HTML in a mail in a dead letter': (text) =>
    JSON.stringify({ original: `Content-Type: text/html\r\n\r\n${inLines(html(text))}\r\n--part--` }),
  'a mail that was forwarded as a file': (text) =>
    inLines(`Content-Type: text/plain\r\n\r\n${inLines(text)}`),
};

describe('a trace is found', () => {
  for (const [name, encode] of Object.entries(encodings)) {
    test(`in ${name}, and erased there`, () => {
      for (const secret of secrets) {
        // A blob has no name that long: it is a hash.
        const around = name === 'the name of a blob' ? secret : `${harmless}\n${secret}\n${harmless}`;
        if (name === 'the name of a blob' && encodeName(secret).startsWith('~h')) continue;
        const text = encode(around);
        assert.ok(matcher.isIn(text), text);
        const redacted = matcher.redact(text);
        assert.ok(!matcher.isIn(redacted), redacted);
        assert.ok(redacted.includes('[erased]'));
      }
    });

    test(`in ${name}, but nothing is where nothing stands`, () => {
      const text = encode(harmless);
      assert.ok(!matcher.isIn(text, { isTheirs: true }));
      assert.equal(matcher.redact(text, { isTheirs: true }), text);
    });
  }

  test('in the words of a mail’s headers', () => {
    for (const header of [
      'From: =?utf-8?B?Sm9lIFNtaXRo?= <x@example.org>',
      'From: =?UTF-8?Q?Zo=C3=A9_Gro=C3=9F?= <x@example.org>',
      'From: =?iso-8859-1?q?Zo=E9?=\r\n =?iso-8859-1?q?_Gro=DF?= <x@example.org>',
      'From: =?utf-8*fr?B?Wm/DqQ==?= =?utf-8?B?IEdyb8Of?= <x@example.org>',
      "Content-Disposition: attachment; filename*=UTF-8''Zo%C3%A9%20Gro%C3%9F.pdf",
    ]) {
      assert.ok(matcher.isIn(header), header);
      assert.ok(!matcher.isIn(matcher.redact(header)));
    }
  });

  test('in mails of other charsets', () => {
    const names = matcherOf({ names: ['Алёна Йорданова', '山田太郎', 'Zoé Groß'] });
    const koi = Buffer.from('e1cca3cec120eacfd2c4c1cecfd7c1', 'hex');
    const latin = 'Content-Type: text/plain; charset="iso-8859-1"\r\n\r\nZo=E9 Gro=DF';
    const russian = `Content-Type: text/plain; charset=koi8-r\r\n\r\n${koi.toString('base64')}`;
    const japanese = 'Content-Type: text/plain; charset=ISO-2022-JP\r\n\r\n\u001b$B;3EDB@O:\u001b(B desu';
    for (const text of [latin, russian, japanese]) {
      assert.ok(names.isIn(text), text);
      assert.ok(!names.isIn(names.redact(text)));
    }
  });

  test('in the name of a blob that is too long to tell an identity', () => {
    const long = `pigeon:${'ä'.repeat(60)}`;
    assert.match(encodeName(long), /^~h/);
    assert.ok(matcherOf({ identities: [long] }).isIn(`by-identity/${encodeName(long)}/chat/x`));
  });

  test('whatever JSON is made of a text that has it', () => {
    const piece = fc.constantFrom(...secrets);
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 30 }),
        piece,
        fc.jsonValue({ maxDepth: 2 }),
        (text, secret, value) => {
          const json = JSON.stringify({ value, list: [`${text}\n${secret}\n${text}`] });
          assert.ok(matcher.isIn(json), json);
          assert.ok(matcher.isIn(escaped(json)), json);
        },
      ),
    );
  });
});
