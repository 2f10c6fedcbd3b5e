import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { startAcsEmulator } from '../../local/acs/start-emulator.ts';
import { postSigned } from './signed-request.ts';

const errors: string[] = [];
const acs = await startAcsEmulator({
  port: 0,
  dataFile: ':memory:',
  log: (line) => void (line.startsWith('error') && errors.push(line)),
});
after(() => acs.stop());
const channelRegistrationId = acs.whatsapp.settings().channels[0]?.id;

const sends: Record<string, unknown> = {
  '/sms?api-version=2021-03-07': {
    from: '+18005550100',
    smsRecipients: [
      { to: '+15551230001', repeatabilityRequestId: 'x', repeatabilityFirstSent: 'y' },
      { to: '+15551230002' },
    ],
    message: 'hello',
    smsSendOptions: { enableDeliveryReport: true, tag: 'order' },
  },
  '/messages/notifications:send?api-version=2024-08-30': {
    channelRegistrationId,
    to: ['+15551230001'],
    kind: 'template',
    template: {
      name: 'order_shipped',
      language: 'en_US',
      values: [{ kind: 'text', name: 'order', text: '4711' }],
      bindings: { kind: 'whatsApp', body: [{ refValue: 'order' }] },
    },
  },
  '/emails:send?api-version=2025-09-01': {
    senderAddress: 'donotreply@parley.example',
    recipients: { to: [{ address: 'ana@customer.example', displayName: 'Ana' }] },
    content: { subject: 'Order', plainText: 'hello' },
    headers: { 'X-Order': '4711' },
    attachments: [{ name: 'a.txt', contentType: 'text/plain', contentInBase64: 'aGVsbG8=' }],
  },
};

/** The value with one of its parts, or all of it, in another form. */
function withAnother(value: unknown, part: unknown, at: number): unknown {
  let left = at;
  const visit = (current: unknown): unknown => {
    left -= 1;
    if (left < 0) {
      left = Number.POSITIVE_INFINITY;
      return part;
    }
    if (Array.isArray(current)) return current.map(visit);
    if (typeof current !== 'object' || current === null) return current;
    return Object.fromEntries(Object.entries(current).map(([name, inner]) => [name, visit(inner)]));
  };
  return visit(value);
}

for (const [target, body] of Object.entries(sends)) {
  test(`${target.split('?')[0]} takes what is well-formed, and refuses all else as ACS does`, async () => {
    assert.equal((await postSigned(acs, target, JSON.stringify(body))).status, 202);
    const part = fc.oneof(fc.jsonValue(), fc.constantFrom(undefined, '', [], {}, 'x'.repeat(5_000)));
    await fc.assert(
      fc.asyncProperty(part, fc.nat(20), async (replacement, at) => {
        const text = JSON.stringify(withAnother(body, replacement, at)) ?? '';
        const { status, body: answer } = await postSigned(acs, target, text);
        if (status === 202) return;
        assert.ok(status >= 400 && status < 500, `${status} for ${text}`);
        const { code, message } = Object(Object(answer).error);
        assert.ok(typeof code === 'string' && typeof message === 'string', JSON.stringify(answer));
      }),
      { numRuns: 150 },
    );
    for (const text of ['', '{', 'null', '[]', '"\ud800"']) {
      const { status } = await postSigned(acs, target, text);
      assert.equal(status, 400, text);
    }
    assert.deepEqual(errors, []);
  });
}

test('only the versions that are known are answered', async () => {
  for (const [target, body] of Object.entries(sends)) {
    const [path] = target.split('?');
    for (const query of ['', '?api-version=2020-01-01']) {
      const { status } = await postSigned(acs, `${path}${query}`, JSON.stringify(body));
      assert.equal(status, 400, `${path}${query}`);
    }
  }
});
