import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createMatcher, type Matcher } from '../../src/shared/erasers/matcher.ts';
import { joe, matcherOf, user } from './joe-smith.ts';

const matcher = createMatcher(joe);
const far = { isTheirs: false };
const near = { isTheirs: true };

/** Finds it, and nothing of it once it is erased. */
function finds(text: string, redacted: string, { isTheirs } = far, by: Matcher = matcher): void {
  assert.ok(by.isIn(text, { isTheirs }), `is in ${text}`);
  assert.equal(by.redact(text, { isTheirs }), redacted);
  assert.ok(!by.isIn(redacted, { isTheirs }), `is gone from ${redacted}`);
}

function leaves(text: string, { isTheirs } = far, by: Matcher = matcher): void {
  assert.ok(!by.isIn(text, { isTheirs }), `is not in ${text}`);
  assert.equal(by.redact(text, { isTheirs }), text);
}

describe('who they are is found anywhere', () => {
  test('an id is found whole and by what is nobody else’s in it, in any case', () => {
    const [, parts = ''] = user.split('8:acs:');
    finds(`User ${user} left.`, 'User [erased] left.');
    finds(`{"id":"${user.toUpperCase()}"}`, '{"id":"[erased]"}');
    finds(`seen: ${parts}`, 'seen: [erased]');
    finds('BSUID US.13491208655302741918 wrote', 'BSUID [erased] wrote');
    finds('whatsapp:us.13491208655302741918', '[erased]');
    finds('oid 9F9F9F9F-8E8E-4D7D-8C6C-5B5B5B5B5B5B.', 'oid [erased].');
    finds('to pigeon:loft9, please', 'to [erased], please');
  });

  test('an id that only begins or ends like theirs is another’s', () => {
    leaves(`${user}0`);
    leaves(`${user.slice(0, -1)}f`);
    leaves('whatsapp:US.134912086553027419180 and xUS.13491208655302741918');
    leaves('the loft9 and pigeon:loft99');
  });

  test('a number is found however it is written, with its country', () => {
    for (const number of [
      '+15551230001',
      '15551230001',
      '0015551230001',
      '01115551230001',
      '+1 (555) 123-0001',
      '+1 555 123 0001',
      '1-555-123-0001',
      '1.555.123.0001',
      '+1\u00a0555\u00a0123\u00a00001',
      '+1\u202f555\u202f123\u202f0001',
      '+1/555/1230001',
      '+1–555–123–0001',
      '+١٥٥٥١٢٣٠٠٠١',
      '＋１５５５１２３０００１',
      '00 1 555 1230001',
      '4:+15551230001',
      'tel:+15551230001',
    ]) {
      assert.ok(matcher.isIn(number), number);
      assert.ok(!/\d/.test(matcher.redact(number)), matcher.redact(number));
    }
    finds('Call +1 (555) 123-0001, not 0815.', 'Call [erased], not 0815.');
    finds('Room 77, 1555 123 0001', 'Room 77, [erased]');
    finds('15551230001@s.whatsapp.net', '[erased]@s.whatsapp.net');
    finds('PTT15551230001.ogg', 'PTT[erased].ogg');
    const german = matcherOf({ identities: ['4:+4930123456789'] });
    finds('Tel. +49 (0) 30 123 456 789', 'Tel. [erased]', far, german);
    finds('030/123456789', '[erased]', near, german);
    leaves('030/123456789', far, german);
  });

  test('a number within other digits is another’s, and one without its country counts near them alone', () => {
    leaves('915551230001');
    leaves('155512300019');
    leaves('(555) 123-0001');
    finds('(555) 123-0001', '[erased]', near);
    finds('0555 1230001', '[erased]', near);
    leaves('555123000', near);
    leaves('on 2026-11-23 at 09:00:00 paid 5551.23', near);
  });

  test('a short code is no trace: everybody writes to it', () => {
    const short = matcherOf({ identities: ['4:12345', '4:CONTOSO'] });
    leaves('12345 and CONTOSO', near, short);
    finds('from 4:12345', 'from [erased]', far, short);
  });

  test('an address is found in any case, with and without mailto, in either form of its domain', () => {
    finds('<mailto:Joe.S@XN--BCHER-KVA.example>', '<[erased]>');
    finds('Write to joe.s@bücher.example.', 'Write to [erased].');
    finds('JOE.S@BÜCHER.EXAMPLE', '[erased]');
    finds('"joe.s@bu\u0308cher.example"', '"[erased]"');
    finds('joe.s+shop@bücher.example', '[erased]');
    finds("'joe.s@bücher.example'", "'[erased]'");
    finds(
      'bounce+joe.s=bücher.example@lists.example',
      'bounce+[erased]@lists.example',
      far,
      matcherOf({
        identities: ['mailto:joe.s@bücher.example'],
      }),
    );
  });

  test('an address that only ends or begins like theirs is another’s', () => {
    leaves('moejoe.s@bücher.example');
    leaves('joe.s@bücher.example.org');
    leaves('joe.s@sub.bücher.example');
    leaves('joe.s at bücher');
  });

  test('a full name is found in either order, without accents, across lines, and in an address', () => {
    finds('This is Joe Smith.', 'This is [erased].');
    finds('SMITH, JOE (48)', '[erased] (48)');
    finds('jóe  smïth', '[erased]');
    finds('Joe\u00a0Smith’s car', '[erased]’s car');
    finds('Joe Smiths Auto', '[erased] Auto');
    finds('> as Joe\n> Smith said', '> as [erased] said');
    finds('joe.smith@elsewhere.example wrote', '[erased] wrote');
    finds('to smith_joe@elsewhere.example,', 'to [erased],');
    finds('joesmith@elsewhere.example', '[erased]');
    finds('joe.smith82@elsewhere.example', '[erased]', far);
    finds('/home/joe-smith/x', '/home/[erased]/x');
    finds('Joe Smith <joe.s@bücher.example>, Ann', '[erased], Ann');
    const dan = matcherOf({ names: ["Dan O'Brien", 'Ana María López de la Cruz', 'Jürgen Groß'] });
    finds('DAN O’BRIEN and obrien', '[erased] and obrien', far, dan);
    finds('ana maria lopez de la cruz', '[erased]', far, dan);
    finds('Cruz, Ana', '[erased]', far, dan);
    finds('Juergen Gross, Jürgen Gross', '[erased]', far, dan);
  });

  test('a name is not found where its words belong to other things', () => {
    leaves('I saw Joe. Smith came later.');
    leaves('Joe and Smith');
    leaves('Joel Smithson');
    leaves('Smith & Sons, Joe');
    leaves('Joe Smithereens');
    leaves('Joe');
    leaves('joesmith');
  });

  test('what is no name is no trace', () => {
    leaves('From: the company. With you.', near, matcherOf({ names: ['Zoe from the Company - With us'] }));
    const nobody = matcherOf({
      names: ['Support', 'Me', 'J', '🙂', 'Jo', 'Customer Service', 'J S', '  ', '-'],
    });
    leaves('Support me, J. Jo 🙂 Customer Service: J S - Customer service', near, nobody);
  });

  test('whose number or address is shown as a name is found by it near them alone: it may be another’s', () => {
    const shown = matcherOf({ names: ['+1 (555) 777-0002', 'zoe@example.org'] });
    finds('15557770002', '[erased]', near, shown);
    finds('ZOE@example.org', '[erased]', near, shown);
    leaves('15557770002, ZOE@example.org', far, shown);
    const id = '8:acs:0a0a0a0a-1b1b-4c2c-8d3d-4e4e4e4e4e4e_9f9f9f9f-abcd-4d7d-8c6c-5b5b5b5b5b5b';
    leaves('ACS, Abcd and 0a0a0a0a-1b1b-4c2c-8d3d-4e4e4e4e4e4e', near, matcherOf({ names: [id] }));
  });
});

