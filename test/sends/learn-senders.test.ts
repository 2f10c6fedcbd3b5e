import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDirectory } from '../../src/shared/people/open-directory.ts';
import { acceptSend } from '../../src/shared/sends/accept-send.ts';
import { useAcs } from '../support/acs.ts';
import { useAzurite } from '../support/azurite.ts';
import { newNumber } from './each-channel.ts';
import { makeParts, newBlobs, ourAddress, ourChannel, ourNumber } from './make-parts.ts';

const azurite = useAzurite();
const acs = useAcs();
const clock = () => new Date();

function open() {
  return makeParts({ emulator: acs.emulator(), blobs: newBlobs(azurite.newContainer), clock });
}

const openings = () => [
  { channel: 'sms', content: { text: 'Hello' }, to: newNumber() },
  { channel: 'email', content: { html: '<p>Hello</p>', subject: 'Hello' }, to: 'joe@example.com' },
  {
    channel: 'whatsapp',
    content: { template: { name: 'conversation_reopened', language: 'en_US' } },
    to: newNumber(),
  },
];

test('the identities that we send under are known as ours once a send is recorded, on every channel', async () => {
  const directory = openDirectory(azurite.newContainer());
  const parts = { ...open(), directory };
  for (const { channel, content, to } of openings()) {
    const outgoing = { content, sentBy: 'Ana', opening: { to: [to] } };
    const { state } = await acceptSend({ channel, outgoing, caller: 'test' }, parts);
    assert.equal(state, 'recorded');
  }
  for (const ours of [`4:${ourNumber}`, `mailto:${ourAddress}`, `whatsapp:${ourChannel}`]) {
    assert.equal((await directory.personOf(ours))?.role, 'self', ours);
  }
  assert.equal(await directory.personOf('mailto:joe@example.com'), undefined);
  assert.deepEqual(parts.faults, []);
});

test('a send whose sender cannot be noted is recorded all the same, and the log is told', async () => {
  const fault = new Error('no directory');
  const directory = { learnSelf: () => Promise.reject(fault) };
  const parts = { ...open(), directory };
  const outgoing = { content: { text: 'Hello' }, sentBy: 'Ana', opening: { to: [newNumber()] } };
  const sent = await acceptSend({ channel: 'sms', outgoing, caller: 'test' }, parts);
  assert.deepEqual([sent.state, parts.faults], ['recorded', [fault]]);
});
