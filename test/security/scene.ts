import assert from 'node:assert/strict';
import type { AcsEmulator } from '../../local/acs/start-emulator.ts';
import { newPerson } from '../acs/people.ts';
import { attached, mail, multipart } from '../channels/email/mails.ts';
import {
  chatEvent,
  deleted,
  edited,
  joined,
  left,
  sent,
  timeAt,
  topicChanged,
  user,
} from '../support/chat-events.ts';
import { ask, post } from '../support/parley.ts';

export const team = '19:team@thread.v2';
export const gone = '19:gone@thread.v2';
export const sms = '+18005550100:+15551230001';

/** Words of messages, and of nothing else. */
export const words = {
  start: 'aardvark',
  early: 'buffalo',
  whileAway: 'chinchilla',
  late: 'dromedary',
  changed: 'echidna',
  topic: 'flamingo',
  mailToAll: 'gazelle',
  mailToOne: 'hedgehog',
  file: 'ibex',
  sms: 'jackal',
};

export interface Scene {
  idOf(name: string): string;
  /** The headers with which somebody asks as a chat user. */
  by(name: string): Record<string, string>;
}

/**
 * Ada is there all the time, Bob leaves, Cleo comes late, Dan leaves and comes back, Eve is a stranger; Joe writes mails and
 * SMS. Bob is Joe's colleague and gets one of two mails.
 */
export async function playScene(url: string, emulator: AcsEmulator): Promise<Scene> {
  const people = new Map<string, { id: string; token: string }>();
  for (const name of ['Ada', 'Bob', 'Cleo', 'Dan', 'Eve']) people.set(name, await newPerson(emulator));
  const idOf = (name: string): string => people.get(name)?.id ?? '';
  await addEvents(url, idOf);
  await addMails(url);
  await addPerson(url, { name: 'Bob', identities: [idOf('Bob'), 'bob@customer.example'] });
  return { idOf, by: (name) => ({ authorization: `Bearer ${people.get(name)?.token}` }) };
}

export async function addPerson(url: string, body: object): Promise<string> {
  const answer = await post(`${url}/api/people`, body);
  assert.equal(answer.status, 201, answer.text);
  return JSON.parse(answer.text).id;
}

async function addEvents(url: string, idOf: (name: string) => string): Promise<void> {
  const say = (id: string, second: number, text: string) => sent(team, { id, from: 'Ada', text, second });
  const events = [
    ...['Ada', 'Bob', 'Dan'].map((name) => joined(team, name, 1)),
    say('1', 2, words.start),
    say('2', 3, words.early),
    left(team, 'Bob', 20),
    left(team, 'Dan', 20),
    say('3', 25, words.whileAway),
    joined(team, 'Cleo', 30),
    joined(team, 'Dan', 30),
    say('4', 35, words.late),
    edited(team, { id: '2', from: 'Ada', text: words.changed, second: 3 }, 40),
    topicChanged(team, words.topic, 45),
    joined(gone, 'Ada', 1),
    joined(gone, 'Bob', 1),
    sent(gone, { id: '9', from: 'Bob', text: words.start, second: 2 }),
    deleted(gone, { id: '9', from: 'Bob', second: 2 }, 3),
    sent(gone, { id: '10', from: 'Ada', text: words.early, second: 4 }),
    chatEvent('ChatThreadDeleted', gone, {
      deletedByCommunicationIdentifier: { rawId: user('Ada') },
      deleteTime: timeAt(50),
      createTime: timeAt(0),
      version: 1_795_424_450_000,
    }),
    {
      ...joined('', 'Joe', 1),
      eventType: 'Microsoft.Communication.SMSReceived',
      data: {
        MessageId: 'm1',
        From: '15551230001',
        To: '18005550100',
        Message: words.sms,
        ReceivedTimestamp: timeAt(5),
      },
    },
  ];
  // The builders of events have ids of a sample.
  const text = ['Ada', 'Bob', 'Cleo', 'Dan'].reduce(
    (changed, name) => changed.replaceAll(`${user(name)}"`, `${idOf(name)}"`),
    JSON.stringify(events),
  );
  const stored = await post(`${url}/api/events`, text);
  assert.equal(stored.status, 200, stored.text);
}

async function addMails(url: string): Promise<void> {
  const vouched = { 'Authentication-Results': 'mx.shop.example; dmarc=pass header.from=customer.example' };
  await inbound(url, mail({ headers: { ...vouched, Cc: 'bob@customer.example' }, body: words.mailToAll }));
  const second = {
    ...vouched,
    'Message-ID': '<second@customer.example>',
    References: '<first@customer.example>',
  };
  await inbound(
    url,
    multipart(
      'mixed',
      [{ body: words.mailToOne }, attached('plan.pdf', 'application/pdf', words.file)],
      second,
    ),
  );
}

async function inbound(url: string, raw: Buffer): Promise<void> {
  const headers = { 'content-type': 'message/rfc822' };
  const { status, text } = await ask(`${url}/api/email/inbound`, {
    method: 'POST',
    body: new Uint8Array(raw),
    headers,
  });
  assert.equal(status, 200, text);
}