describe('first names count near them alone', () => {
  const will = matcherOf({ names: ['Will Carter', 'Mark', 'May', 'Joe Smith', 'Grace'] });

  test('with a capital, or where somebody is called', () => {
    finds('Did Joe call?', 'Did [erased] call?', near, will);
    finds('Mr Smith’s order', 'Mr [erased]’s order', near, will);
    finds('hi joe, thanks', 'hi [erased], thanks', near, will);
    finds('@joe can you look?', '@[erased] can you look?', near, will);
    finds('See you,\njoe', 'See you,\n[erased]', near, will);
    finds('ask @joesmith', 'ask @[erased]', near, will);
    finds('thanks J. Smith!', 'thanks [erased]!', near, matcherOf({ names: ['J. Smith'] }));
    finds('that was sk8er99', 'that was [erased]', near, matcherOf({ names: ['Sk8er99'] }));
    leaves('a cup of joe', near, will);
    leaves('Joel and Joey', near, will);
    leaves('Did Joe call?', far, will);
  });

  test('a name that is a word counts only where the word would not stand', () => {
    leaves('Will you come? I will. Mark as read. May I? In May. Grace period. It MAY rain.', near, will);
    finds('Ask Will about it', 'Ask [erased] about it', near, will);
    finds('Hi Mark,', 'Hi [erased],', near, will);
    finds('Will, can you come?', '[erased], can you come?', near, will);
    finds('Dear Grace,', 'Dear [erased],', near, will);
    finds('Thanks, May!', 'Thanks, [erased]!', near, will);
    finds('Regards,\nMay', 'Regards,\n[erased]', near, will);
    finds('Mark wrote:', '[erased] wrote:', near, will);
    finds(
      'will carter and Will Carter',
      '[erased] and [erased]',
      near,
      matcherOf({ names: ['Will Cartar', 'Will Carter'] }),
    );
  });

  test('elsewhere a full name of two such words needs its capitals', () => {
    const may = matcherOf({ names: ['May Will'] });
    leaves('it may will itself', far, may);
    finds('for May Will, please', 'for [erased], please', far, may);
  });
});

