import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { MalformedEvent } from '../../../src/shared/channels/channel.ts';
import { readText } from '../../../src/shared/channels/email/mail-text.ts';
import { parseMail } from '../../../src/shared/channels/email/parse-mail.ts';
import { attached, lines, mail, multipart, nested } from './mails.ts';

const textOf = async (raw: Buffer): Promise<string> => readText(await parseMail(raw)).text;
const plain = (charset: string, encoding = '8bit'): Record<string, string> => ({
  'Content-Type': `text/plain; charset=${charset}`,
  'Content-Transfer-Encoding': encoding,
});

describe('what people write arrives whatever it is written in', () => {
  const bodies: [name: string, headers: Record<string, string>, body: string | Buffer, expected: string][] = [
    ['utf-8', plain('utf-8'), 'Grüße, 👋🏽', 'Grüße, 👋🏽'],
    ['iso-8859-1', plain('iso-8859-1'), Buffer.from('Gr\xfc\xdfe', 'latin1'), 'Grüße'],
    ['windows-1252', plain('windows-1252'), Buffer.from('\x93caf\xe9\x94 \x80', 'latin1'), '“café” €'],
    ['koi8-r', plain('koi8-r'), Buffer.from('\xf0\xd2\xc9\xd7\xc5\xd4', 'latin1'), 'Привет'],
    [
      'shift_jis',
      plain('shift_jis'),
      Buffer.from('\x82\xb1\x82\xf1\x82\xc9\x82\xbf\x82\xcd', 'latin1'),
      'こんにちは',
    ],
    ['iso-2022-jp', plain('iso-2022-jp', '7bit'), Buffer.from('\x1b$B$3$s\x1b(B', 'latin1'), 'こん'],
    ['gb18030', plain('gb18030'), Buffer.from('\xc4\xe3\xba\xc3', 'latin1'), '你好'],
    ['euc-kr', plain('euc-kr'), Buffer.from('\xbe\xc8\xb3\xe7', 'latin1'), '안녕'],
    ['a charset that there is not', plain('x-made-up'), 'plain words', 'plain words'],
    ['no charset but utf-8', {}, 'Grüße', 'Grüße'],
    [
      'quoted-printable',
      plain('utf-8', 'quoted-printable'),
      'Gr=C3=BC=C3=9Fe, soft=\r\n break',
      'Grüße, soft break',
    ],
    ['damaged quoted-printable', plain('utf-8', 'quoted-printable'), 'a =ZZ b=', 'a =ZZ b'],
    ['base64', plain('utf-8', 'base64'), Buffer.from('Grüße').toString('base64'), 'Grüße'],
    [
      'base64 with noise',
      plain('utf-8', 'base64'),
      'R3L*D\r\n vN+f/ZQ==',
      Buffer.from('R3LDvN+f/ZQ==', 'base64').toString(),
    ],
    ['base64 cut off', plain('utf-8', 'base64'), 'R29vZCBtb3JuaW5nL', 'Good morning'],
    ['an unknown encoding', plain('utf-8', 'x-uuencode'), 'as it is', 'as it is'],
    ['bare line feeds', {}, 'one\ntwo', 'one\ntwo'],
    ['bare carriage returns', {}, 'one\rtwo', 'one\ntwo'],
    ['utf-8 that is called ascii', plain('us-ascii'), 'Grüße – 10 €', 'Grüße – 10 €'],
    ['utf-8 that is called latin', plain('"iso-8859-1"'), 'Grüße', 'Grüße'],
    [
      'quoted utf-8 that is called ascii',
      plain('us-ascii', 'quoted-printable'),
      'Gr=C3=BC=C3=9Fe, soft=\r\n break',
      'Grüße, soft break',
    ],
    ['latin that is called utf-8', plain('utf-8'), Buffer.from('Gr\xfc\xdfe', 'latin1'), 'Grüße'],
    [
      'latin in base64 that is called utf-8',
      plain('utf-8', 'base64'),
      Buffer.from('Gr\xfc\xdfe', 'latin1').toString('base64'),
      'Grüße',
    ],
    [
      'latin without charset',
      { 'Content-Type': 'text/plain' },
      Buffer.from('Gr\xfc\xdfe', 'latin1'),
      'Grüße',
    ],
    ['latin without type', {}, Buffer.from('Gr\xfc\xdfe', 'latin1'), 'Grüße'],
    [
      'utf-8 of which a character is cut off',
      plain('utf-8'),
      Buffer.concat([Buffer.from('Grüße, Gr'), Buffer.from([0xc3])]),
      'Grüße, Gr',
    ],
    [
      'words that are called base64',
      plain('utf-8', 'base64'),
      'These are only words, sorry.',
      'These are only words, sorry.',
    ],
    ['half a surrogate in utf-7', plain('utf-7'), 'a+2D0-b', 'a+2D0-b'],
  ];
  for (const [name, headers, body, expected] of bodies) {
    test(name, async () => {
      const text = await textOf(mail({ headers, body }));
      assert.ok(text.isWellFormed());
      assert.equal(text.replace(/^\ufffd+|\ufffd+$/g, ''), expected.replace(/^\ufffd+|\ufffd+$/g, ''));
    });
  }

  test('a mail with carriage returns alone still has headers', async () => {
    const { subject, text } = await parseMail(Buffer.from('From: a@b.example\rSubject: old\r\rHello'));
    assert.deepEqual([subject, text?.trim()], ['old', 'Hello']);
  });

  test('lines that format=flowed broke are joined, answers below quotes are not joined to them', async () => {
    const headers = { 'Content-Type': 'text/plain; charset=utf-8; format=flowed' };
    const body = lines('> the old ', '> question ', '> ', 'My answer is ', 'a long one.', '-- ', 'Ada');
    const { text } = await parseMail(mail({ headers, body }));
    assert.equal(text?.trim(), '> the old question \nMy answer is a long one.\n-- \nAda');
    const delsp = { 'Content-Type': 'text/plain; format=flowed;\r\n delsp=yes' };
    assert.equal(await textOf(mail({ headers: delsp, body: lines('two ', 'parts') })), 'twoparts');
  });

  test('a mail within a mail stays byte for byte what it was', async () => {
    const inner = multipart('mixed', [
      { headers: { 'Content-Type': 'text/plain; format=flowed' }, body: 'a \r\nb' },
    ]).toString();
    const { files } = await parseMail(
      multipart(
        'mixed',
        [{ body: 'see below' }, { headers: { 'Content-Type': 'message/rfc822' }, body: inner }],
        {},
        'outer',
      ),
    );
    assert.equal(files[0]?.type, 'message/rfc822');
    assert.equal(
      Buffer.from(files[0]?.content ?? '')
        .toString()
        .replaceAll('\r\n', '\n')
        .trim(),
      inner.replaceAll('\r\n', '\n').trim(),
    );
  });

  test('nested multiparts give one text, and the rest as files', async () => {
    const raw = multipart('mixed', [
      nested(
        'related',
        [
          nested(
            'alternative',
            [{ body: 'the words' }, { headers: { 'Content-Type': 'text/html' }, body: '<p>the words</p>' }],
            'inner',
          ),
          { headers: { 'Content-Type': 'image/png', 'Content-ID': '<logo>' }, body: 'PNG' },
        ],
        'middle',
      ),
      attached('bill.pdf', 'application/pdf', '%PDF-1.7'),
      {
        headers: { 'Content-Type': 'text/calendar; method=REQUEST' },
        body: 'BEGIN:VCALENDAR\r\nEND:VCALENDAR',
      },
    ]);
    const { text, html, files } = await parseMail(raw);
    assert.equal(text?.trim(), 'the words');
    assert.equal(html?.trim(), '<p>the words</p>');
    assert.deepEqual(
      files.map(({ type, name }) => [type, name]),
      [
        ['image/png', undefined],
        ['application/pdf', 'bill.pdf'],
        ['text/calendar', undefined],
      ],
    );
  });

  test('a boundary that is never closed, and one that is not declared, lose no text', async () => {
    const headers = { 'Content-Type': 'multipart/mixed; boundary=open' };
    assert.equal(await textOf(mail({ headers, body: '--open\r\n\r\nstill here' })), 'still here');
    for (const type of [
      'multipart/mixed',
      'multipart/alternative; boundary=other',
      'multipart/mixed;\r\n boundary="other"',
    ]) {
      const whole = mail({ headers: { 'Content-Type': type }, body: 'no parts' });
      assert.equal(await textOf(whole), 'no parts', type);
      const within = multipart('mixed', [
        { headers: { 'Content-Type': type }, body: 'no parts' },
        attached('a.txt', 'text/plain', 'a'),
      ]);
      assert.equal(await textOf(within), 'no parts', type);
    }
  });

  test('a byte order mark hides no header, and letters of an old charset in headers are read', async () => {
    const raw = mail({ headers: { Subject: 'Gr\xfc\xdfe', From: 'J\xf6rg <ada@customer.example>' } });
    const { from, subject, text } = await parseMail(Buffer.concat([Buffer.from('\ufeff'), raw]));
    assert.deepEqual([from[0].name, subject, text?.trim()], ['Jörg', 'Grüße', 'Good morning.']);
  });

  test('messages of a digest stay byte for byte what they were, whatever their charset', async () => {
    const body = Buffer.from('Subject: one\r\n\r\nGr\xfc\xdfe', 'latin1');
    const { files } = await parseMail(multipart('digest', [{ body }]));
    assert.deepEqual(
      [
        files[0]?.type,
        Buffer.from(files[0]?.content ?? '')
          .toString('latin1')
          .trim(),
      ],
      ['message/rfc822', body.toString('latin1').replaceAll('\r\n', '\n')],
    );
  });

  test('HTML alone is read as text, and pictures inside it are not', async () => {
    const html = `<html><body><p>Hello there</p><img src="data:image/png;base64,${'A'.repeat(2_000_000)}"><p>Bye</p></body></html>`;
    assert.equal(
      await textOf(mail({ headers: { 'Content-Type': 'text/html' }, body: html })),
      'Hello there\n\nBye',
    );
  });

  test('winmail.dat is kept as it is', async () => {
    const tnef = Buffer.from([0x78, 0x9f, 0x3e, 0x22, 0, 1]);
    const { files } = await parseMail(
      multipart('mixed', [{ body: 'x' }, attached('winmail.dat', 'application/ms-tnef', tnef)]),
    );
    assert.deepEqual(Buffer.from(files[0]?.content ?? ''), tnef);
  });
});

