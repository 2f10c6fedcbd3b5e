import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkPublicUrl, isPublicAddress } from '../../src/shared/security/check-public-url.ts';

const lookup =
  (...addresses: string[]) =>
  async () =>
    addresses.map((address) => ({ address }));
const failing = (code: string) => async (): Promise<never> => {
  throw Object.assign(new Error('no'), { code });
};

describe('an address that somebody else is to fetch', () => {
  test('may be public and https', async () => {
    await checkPublicUrl('https://files.example.com/a.jpg?key=1', {
      lookup: lookup('93.184.216.34', '2606:2800:220:1::1'),
    });
    await checkPublicUrl('https://93.184.216.34/a.jpg', { lookup: failing('EFAIL') });
    await checkPublicUrl('https://[2606:2800:220:1::1]:8443/a.jpg', { lookup: failing('EFAIL') });
  });

  const refused = [
    'http://files.example.com/a.jpg',
    'ftp://files.example.com/a.jpg',
    'files.example.com/a.jpg',
    'https://user:secret@files.example.com/',
    'https://user@files.example.com/',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f.0.0.1/',
    'https://0177.0.0.1/',
    'https://10.1.2.3/',
    'https://172.31.255.255/',
    'https://192.168.0.1/',
    'https://100.64.0.1/',
    'https://169.254.169.254/metadata/instance',
    'https://168.63.129.16/',
    'https://0.0.0.0/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[2001:db8::1]/',
    'https://[2001:0:1::1]/',
    'https://[fe80::1]/',
    'https://[fd00:ec2::254]/',
    'https://[ff02::1]/',
    'https://files.example.com\\@127.0.0.1/',
    'https:\\\\files.example.com/a.jpg',
    ' https://files.example.com/a.jpg',
    'https://files.example.com/a\nb.jpg',
  ];
  for (const url of refused) {
    test(`is refused: ${JSON.stringify(url)}`, async () => {
      await assert.rejects(checkPublicUrl(url, { lookup: lookup('93.184.216.34') }), { code: 'bad_request' });
    });
  }

  test('is refused when any address of its host is private, and when there is no such host', async () => {
    const url = 'https://files.example.com/';
    for (const addresses of [['93.184.216.34', '10.0.0.1'], ['::1'], ['169.254.169.254'], []]) {
      await assert.rejects(checkPublicUrl(url, { lookup: lookup(...addresses) }), { code: 'bad_request' });
    }
    await assert.rejects(checkPublicUrl(url, { lookup: failing('ENOTFOUND') }), { code: 'bad_request' });
    await assert.rejects(checkPublicUrl('https://localhost./'), { code: 'bad_request' });
  });

  test('is to be asked for again where names cannot be resolved just now', async () => {
    const check = checkPublicUrl('https://files.example.com/', { lookup: failing('EAI_AGAIN') });
    await assert.rejects(check, { code: 'provider_unavailable', retryable: true });
  });

  test('does not keep whoever asks waiting for a resolver that does not answer', async () => {
    const never = () => new Promise<never>(() => {});
    const ending = new AbortController();
    const { signal } = ending;
    const check = checkPublicUrl('https://files.example.com/', { lookup: never, signal });
    ending.abort();
    await assert.rejects(check, { code: 'provider_unavailable' });
    const late = checkPublicUrl('https://files.example.com/', { lookup: never, signal });
    await assert.rejects(late, { code: 'provider_unavailable' });
  });

  test('what is no address is not public', () => {
    for (const text of ['', 'localhost', '1.2.3', '::g']) assert.equal(isPublicAddress(text), false);
  });
});
