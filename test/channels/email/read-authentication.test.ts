import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { classify } from '../../../src/shared/channels/email/classify.ts';
import { parseMail } from '../../../src/shared/channels/email/parse-mail.ts';
import { isVouchedFor } from '../../../src/shared/channels/email/read-authentication.ts';
import { mail } from './mails.ts';

const header = 'authentication-results';

async function isVouched(results: string | string[], headers: Record<string, string> = {}): Promise<boolean> {
  const trusted = [results].flat().map((value) => `Authentication-Results: ${value}\r\n`);
  const raw = Buffer.concat([Buffer.from(trusted.join('')), mail({ headers })]);
  return isVouchedFor(await parseMail(raw), header);
}

describe('the gateway vouches for a sender', () => {
  const vouched = [
    'mx.shop.example; dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=customer.example',
    'mx.shop.example 1; spf=pass smtp.mailfrom=bounce@other.example; dmarc=pass header.from=Customer.Example',
    'mx.shop.example; dkim=pass header.i=@customer.example header.s=x header.b="a;b"; dmarc=none',
    'mx.shop.example; dkim=fail header.d=other.example; dkim=pass header.d=customer.example',
    'mx.shop.example;\r\n spf=pass (sender IP is 192.0.2.1)\r\n smtp.mailfrom=customer.example',
    'spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=customer.example; dkim=none; dmarc=pass action=none header.from=customer.example;compauth=pass reason=100',
    'mx.shop.example; DMARC=Pass Header.From=customer.example',
  ];
  for (const results of vouched) test(results, async () => assert.equal(await isVouched(results), true));

  test('for one below a domain by the domain above it, never the other way round', async () => {
    const from = { From: 'ada@mail.customer.example' };
    assert.equal(await isVouched('mx; dkim=pass header.d=customer.example', from), true);
    assert.equal(await isVouched('mx; dkim=pass header.d=evil.customer.example'), false);
    assert.equal(await isVouched('mx; dkim=pass header.d=example'), false);
  });

  test('for international domains in either form', async () => {
    const from = { From: 'ada@xn--mller-kva.example' };
    assert.equal(await isVouched('mx; dmarc=pass header.from=xn--mller-kva.example', from), true);
  });
});

describe('the gateway does not vouch for a sender', () => {
  const refused = [
    'mx.shop.example; none',
    'mx.shop.example; dmarc=fail header.from=customer.example; dkim=pass header.d=customer.example',
    'mx.shop.example; dmarc=pass header.from=evil.example',
    'mx.shop.example; dmarc=pass',
    'mx.shop.example; dmarc=pass header.from=customer.example; dmarc=fail header.from=customer.example',
    'mx.shop.example; spf=pass smtp.mailfrom=evil.example; dkim=pass header.d=evil.example',
    'mx.shop.example; spf=softfail smtp.mailfrom=customer.example',
    'mx.shop.example; spf=none (x; dmarc=pass header.from=customer.example)',
    'mx.shop.example; spf=pass smtp.mailfrom="a; dmarc=pass header.from=customer.example b"@evil.example',
    'mx.shop.example; spf=pass smtp.mailfrom="a\\"; dmarc=pass header.from=customer.example b"@evil.example',
    'mx.shop.example; (dmarc=pass header.from=customer.example',
    'mx.shop.example; x-dmarc=pass header.from=customer.example',
    'mx.shop.example; dkim=pass header.d=notcustomer.example',
    '',
  ];
  for (const results of refused)
    test(results || 'nothing', async () => assert.equal(await isVouched(results), false));

  test('by any header but the topmost one of its name', async () => {
    const forged = 'mx.shop.example; dmarc=pass header.from=customer.example';
    assert.equal(
      await isVouched(['mx.shop.example; dmarc=fail header.from=customer.example', forged]),
      false,
    );
    const below = { 'Authentication-Results': forged };
    assert.equal(await isVouched('mx.shop.example; dmarc=fail header.from=customer.example', below), false);
  });

  test('where a mail names several senders, or none is to be trusted', async () => {
    const results = 'mx; dmarc=pass header.from=customer.example';
    assert.equal(await isVouched(results, { From: 'ada@customer.example, joe@customer.example' }), false);
    const twice = Buffer.concat([
      Buffer.from(`Authentication-Results: ${results}\r\nFrom: a@customer.example\r\n`),
      mail(),
    ]);
    assert.equal(isVouchedFor(await parseMail(twice), header), false);
    const once = Buffer.concat([Buffer.from(`Authentication-Results: ${results}\r\n`), mail()]);
    assert.equal(isVouchedFor(await parseMail(once), undefined), false);
    assert.equal(isVouchedFor(await parseMail(once), 'x-other-header'), false);
  });

  test('in a name that only looks like an address', async () => {
    const from = { From: '"ada@customer.example" <eve@evil.example>' };
    assert.equal(await isVouched('mx; dmarc=pass header.from=customer.example', from), false);
  });

  test('in a header of half a megabyte', async () => {
    const started = performance.now();
    assert.equal(
      await isVouched(`mx; x${' '.repeat(400_000)}; dmarc=pass header.from=customer.example`),
      false,
    );
    assert.ok(performance.now() - started < 5_000);
  });
});

describe('what nobody wrote is marked', () => {
  const marks = async (headers: Record<string, string>) => classify(await parseMail(mail({ headers })));
  const kinds: [Record<string, string>, string[]][] = [
    [{}, []],
    [{ 'Auto-Submitted': 'no' }, []],
    [{ Precedence: 'list' }, []],
    [{ 'Auto-Submitted': 'auto-replied (vacation)' }, ['auto-reply']],
    [{ 'Auto-Submitted': 'auto-generated' }, ['auto-reply']],
    [{ 'X-Auto-Response-Suppress': 'DR, OOF, AutoReply' }, ['auto-reply']],
    [{ Precedence: 'bulk' }, ['auto-reply']],
    [{ 'X-Autoreply': 'yes' }, ['auto-reply']],
    [
      { 'Content-Type': 'multipart/report; report-type=disposition-notification; boundary=b' },
      ['auto-reply'],
    ],
    [{ 'Content-Type': 'multipart/report; report-type="delivery-status"; boundary=b' }, ['bounce']],
    [{ From: 'MAILER-DAEMON@mx.customer.example' }, ['bounce']],
    [{ 'Return-Path': '<>' }, ['bounce']],
    [{ 'Return-Path': '<>', 'Auto-Submitted': 'auto-replied' }, ['auto-reply']],
    [{ 'X-Failed-Recipients': 'joe@customer.example' }, ['bounce']],
  ];
  for (const [headers, expected] of kinds) {
    test(JSON.stringify(headers), async () => assert.deepEqual(await marks(headers), expected));
  }
});