describe('headers', () => {
  test('encoded words, names in two charsets and file names in pieces are read', async () => {
    const raw = multipart(
      'mixed',
      [
        { body: 'x' },
        {
          headers: {
            'Content-Type': 'application/pdf',
            'Content-Disposition':
              "attachment; filename*0*=UTF-8''Rechnung%20; filename*1*=f%C3%BCr%20Ada.pdf",
          },
          body: 'x',
        },
        { headers: { 'Content-Type': 'image/png; name="=?iso-8859-1?Q?B=FCro.png?="' }, body: 'x' },
      ],
      {
        From: '=?utf-8?B?w4RuZA==?= =?utf-8?Q?i?= <andi@customer.example>',
        Subject: '=?utf-8?Q?Gr=C3=BC?=\r\n =?utf-8?Q?=C3=9Fe?=',
        To: '"Last, First" <a@shop.example>, Team: b@shop.example, c@shop.example;',
      },
    );
    const { from, subject, to, files } = await parseMail(raw);
    assert.deepEqual(from, [{ address: 'andi@customer.example', name: 'Ändi' }]);
    assert.equal(subject, 'Grüße');
    assert.deepEqual(
      to.map(({ address }) => address),
      ['a@shop.example', 'b@shop.example', 'c@shop.example'],
    );
    assert.deepEqual(
      files.map(({ name }) => name),
      ['Rechnung für Ada.pdf', 'Büro.png'],
    );
  });

  test('ids are read without brackets, however they stand, and the longest are bounded', async () => {
    const long = `${'x'.repeat(3_000)}@customer.example`;
    const { messageId, inReplyTo, references } = await parseMail(
      mail({
        headers: {
          'Message-ID': `<${long}>`,
          'In-Reply-To': 'bare@shop.example (of Monday)',
          References: '<one@shop.example>\r\n\t<two@shop.example><three@shop.example>',
        },
      }),
    );
    assert.match(messageId ?? '', /^sha256-[0-9a-f]{64}$/);
    assert.equal(inReplyTo[0], 'bare@shop.example');
    assert.deepEqual(references, ['one@shop.example', 'two@shop.example', 'three@shop.example']);
  });

  test('words that many mails have in place of an id are none', async () => {
    for (const value of ['<null>', 'null', 'Your message of Monday', '<>', '<message>']) {
      const { messageId, inReplyTo, references } = await parseMail(
        mail({ headers: { 'Message-ID': value, 'In-Reply-To': value, References: value } }),
      );
      assert.deepEqual([messageId, inReplyTo, references], [undefined, [], []], value);
    }
    const { references } = await parseMail(mail({ headers: { References: '<0123456789ABCDEF01234567>' } }));
    assert.deepEqual(references, ['0123456789ABCDEF01234567']);
  });

  test('of thousands of references the first and the last ones count', async () => {
    const all = Array.from({ length: 3_000 }, (_, index) => `<${index}@shop.example>`).join(' ');
    const { references } = await parseMail(mail({ headers: { References: all } }));
    assert.deepEqual(
      [references.length, references[0], references.at(-1)],
      [50, '0@shop.example', '2999@shop.example'],
    );
  });

  test('several senders are all told, and Sender stands in for a missing From', async () => {
    const two = await parseMail(mail({ headers: { From: 'a@one.example, b@two.example' } }));
    assert.deepEqual(
      two.from.map(({ address }) => address),
      ['a@one.example', 'b@two.example'],
    );
    const none = await parseMail(mail({ headers: { From: '', Sender: 'list@one.example' } }));
    assert.equal(none.from[0].address, 'list@one.example');
  });

  const dates: [string, string | undefined][] = [
    ['Mon, 23 Nov 2026 10:00:00 +0100', '2026-11-23T09:00:00.000Z'],
    ['23 Nov 26 10:00 GMT', '2026-11-23T10:00:00.000Z'],
    ['Mon, 23 Nov 2026 10:00:00 +0100 (MEZ)', '2026-11-23T09:00:00.000Z'],
    ['Mon, 23 Nov 2026 10:00:00 CET', '2026-11-23T09:00:00.000Z'],
    ['Mon, 23 Nov 2026 10:00:00', '2026-11-23T10:00:00.000Z'],
    ['Mon, 23 Nov 2026 10:00:00 -0500', '2026-11-23T15:00:00.000Z'],
    ['yesterday', undefined],
    ['', undefined],
  ];
  for (const [value, expected] of dates) {
    test(`the date "${value}"`, async () => {
      const { date } = await parseMail(mail({ headers: { Date: value } }));
      assert.equal(date?.toISOString(), expected);
    });
  }
});