describe('what they wrote', () => {
  const own = 'the vermilion canoe is still not here';
  const second = 'by your own shop in quince hollow';

  test('is found near them in shorter pieces, however it is written', () => {
    finds('He said the vermilion canoe is late', 'He said [erased] late', near);
    finds('The VERMILION   canoe—is', '[erased]', near);
    finds('> The vermilion canoe is\n> still not here\nOh.', '> [erased]\nOh.', near);
    finds('the <b>vermilion</b> canoe&nbsp;is still', '[erased] still'.replace(' still', ''), near);
    finds('the vermi\u00adlion canoe\u200b is', '[erased]', near);
    leaves('the vermilion canoe', near);
    leaves('in a vermilion old canoe is', near);
  });

  test('alone, in a conversation of others, is not enough unless it is long', () => {
    leaves(`I heard ${own}`);
    finds(`I heard ${own}, and I have waited for nine days`, 'I heard [erased]');
  });

  test('counts in a conversation of others where two pieces stand, or who they are', () => {
    finds(`I heard ${own}. Besides: ${second}.`, 'I heard [erased]. Besides: [erased].');
    leaves(`I heard ${own}. Again: ${own}.`);
    finds(`Joe Smith says ${own} yet.`, '[erased] says [erased] yet.');
    finds(`+1 555 123 0001 says ${own} yet.`, '[erased] says [erased] yet.');
  });

  test('what everybody writes is nobody’s', () => {
    const polite = matcherOf({
      texts: [
        'I hope this email finds you well. Please let me know if you have any questions.',
        'We apologize for any inconvenience this may have caused you. I look forward to hearing from you soon.',
      ],
    });
    leaves('I hope this email finds you well! Please let me know if you have any questions.', far, polite);
    leaves(
      'We apologize for any inconvenience this may have caused. Please let me know if you have any questions.',
      far,
      polite,
    );
    finds('>Please let me know if you have any questions.', '>[erased]', near, polite);
  });

  test('a signature says nothing of who wrote, since colleagues have the same, but goes with who they are', () => {
    const signature =
      'Marlow Boats Ltd, 12 Quay Street, Drumlin. Registered in Drumlin under the number seventy-one. Boats since 1904, mended while you wait.';
    const texts = ['one', 'two', 'three', 'four', 'five'].map((word) => `Letter ${word}\n${signature}`);
    const clerk = matcherOf({ names: ['Joe Smith'], texts });
    leaves(`Hello, Ann here.\n${signature}`, far, clerk);
    finds(`Hello, Joe Smith here:\n${signature}`, 'Hello, [erased] here:\n[erased].', far, clerk);
    finds(`Hello.\n${signature}`, 'Hello.\n[erased].', far, matcherOf({ texts: texts.slice(0, 4) }));
  });

  test('a short message is found where it is marked as a quote, whole', () => {
    finds('> Yes, do that.\nFine', '> [erased].\nFine', near);
    finds('He said “yes do that” again', 'He said “[erased]” again', near);
    leaves('Yes, do that', near);
    leaves('> he said yes do that there', near);
    leaves('> Yes, do that.');
  });

  test('a quote loses the whole line or quotation that has their words', () => {
    finds('> Well, the vermilion canoe is overdue I guess\nSorry!', '> [erased]\nSorry!', near);
    finds('You wrote "so, the vermilion canoe is overdue" twice.', 'You wrote "[erased]" twice.', near);
  });

  test('fewer words, or short ones, are nobody’s', () => {
    const short = matcherOf({ texts: ['I am in it. We go to a do at my pa.'] });
    leaves('I am in it', near, short);
    leaves('we go to a do at', far, short);
  });
});

describe('what is erased', () => {
  test('stands once where several things stood beside one another', () => {
    finds('Joe Smith (joe.s@bücher.example), +1 555 123 0001!', '[erased]!');
    finds('[erased], Joe Smith', '[erased]');
    finds('a Joe Smith b Joe Smith c', 'a [erased] b [erased] c');
  });

  test('nothing is read across, and nothing else changes', () => {
    leaves('Joe [erased] Smith', near === far ? near : far);
    leaves('+1 555 [erased] 123 0001');
    leaves('[erased]');
    const text = '  Tabs\t, \r\n "quotes" \u00a0 ümläuts 🙂 \ud800 </b> %20 =3D \\n';
    assert.equal(matcher.redact(text), text);
    assert.equal(matcher.redact(`${text}Joe Smith${text}`), `${text}[erased]${text}`);
  });

  test('without traces nothing is found', () => {
    leaves(JSON.stringify(joe), near, matcherOf({}));
    leaves('', near);
  });
});
