import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { mailIdentity } from '../../src/shared/channels/email/mail-address.ts';
import { phoneIdentity, toPhoneNumber } from '../../src/shared/channels/phone-number.ts';
import { whatsappIdentity } from '../../src/shared/channels/whatsapp/conversation.ts';
import { toIdentity } from '../../src/shared/people/identity.ts';

describe('whom a person names', () => {
  const spellings: [string, string | undefined][] = [
    ['+15551230001', '4:+15551230001'],
    // What is left of an unescaped + in an address.
    [' 15551230001', '4:+15551230001'],
    ['+1 (555) 123-0001', '4:+15551230001'],
    ['4:+15551230001', '4:+15551230001'],
    ['4:15551230001', '4:+15551230001'],
    ['tel:+1-555-123-0001', '4:+15551230001'],
    ['12345', '4:12345'],
    ['4:PARLEY', '4:PARLEY'],
    ['4:05551230001', '4:05551230001'],
    ['Joe@Example.COM', 'mailto:joe@example.com'],
    ['mailto:Joe@Example.com', 'mailto:joe@example.com'],
    ['joe@bücher.example', 'mailto:joe@xn--bcher-kva.example'],
    ['8:acs:00000000-0000-4000-8000-000000000000_Ada', '8:acs:00000000-0000-4000-8000-000000000000_Ada'],
    ['8:orgid:abc', '8:orgid:abc'],
    ['whatsapp:US.13491208655302741918', 'whatsapp:US.13491208655302741918'],
    ['whatsapp:+15551230001', '4:+15551230001'],
    ['pigeon:Grey Wing', 'pigeon:Grey Wing'],
    [
      'Entra:0A000000-0000-4000-8000-00000000000A/0B000000-0000-4000-8000-00000000000B',
      'entra:0a000000-0000-4000-8000-00000000000a/0b000000-0000-4000-8000-00000000000b',
    ],
    ['entra:0a000000-0000-4000-8000-00000000000a', undefined],
    ['entra:contoso/ana', undefined],
    ['entra:0a000000-0000-4000-8000-00000000000a/0b000000-0000-4000-8000-00000000000b/c', undefined],
    ['staff:Ana  Lopez', 'staff:Ana Lopez'],
    ['staff: Ana', undefined],
    ['whatsapp:C4A77E10-0000-4000-8000-000000000001', 'whatsapp:c4a77e10-0000-4000-8000-000000000001'],
    ['', undefined],
    ['joe', undefined],
    ['p_1', undefined],
    ['05551230001', undefined],
    ['@', undefined],
    ['a@b@c', undefined],
    ['mailto:nobody', undefined],
    ['https://example.com/joe', undefined],
    ['8:', undefined],
  ];
  for (const [text, identity] of spellings) {
    test(`${JSON.stringify(text)} is ${identity ?? 'nobody'}`, () =>
      assert.equal(toIdentity(text), identity));
  }

  test('what a channel calls somebody is what their number, address or identity is taken for', () => {
    const same = (text: string, identity: string) => {
      assert.equal(toIdentity(text), identity);
      assert.equal(toIdentity(identity), identity);
    };
    fc.assert(
      fc.property(fc.emailAddress(), fc.stringMatching(/^[1-9]\d{6,14}$/), (address, digits) => {
        same(address, mailIdentity(address));
        const number = toPhoneNumber(digits) ?? '';
        for (const written of [digits, `+${digits}`]) same(written, phoneIdentity(number));
        same(`whatsapp:${digits}`, whatsappIdentity(number));
      }),
    );
    for (const address of ['JOE@EXAMPLE.COM', 'jörg@BÜCHER.example', 'é@é.example']) {
      same(address, mailIdentity(address));
    }
    for (const sender of ['ACME', '05551230001', '55512']) {
      const identity = phoneIdentity(toPhoneNumber(sender) ?? '');
      assert.equal(toIdentity(identity), identity);
    }
    assert.equal(toIdentity('whatsapp:US.134'), whatsappIdentity('US.134'));
  });

  test('an identity names itself', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'grapheme' }), fc.emailAddress(), fc.stringMatching(/^\+?\d*$/)),
        (text) => {
          const identity = toIdentity(text);
          if (identity !== undefined) assert.equal(toIdentity(identity), identity);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