describe('what is no mail, or too much of one, is refused with the reason', () => {
  const refused: [string, () => Buffer, RegExp][] = [
    ['nothing', () => Buffer.alloc(0), /no sender/],
    ['blank lines', () => Buffer.from('\r\n\r\n'), /no sender/],
    ['a picture', () => Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0]), /no sender/],
    ['text without headers', () => Buffer.from('Dear all,\r\n\r\nhello'), /no sender/],
    ['a mail without sender', () => mail({ headers: { From: '' } }), /no sender/],
    ['too many lines', () => mail({ body: 'a\n'.repeat(500_000) }), /more than 400000 lines/],
    [
      'too many parts',
      () =>
        mail({
          headers: { 'Content-Type': 'multipart/mixed; boundary=b' },
          body: '--b\r\n\r\n'.repeat(20_000),
        }),
      /more than 10000 parts/,
    ],
    ['headers without end', () => mail({ headers: { 'X-Long': 'a'.repeat(600_000) } }), /header size/i],
    [
      'parts within parts within parts',
      () =>
        mail({
          headers: { 'Content-Type': 'multipart/mixed; boundary=b0' },
          body: Array.from(
            { length: 200 },
            (_, depth) => `--b${depth}\r\nContent-Type: multipart/mixed; boundary=b${depth + 1}\r\n\r\n`,
          ).join(''),
        }),
      /nesting depth/i,
    ],
  ];
  for (const [name, raw, reason] of refused) {
    test(name, async () => {
      await assert.rejects(
        parseMail(raw()),
        (error) => error instanceof MalformedEvent && reason.test(error.message),
      );
    });
  }

  test('whatever is done to a mail, it is read or refused, in little time', async () => {
    const mails = [
      mail({ body: '> quoted\r\n\r\nanswer' }),
      multipart('mixed', [
        nested(
          'alternative',
          [{ body: 'a' }, { headers: { 'Content-Type': 'text/html' }, body: '<div>a</div>' }],
          'in',
        ),
        attached('a.zip', 'application/zip', 'PK\u0003\u0004'),
        { headers: { 'Content-Type': 'message/rfc822' }, body: mail().toString() },
      ]),
      mail({
        headers: { ...plain('koi8-r', 'quoted-printable'), References: '<a@b.example> <c@d.example>' },
        body: '=F0=D2 =\r\n> x',
      }),
    ];
    const change = fc.record({
      kind: fc.constantFrom('flip', 'cut', 'repeat', 'insert'),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      byte: fc.nat(255),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...mails),
        fc.array(change, { minLength: 1, maxLength: 6 }),
        async (raw, changes) => {
          let bytes = Buffer.from(raw);
          for (const { kind, at, byte } of changes) {
            const index = Math.floor(at * bytes.length);
            if (kind === 'flip' && bytes.length > 0) bytes[Math.min(index, bytes.length - 1)] = byte;
            if (kind === 'cut') bytes = bytes.subarray(0, index);
            if (kind === 'repeat') bytes = Buffer.concat([bytes, bytes.subarray(index)]);
            if (kind === 'insert') {
              bytes = Buffer.concat([
                bytes.subarray(0, index),
                Buffer.from([byte, 10]),
                bytes.subarray(index),
              ]);
            }
          }
          const started = performance.now();
          try {
            const read = await parseMail(bytes);
            assert.ok(readText(read).text.isWellFormed());
          } catch (error) {
            assert.ok(error instanceof MalformedEvent, String(error));
          }
          assert.ok(performance.now() - started < 5_000);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
