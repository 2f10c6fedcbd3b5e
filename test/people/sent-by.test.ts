import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { toIdentity } from '../../src/shared/people/identity.ts';
import { toStaff } from '../../src/shared/people/sent-by.ts';

describe('who had a message sent', () => {
  const written: [string, string | undefined][] = [
    ['Ana', 'staff:Ana'],
    [' Ana  Lopez ', 'staff:Ana Lopez'],
    ['staff:Ana', 'staff:Ana'],
    ['ana@example.com', 'mailto:ana@example.com'],
    ['8:acs:00000000-0000-4000-8000-000000000000_Ana', '8:acs:00000000-0000-4000-8000-000000000000_Ana'],
    ['+1 555 123 0001', '4:+15551230001'],
    ['4:+15551230001', '4:+15551230001'],
    [
      'entra:0A000000-0000-4000-8000-00000000000A/0B000000-0000-4000-8000-00000000000B',
      'entra:0a000000-0000-4000-8000-00000000000a/0b000000-0000-4000-8000-00000000000b',
    ],
    // A name or number of ours that looks a little like an identity is none.
    ['42', 'staff:42'],
    ['12345678', 'staff:12345678'],
    ['Desk 2: Ana', 'staff:Desk 2: Ana'],
    ['Team:Ana', 'staff:Team:Ana'],
    ['entra:nobody', 'staff:entra:nobody'],
    ['https://example.com/ana', 'staff:https://example.com/ana'],
    ['Ana @ desk', 'staff:Ana @ desk'],
    ['api', undefined],
    ['API', undefined],
    ['parley', undefined],
    ['bot', undefined],
    ['[erased]', undefined],
    ['  ', undefined],
  ];
  for (const [sentBy, identity] of written) {
    test(`${JSON.stringify(sentBy)} is ${identity ?? 'nobody'}`, () => {
      assert.equal(toStaff(sentBy)?.id, identity);
    });
  }

  test('is one whom an operator can name: the identity names itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (sentBy) => {
        const staff = toStaff(sentBy);
        if (staff) assert.equal(toIdentity(staff.id), staff.id);
      }),
      { numRuns: 2_000 },
    );
  });
});
