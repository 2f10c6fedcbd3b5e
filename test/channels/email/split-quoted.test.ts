import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { readText } from '../../../src/shared/channels/email/mail-text.ts';
import { bareSubject } from '../../../src/shared/channels/email/quote-markers.ts';
import { splitQuoted } from '../../../src/shared/channels/email/split-quoted.ts';

const read = (source: { text?: string; html?: string; subject?: string; references?: string[] }) =>
  readText({ subject: 'Re: Order 4711', inReplyTo: [], references: [], ...source });
const split = (lines: readonly string[]) => splitQuoted(lines.join('\n'));
const fromHtml = (html: string) => read({ html });

describe('the history is split off the new text', () => {
  const introductions = [
    'On Mon, Nov 23, 2026 at 10:00 AM Ada Lovelace <ada@customer.example> wrote:',
    'Am Mo., 23. Nov. 2026 um 10:00 Uhr schrieb Ada Lovelace <ada@customer.example>:',
    'Am 23.11.2026 um 10:00 schrieb Ada Lovelace:',
    'Ada Lovelace schrieb am 23.11.2026 um 10:00:',
    'Le lun. 23 nov. 2026 à 10:00, Ada Lovelace <ada@customer.example> a écrit :',
    'El lun, 23 nov 2026 a las 10:00, Ada Lovelace (<ada@customer.example>) escribió:',
    'Em seg., 23 de nov. de 2026 às 10:00, Ada Lovelace <ada@customer.example> escreveu:',
    'Il giorno lun 23 nov 2026 alle ore 10:00 Ada Lovelace <ada@customer.example> ha scritto:',
    'Op ma 23 nov 2026 om 10:00 schreef Ada Lovelace <ada@customer.example>:',
    'Den mån 23 nov. 2026 kl 10:00 skrev Ada Lovelace <ada@customer.example>:',
    'W dniu 23.11.2026 o 10:00, Ada Lovelace napisał(a):',
    'пн, 23 нояб. 2026 г. в 10:00, Ada Lovelace <ada@customer.example>:',
    '2026年11月23日(月) 10:00 Ada Lovelace <ada@customer.example>:',
    '23/11/2026 10:00 tarihinde Ada Lovelace yazdı:',
  ];
  for (const introduction of introductions) {
    test(introduction, () => {
      const { text, quoted } = split([
        'It works now, thanks.',
        '',
        introduction,
        '> Where is it?',
        '>',
        '> Ada',
      ]);
      assert.equal(text, 'It works now, thanks.');
      assert.equal(quoted, `${introduction}\n> Where is it?\n>\n> Ada`);
    });
  }

  test('an introduction that is broken into lines', () => {
    const { text, quoted } = split([
      'Yes.',
      '',
      'On Mon, 23 Nov 2026 at 10:00, Ada Lovelace via Support',
      '<support@shop.example> wrote:',
      '',
      '> Is it there?',
    ]);
    assert.deepEqual([text, quoted?.startsWith('On Mon')], ['Yes.', true]);
  });

  const outlook: [string, string[]][] = [
    [
      'English',
      [
        'From: Ada <ada@customer.example>',
        'Sent: Monday, November 23, 2026 10:00',
        'To: Support',
        'Subject: Order 4711',
      ],
    ],
    [
      'German',
      [
        'Von: Ada <ada@customer.example>',
        'Gesendet: Montag, 23. November 2026 10:00',
        'An: Support',
        'Betreff: Order 4711',
      ],
    ],
    [
      'French',
      [
        'De : Ada <ada@customer.example>',
        'Envoyé : lundi 23 novembre 2026 10:00',
        'À : Support',
        'Objet : Order 4711',
      ],
    ],
    [
      'Spanish',
      ['De: Ada', 'Enviado el: lunes, 23 de noviembre de 2026 10:00', 'Para: Support', 'Asunto: Order 4711'],
    ],
    [
      'Portuguese',
      [
        'De: Ada',
        'Enviada em: segunda-feira, 23 de novembro de 2026',
        'Para: Support',
        'Assunto: Order 4711',
      ],
    ],
    ['Italian', ['Da: Ada', 'Inviato: lunedì 23 novembre 2026 10:00', 'A: Support', 'Oggetto: Order 4711']],
    [
      'Dutch',
      ['Van: Ada', 'Verzonden: maandag 23 november 2026 10:00', 'Aan: Support', 'Onderwerp: Order 4711'],
    ],
    ['Polish', ['Od: Ada', 'Wysłano: poniedziałek, 23 listopada 2026', 'Do: Support', 'Temat: Order 4711']],
    [
      'bold letters',
      ['*From:* Ada', '*Sent:* Monday, 23 November 2026', '*To:* Support', '*Subject:* Order 4711'],
    ],
  ];
  for (const [name, header] of outlook) {
    test(`a header block, ${name}`, () => {
      const { text, quoted } = split([
        'Done.',
        '',
        '________________________________',
        ...header,
        '',
        'Please do it.',
      ]);
      assert.equal(text, 'Done.');
      assert.ok(quoted?.endsWith('Please do it.'));
    });
  }

  test('-----Original Message-----', () => {
    for (const marker of [
      '-----Original Message-----',
      '-----Ursprüngliche Nachricht-----',
      '-------- Message d’origine --------',
    ]) {
      assert.equal(split(['Done.', '', marker, 'From: Ada', 'anything']).text, 'Done.', marker);
    }
  });

  test('signatures stay with the new text', () => {
    const { text, quoted } = split([
      'Done.',
      '',
      'On 23 Nov 2026, at 10:00, Ada <ada@customer.example> wrote:',
      '> Please do it.',
      '',
      '-- ',
      'Grace, Support',
    ]);
    assert.equal(text, 'Done.\n\n\n-- \nGrace, Support'.replace('\n\n\n', '\n\n\n'));
    assert.ok(quoted?.includes('> Please do it.'));
    assert.equal(split(['Done.', '', '-- ', 'Grace']).text, 'Done.\n\n-- \nGrace');
  });

  test('an answer below the history is the new text', () => {
    const { text, quoted } = split([
      'On 23 Nov 2026, at 10:00, Ada <a@b.example> wrote:',
      '> Is it there?',
      '',
      'Yes, it is.',
    ]);
    assert.deepEqual([text, quoted?.endsWith('> Is it there?')], ['Yes, it is.', true]);
  });
});

