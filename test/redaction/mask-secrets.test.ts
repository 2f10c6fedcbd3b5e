import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { maskSecrets } from '../../src/shared/redaction/mask-secrets.ts';
import { accountNumbers, cardNumbers, harmless, nationalIds, secrets } from './samples.ts';

/** Between the digits of a number. */
const gap = fc.constantFrom(
  '',
  '',
  '',
  ' ',
  '-',
  '.',
  '/',
  '\u00a0',
  '\n',
  '\u200b',
  ' - ',
  '\u2009',
  '\u2011',
  '_',
  '\r\n> ',
);
const digits = fc.constantFrom(
  '0123456789',
  '０１２３４５６７８９',
  '٠١٢٣٤٥٦٧٨٩',
  '०१२३४५६७८९',
  '𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗',
);
const frame = fc.constantFrom(
  ['my card is ', ' thanks'],
  ['card:', ',exp'],
  ['(', ')'],
  ['', ''],
  ['Karte ', '. Danke'],
  ['信用卡', '号'],
  ['"', '"'],
);

/** As somebody writes it: with anything between any two digits, in the digits of any script. */
const written = (numbers: readonly string[]) =>
  fc
    .tuple(fc.constantFrom(...numbers), fc.array(gap, { minLength: 40, maxLength: 40 }), digits, frame)
    .map(([number, gaps, script, [before = '', after = '']]) => {
      const signs = [...number].map((sign) => (/\d/.test(sign) ? ([...script][Number(sign)] ?? '') : sign));
      return {
        number,
        text: `${before}${signs.map((sign, place) => (place === 0 ? '' : (gaps[place] ?? '')) + sign).join('')}${after}`,
      };
    });

/** All digits and letters of a text, as plain ones. */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(/\p{Nd}/gu, (digit) => {
      const rows = ['٠', '०'].find(
        (nought) => digit >= nought && digit.charCodeAt(0) - nought.charCodeAt(0) < 10,
      );
      return rows ? String(digit.charCodeAt(0) - rows.charCodeAt(0)) : digit;
    })
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .toUpperCase();

describe('a card number', () => {
  test('never shows more than its last four digits, however it is written', () => {
    fc.assert(
      fc.property(written(cardNumbers), ({ number, text }) => {
        const masked = maskSecrets(text);
        assert.ok(!plain(masked).includes(number.slice(0, 8)), masked);
        assert.match(masked, /••••/);
        assert.ok(plain(masked).replaceAll(/[^\d]/g, '').length <= 4, masked);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is told from other numbers by its issuer, its length and its check digit', () => {
    assert.equal(maskSecrets('4111 1111 1111 1112'), '4111 1111 1111 1112');
    assert.equal(maskSecrets('1111 1111 1111 1117'), '1111 1111 1111 1117');
    assert.equal(
      maskSecrets('call +49 1512 3456784 or 4111 1111 1111 1111'),
      'call +49 1512 3456784 or •••• 1111',
    );
  });

  test('loses the security code beside it', () => {
    assert.equal(maskSecrets('4111 1111 1111 1111 12/26 123'), '•••• 1111 12/26 [secret]');
    assert.equal(
      maskSecrets('5555555555554444, exp 03/2027, CVV: 999'),
      '•••• 4444, exp 03/2027, CVV: [secret]',
    );
  });

  test('is found in a list of them, and each shows its own last four', () => {
    assert.equal(maskSecrets('4111111111111111\n5555 5555 5555 4444'), '•••• 1111\n•••• 4444');
  });
});

describe('a bank account', () => {
  test('does not show, however it is written', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...accountNumbers),
        fc.constantFrom('', ' ', '-', '.', '\u00a0', '\u200b', '\n'),
        fc.boolean(),
        fc.constantFrom(1, 2, 4, 40),
        (account, between, isSmall, size) => {
          const groups = account.match(new RegExp(`.{1,${size}}`, 'g')) ?? [];
          const text = `IBAN: ${isSmall ? groups.join(between).toLowerCase() : groups.join(between)}, danke`;
          assert.equal(maskSecrets(text), 'IBAN: [IBAN], danke');
        },
      ),
      { numRuns: 500 },
    );
  });

  test('is told by its check digits and the length of its country', () => {
    for (const text of ['DE89 3704 0044 0532 0130 01', 'XX89370400440532013000', 'de 89 Leute']) {
      assert.equal(maskSecrets(text), text);
    }
  });
});

describe('a national id', () => {
  test('of each kind of the list does not show', () => {
    for (const [name, text] of nationalIds) assert.match(maskSecrets(text), /\[national id\]/, name);
    for (const [name, text] of nationalIds) assert.doesNotMatch(maskSecrets(text), /\d{3}/, name);
  });
});

describe('a secret', () => {
  test('of each kind does not show', () => {
    for (const [text, secret] of secrets) {
      const masked = maskSecrets(text);
      assert.match(masked, /\[secret\]/, text);
      assert.ok(!masked.includes(secret), masked);
    }
  });
});

describe('a text', () => {
  test('without such things stays as it is', () => {
    for (const text of harmless) assert.equal(maskSecrets(text), text);
  });

  test('that is masked already stays as it is', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ...cardNumbers,
        ...accountNumbers,
        ...nationalIds.map(([, text]) => text),
        ...secrets.map(([text]) => text),
      ),
      fc.constantFrom(
        'password: ',
        'SSN ',
        'code is ',
        ' ',
        '\n',
        '12/26',
        '123',
        '•••• 4242',
        '[secret]',
        '[IBAN]',
        '-',
        '.',
        'CVV ',
      ),
      fc.stringMatching(/^[0-9 .-]{1,12}$/),
      fc.string({ maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const masked = maskSecrets(pieces.join(''));
        assert.equal(maskSecrets(masked), masked);
      }),
      { numRuns: 5_000 },
    );
  });

  test('of any kind takes time that grows with its length alone', () => {
    for (const piece of [
      '4 1 ',
      '4',
      'de89',
      'password: ',
      'ssn ',
      '-----BEGIN PRIVATE KEY-----',
      '\u200b1',
      'pin for ',
      'a',
    ]) {
      const started = performance.now();
      maskSecrets(piece.repeat(400_000 / piece.length));
      // It takes half a second at most; time that grows with the square would be many minutes.
      assert.ok(performance.now() - started < 60_000, piece);
    }
  });
});