describe('new text is never lost', () => {
  test('a line quoted by hand above the history stays', () => {
    const history = ['On 23 Nov 2026, at 10:00, Ada <ada@customer.example> wrote:', '> How?'];
    const { text, quoted } = split(['Run this:', '> npm start', 'and tell me.', '', ...history]);
    assert.deepEqual([text, quoted], ['Run this:\n> npm start\nand tell me.', history.join('\n')]);
  });

  test('answers between quotes stay, with the quotes that they answer', () => {
    const lines = [
      'See below.',
      '',
      'On 23 Nov 2026, at 10:00, Ada <ada@customer.example> wrote:',
      '> First question?',
      'First answer.',
      '> Second question?',
      'Second answer.',
      '> Third?',
      '> Regards, Ada',
    ];
    const { text, quoted } = split(lines);
    assert.equal(text, lines.slice(0, 7).join('\n'));
    assert.equal(quoted, lines.slice(7).join('\n'));
  });

  for (const introduction of [
    'On Fri, Nov 20, 2026 at 3:04 PM Support <support@shop.example> wrote:',
    'Am 20.11.2026 um 15:04 schrieb Support:',
    'Support schrieb am 20.11.2026 um 15:04:',
    'Le 20/11/2026 à 15:04, Support a écrit :',
    'El 20/11/2026 a las 15:04, Support <support@shop.example> escribió:',
    'Op vr 20 nov 2026 om 15:04 schreef Support <support@shop.example>:',
    'Support <support@shop.example> wrote:',
    'пт, 20 нояб. 2026 г. в 15:04, Support <support@shop.example>:',
    'On Fri, Nov 20, 2026 at 3:04 PM Support <\nsupport@shop.example> wrote:',
    'On Fri, Nov 20, 2026 at 3:04 PM Customer Care of the Shop\nSupport <support@shop.example> wrote:',
    'пт, 20 нояб. 2026 г. в 15:04, Support\n<support@shop.example>:',
    '> On 20 Nov 2026, at 15:04, Support <support@shop.example> wrote:',
  ]) {
    test(`what stands right above ${JSON.stringify(introduction)}`, () => {
      const { text, quoted } = split([
        'Hello,',
        '',
        'I got 2 of 3',
        'and they leak',
        introduction,
        '> Is it there?',
      ]);
      assert.equal(text, 'Hello,\n\nI got 2 of 3\nand they leak');
      assert.equal(quoted, `${introduction}\n> Is it there?`);
    });
  }

  for (const pointer of [
    'Please see my answers below.',
    'My comments are in red:',
    'Replies inline.',
    'Meine Antworten siehe unten.',
    'Mes réponses sont en rouge ci-dessous.',
    'Respondo abajo.',
    'Vedi di seguito.',
    'Ответы ниже.',
  ]) {
    test(`what an answer announces by "${pointer}"`, () => {
      const lines = [
        pointer,
        '',
        'From: Support <support@shop.example>',
        'Sent: Friday, November 20, 2026 3:04 PM',
        'To: Ada',
        'Subject: Order 4711',
        '',
        'When did it arrive?',
        'Never.',
      ];
      assert.deepEqual(split(lines), { text: lines.join('\n') });
    });
  }

  test('a mail that answers nothing has no history', () => {
    const text = 'My template is\n\nFrom: me\nDate: today\nTo: you\nSubject: hello\n\nWhy does it not work?';
    assert.deepEqual(read({ text, subject: 'A question' }), { text });
    assert.notDeepEqual(read({ text, subject: 'A question', references: ['first@shop.example'] }), { text });
  });

  test('of HTML, whose plain text only tells of it', () => {
    const html = '<p>The part that you sent us on Monday does not fit: please send another, of 12 mm.</p>';
    const stub = 'This message needs HTML.';
    assert.match(read({ text: stub, html }).text, /^The part/);
    assert.equal(
      read({ text: 'The part that you sent us on Monday', html }).text,
      'The part that you sent us on Monday',
    );
  });

  test('forwarded text stays text', () => {
    const forward = [
      'FYI',
      '',
      '---------- Forwarded message ---------',
      'From: Ada',
      'Date: Mon, 23 Nov 2026',
      'Subject: x',
      'To: y',
      '',
      'The text.',
    ];
    assert.equal(split(forward).text, forward.join('\n'));
    const outlook = ['FYI', '', 'From: Ada', 'Sent: Monday', 'To: me', 'Subject: x', '', 'The text.'];
    const textOf = (subject: string) =>
      read({ text: outlook.join('\n'), subject, references: ['first@shop.example'] }).text;
    for (const prefix of [
      'FW:',
      'Fwd:',
      'WG:',
      'TR:',
      'RV:',
      'I:',
      'Doorst:',
      '转发：',
      '[EXTERNAL] FW:',
      'EXT: Fwd:',
    ])
      assert.equal(textOf(`${prefix} Order`), outlook.join('\n'), prefix);
    for (const subject of ['Re: Fwd: Order', 'Order']) assert.equal(textOf(subject), 'FYI', subject);
  });

  const whole: [string, string[]][] = [
    ['a line that somebody quotes without introduction', ['Run this:', '> npm start', 'and tell me.']],
    ['one at the end', ['Run this as it stands', '> npm start']],
    ['what a log says', ['Look,', '', 'it said at 10:30:', '> cannot open']],
    ['a sentence with a colon', ['On 3 May, Bob wrote:', '', 'please call me. I did not.']],
    ['labels in prose', ['From: the bottom of my heart', 'Thanks to all', 'Yours']],
    ['a journey', ['Please book', '', 'From: Berlin', 'To: Paris', 'Date: 25 November', '', 'Thanks!']],
    ['an escaped From', ['>From here on it works.']],
    ['history alone', ['On 23 Nov 2026, at 10:00, Ada <ada@customer.example> wrote:', '> Is it there?']],
    ['a header block alone', ['From: Ada', 'Sent: Monday', 'To: me', 'Subject: x', '', 'The text.']],
    ['a rule', ['above', '__________', 'below']],
    ['nothing', ['']],
  ];
  for (const [name, lines] of whole) {
    test(name, () => assert.deepEqual(split(lines), { text: lines.join('\n').trim() }));
  }

  test('every line is in the text or in the history, once, in any mail', () => {
    const line = fc.constantFrom(
      'new words',
      '> old words',
      '> > older',
      '',
      '-- ',
      '__________',
      'On 23 Nov 2026, at 10:00, Ada <ada@customer.example> wrote:',
      '-----Original Message-----',
      'From: Ada',
      'Sent: Monday',
      'To: me',
      'Subject: x',
      'Begin forwarded message:',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 25 }), (lines) => {
        const { text, quoted = '' } = split(lines);
        const sorted = (all: readonly string[]) =>
          all
            .map((each) => each.trim())
            .filter(Boolean)
            .toSorted();
        assert.deepEqual(sorted([...text.split('\n'), ...quoted.split('\n')]), sorted(lines));
        assert.ok(text !== '' || lines.every((each) => each.trim() === ''));
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('HTML', () => {
  test('Gmail', () => {
    const { text, quoted } = fromHtml(
      '<div dir="ltr">All right.</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Mon, Nov 23, 2026 at 10:00 AM Ada &lt;<a href="mailto:a@b.example">a@b.example</a>&gt; wrote:<br></div><blockquote class="gmail_quote"><div>Is it?</div></blockquote></div>',
    );
    assert.equal(text, 'All right.');
    assert.match(quoted ?? '', /> Is it\?/);
  });

  test('Outlook on the web, in a language not known here', () => {
    const { text, quoted } = fromHtml(
      '<div>Kész.</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>Feladó:</b> Ada<br><b>Elküldve:</b> hétfő<br><b>Címzett:</b> x</div><div>Hol van?</div>',
    );
    assert.equal(text, 'Kész.');
    assert.match(quoted ?? '', /Hol van\?$/);
  });

  test('Outlook on the desktop', () => {
    const { text } = fromHtml(
      '<p class=MsoNormal>Erledigt.</p><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class=MsoNormal><b>Von:</b> Ada &lt;a@b.example&gt;<br><b>Gesendet:</b> Montag, 23. November 2026 10:00<br><b>An:</b> Support<br><b>Betreff:</b> Bestellung</p></div><p>Wo ist es?</p>',
    );
    assert.equal(text, 'Erledigt.');
  });

  test('Apple Mail and Thunderbird', () => {
    const { text } = fromHtml(
      '<p>Yes.</p><div class="moz-cite-prefix">On 23/11/2026 10:00, Ada wrote:<br></div><blockquote type="cite">Is it?</blockquote>',
    );
    assert.equal(text, 'Yes.');
  });

  test('answers within a quote of Gmail stay', () => {
    const { text } = fromHtml(
      '<div class="gmail_quote"><div>On Mon, Nov 23, 2026 Ada &lt;a@b.example&gt; wrote:</div><blockquote>One?</blockquote><div>First answer</div><blockquote>Two?</blockquote><div>Second answer</div></div>',
    );
    assert.match(text, /First answer.*Second answer$/s);
  });

  test('hostile HTML takes no time', () => {
    const started = performance.now();
    for (const html of [
      '<div id="'.repeat(100_000),
      '"data:'.repeat(300_000),
      '<blockquote>'.repeat(100_000),
      '<div '.repeat(200_000),
    ]) {
      fromHtml(html);
    }
    assert.ok(performance.now() - started < 60_000);
  });
});

test('prefixes of replies and forwards are no part of a topic', () => {
  const subjects = [
    'Order',
    'Re: Order',
    'AW: WG: Order',
    'RE: FW: re[2]: Order',
    'TR : Order',
    'Antw: Order',
    '回复: Order',
    '[list] Re: Order',
  ];
  for (const subject of subjects) assert.equal(bareSubject(subject), 'Order', subject);
  for (const subject of ['Regarding: Order', 'Free: a gift', 'Re', ''])
    assert.equal(bareSubject(subject), subject);
});
