import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  parseWhatsappConversation,
  whatsappConversation,
} from '../../src/shared/channels/whatsapp/conversation.ts';
import { createWhatsApp } from '../../src/shared/channels/whatsapp/whatsapp.ts';
import { peopleIn } from '../../src/shared/people/people-in-entries.ts';
import type { TranscriptEntry } from '../../src/shared/transcripts/entry.ts';
import { createFold } from '../../src/shared/transcripts/fold.ts';
import {
  acsEvent,
  asCloudEvent,
  entriesOf,
  officialSamples,
  onlyEntry,
  partsWith,
  readWith,
  refuses,
} from '../support/acs-events.ts';

const whatsapp = createWhatsApp(partsWith());

const channel = '75476a19-a68d-4e10-806c-3680f099e069';
const bsuid = 'US.13491208655302741918';
const received = {
  channelType: 'whatsapp',
  messageType: 'text',
  messageId: 'wamid.1',
  from: '14255551234',
  fromBSUID: bsuid,
  to: channel,
  content: 'Hi there!',
  receivedTimestamp: '2026-11-23T09:00:19+00:00',
};
const byBsuid = `${channel}:${bsuid}`;
const byNumber = `${channel}:+14255551234`;
const { content: _, ...withoutContent } = received;
const photo = { mimeType: 'image/jpeg', id: 'media-1' };
const status = {
  messageId: '22222222-2222-2222-2222-222222222222',
  status: 'Sent',
  channelType: 'whatsapp',
  from: channel,
  to: '14255551234',
  toBSUID: bsuid,
  receivedTimestamp: '2026-11-23T09:00:28+00:00',
};

const message = (data: object) => acsEvent('AdvancedMessageReceived', data);
const statusUpdate = (data: object) => acsEvent('AdvancedMessageDeliveryStatusUpdated', data);

async function readMessage(data: object) {
  const entry = await onlyEntry(whatsapp, message(data));
  if (entry.kind !== 'message') throw new Error(`a ${entry.kind} instead of a message`);
  return entry;
}

/** What a kind of message says, without what all have in common. */
async function contentOf(data: object) {
  const { text, attachments, metadata, replyTo, original } = await readMessage({
    ...withoutContent,
    ...data,
  });
  return JSON.parse(JSON.stringify({ text, attachments, metadata, replyTo, original }));
}

describe('WhatsApp messages', () => {
  test('a text becomes an entry of the conversation between our channel and the person', async () => {
    assert.deepEqual(await readWith(whatsapp, message(received)), {
      conversation: { channel: 'whatsapp', id: byBsuid },
      entries: [
        {
          kind: 'message',
          id: 'message:wamid.1:1795424419000',
          conversation: byBsuid,
          version: '1795424419000',
          at: '2026-11-23T09:00:19.000Z',
          messageId: 'wamid.1',
          sender: { id: `whatsapp:${bsuid}`, name: '+14255551234' },
          alsoKnownAs: ['4:+14255551234'],
          composedAt: '2026-11-23T09:00:19.000Z',
          text: 'Hi there!',
        },
      ],
    });
  });

  test('every documented type says what a person reads', async () => {
    const context = { from: '14255550199', id: 'wamid.0' };
    const attachments = [{ id: 'media-1', type: 'image/jpeg' }];
    const cases: [object, object][] = [
      [
        { messageType: 'image', media: { ...photo, caption: 'My cat' } },
        { text: 'My cat', attachments },
      ],
      [
        { messageType: 'image', media: photo },
        { text: '[image]', attachments },
      ],
      [
        {
          messageType: 'document',
          media: { mimeType: 'application/pdf', id: 'd', fileName: 'Fête 2024.pdf' },
        },
        { text: '[document]', attachments: [{ id: 'd', type: 'application/pdf', name: 'Fête 2024.pdf' }] },
      ],
      [
        { messageType: 'audio', media: { mimeType: 'audio/ogg; codecs=opus', id: 'a' } },
        { text: '[audio]', attachments: [{ id: 'a', type: 'audio/ogg; codecs=opus' }] },
      ],
      [
        { messageType: 'video', media: { mimeType: 'video/mp4', id: 'v' } },
        { text: '[video]', attachments: [{ id: 'v', type: 'video/mp4' }] },
      ],
      [
        { messageType: 'sticker', media: { mimeType: 'image/webp', id: 's', animated: false } },
        { text: '[sticker]', attachments: [{ id: 's', type: 'image/webp' }] },
      ],
      [
        {
          messageType: 'interactive',
          context,
          interactive: { type: 'buttonReply', buttonReply: { id: 'agree', title: 'Agree' } },
        },
        { text: 'Agree', metadata: { replyId: 'agree' }, replyTo: 'wamid.0' },
      ],
      [
        {
          messageType: 'interactive',
          context,
          interactive: {
            type: 'listReply',
            listReply: { id: 'priority', title: 'Priority Mail', description: '1–3 Days' },
          },
        },
        {
          text: 'Priority Mail',
          metadata: { replyId: 'priority', replyDescription: '1–3 Days' },
          replyTo: 'wamid.0',
        },
      ],
      [
        { messageType: 'button', context, button: { text: 'Yes', payload: 'she said yes' } },
        { text: 'Yes', metadata: { replyPayload: 'she said yes' }, replyTo: 'wamid.0' },
      ],
      [
        { messageType: 'text', content: 'As I said', context },
        { text: 'As I said', replyTo: 'wamid.0' },
      ],
    ];
    for (const [data, expected] of cases) assert.deepEqual(await contentOf(data), expected);
  });

  test('of any other type the payload is kept, beside a line that names it', async () => {
    const cases: [object, string][] = [
      [{ messageType: 'location', location: { latitude: 47.6, longitude: -122.3 } }, '[location]'],
      [{ messageType: 'Contacts', contacts: [{ name: 'Joe' }] }, '[contacts]'],
      [{ messageType: 'a]\n[b' }, '[unsupported]'],
      [{ messageType: 'interactive', interactive: { type: 'unknown' } }, '[interactive]'],
      [
        { messageType: undefined, error: { channelCode: '131051', channelMessage: 'Unsupported' } },
        '[unsupported]',
      ],
      [{ messageType: 'unsupported', error: { channelCode: '131051' } }, '[unsupported]'],
      [{ messageType: 'image', media: { mimeType: 'image/png' } }, '[image]'],
      [{ messageType: 'reaction', reaction: { emoji: '👍' } }, '[reaction]'],
    ];
    for (const [data, text] of cases) {
      const original = { ...withoutContent, ...data };
      assert.deepEqual(await contentOf(data), JSON.parse(JSON.stringify({ text, original })));
    }
  });

  test('a reaction is an entry on its message; one without emoji takes it back', async () => {
    const { messageId: __, ...unnamed } = withoutContent;
    const react = (reaction: object) =>
      onlyEntry(whatsapp, message({ ...unnamed, messageType: 'reaction', reaction }));
    const expected = {
      kind: 'reaction',
      id: `reaction:wamid.0:whatsapp:${bsuid}:1795424419000`,
      conversation: byBsuid,
      version: '1795424419000',
      at: '2026-11-23T09:00:19.000Z',
      messageId: 'wamid.0',
      sender: { id: `whatsapp:${bsuid}`, name: '+14255551234' },
    };
    assert.deepEqual(await react({ messageId: 'wamid.0', emoji: '👍' }), { ...expected, emoji: '👍' });
    assert.deepEqual(await react({ messageId: 'wamid.0', emoji: '' }), expected);
    assert.deepEqual(await react({ messageId: 'wamid.0' }), expected);
  });

  test('a file name of any length stays short enough for a queue', async () => {
    const media = { ...photo, fileName: '🎉'.repeat(100_000), mimeType: 'x'.repeat(100_000) };
    const { attachments } = await readMessage({ ...withoutContent, messageType: 'image', media });
    assert.ok(attachments?.[0]?.name?.isWellFormed());
    assert.ok(JSON.stringify(attachments).length < 600);
  });

  test('without an id of its own a message has that of its event, the same for every delivery', async () => {
    const event = message({ ...received, messageId: undefined });
    const entry = await onlyEntry(whatsapp, event);
    assert.equal(entry.kind === 'message' && entry.messageId, event.id);
    assert.deepEqual(await onlyEntry(whatsapp, asCloudEvent(event)), entry);
    await assert.rejects(
      () => readWith(whatsapp, { ...event, id: undefined }),
      refuses(/messageId nor the event's own id/),
    );
  });
});

describe('WhatsApp people', () => {
  test('a person is the same one in the same conversation, number shown or hidden', async () => {
    const shown = await readMessage(received);
    const { from: __, ...hidden } = received;
    for (const data of [hidden, { ...hidden, from: '' }, { ...hidden, from: null }]) {
      const { alsoKnownAs, sender, ...same } = shown;
      assert.deepEqual(await readMessage(data), { ...same, sender: { id: sender.id } });
      assert.equal(sender.name, '+14255551234');
      assert.deepEqual(alsoKnownAs, ['4:+14255551234']);
    }
  });

  test('whoever shows a number is found by it, too', async () => {
    const happening = await readWith(whatsapp, message(received));
    assert.ok(happening);
    const identities = peopleIn(happening.conversation, happening.entries).map(({ identity }) => identity);
    assert.deepEqual(identities.sort(), ['4:+14255551234', `whatsapp:${bsuid}`]);
  });

  test('without BSUID the number names the conversation and the person', async () => {
    const { fromBSUID: __, ...numbered } = received;
    for (const data of [numbered, { ...numbered, fromBSUID: '' }, { ...numbered, fromBSUID: null }]) {
      const happening = await readWith(whatsapp, message(data));
      assert.equal(happening?.conversation.id, byNumber);
      const [entry] = happening?.entries ?? [];
      assert.deepEqual(entry?.kind === 'message' && entry.sender, { id: '4:+14255551234' });
    }
  });

  test('what the documentation writes in place of ids does no harm', async () => {
    const happening = await readWith(
      whatsapp,
      message({ ...received, from: '{sender@id}', fromBSUID: undefined, to: '{channel-id}' }),
    );
    assert.equal(happening?.conversation.id, '{channel-id}:{sender@id}');
  });

  test('a channel is the same one in capitals', async () => {
    const happening = await readWith(whatsapp, message({ ...received, to: channel.toUpperCase() }));
    assert.equal(happening?.conversation.id, byBsuid);
  });

  test('the id of a conversation tells both ends, and nothing else is one', async () => {
    for (const theirs of [bsuid, '+14255551234']) {
      assert.deepEqual(parseWhatsappConversation(whatsappConversation({ channel, theirs })), {
        channel,
        theirs,
      });
    }
    for (const id of ['', ':', 'a:', ':b', 'a:b:c', channel]) {
      assert.equal(parseWhatsappConversation(id), undefined, id);
    }
  });

  test('what cannot be understood names the field', async () => {
    const bad: [object, RegExp][] = [
      [{ ...received, from: '', fromBSUID: null }, /neither the person's number nor their BSUID/],
      [{ ...received, to: '' }, /data\.to/],
      [{ ...received, to: undefined }, /data\.to/],
      [{ ...received, to: 'a:b' }, /data\.to/],
      [{ ...received, fromBSUID: 'x'.repeat(300) }, /data\.fromBSUID/],
      [{ ...received, from: '\ud800' }, /data\.from/],
    ];
    for (const [data, reason] of bad) {
      await assert.rejects(() => readWith(whatsapp, message(data)), refuses(reason));
    }
    await assert.rejects(
      () => readWith(whatsapp, acsEvent('AdvancedMessageReceived', null)),
      refuses(/data /),
    );
    await assert.rejects(
      () => readWith(whatsapp, statusUpdate({ ...status, messageId: '' })),
      refuses(/data\.messageId/),
    );
  });

  test('a payload too deep to be written down is refused, not thrown about', async () => {
    let location: unknown = 1;
    for (let depth = 0; depth < 20_000; depth += 1) location = [location];
    await assert.rejects(
      () => readWith(whatsapp, message({ ...withoutContent, messageType: 'location', location })),
      refuses(/nested too deeply/),
    );
  });
});

describe('WhatsApp delivery', () => {
  test('a status becomes a receipt of the message that we sent, in its conversation', async () => {
    assert.deepEqual(await readWith(whatsapp, statusUpdate({ ...status, to: '' })), {
      conversation: { channel: 'whatsapp', id: byBsuid },
      entries: [
        {
          kind: 'receipt',
          id: 'receipt:22222222-2222-2222-2222-222222222222:sent:1795424428000',
          conversation: byBsuid,
          version: '1795424428000',
          at: '2026-11-23T09:00:28.000Z',
          messageId: '22222222-2222-2222-2222-222222222222',
          recipient: `whatsapp:${bsuid}`,
          status: 'sent',
        },
      ],
    });
    const numbered = await readWith(whatsapp, statusUpdate({ ...status, toBSUID: undefined }));
    assert.equal(numbered?.conversation.id, byNumber);
  });

  test('a status that tells number and BSUID is in the conversation that there is', async () => {
    const cases: [string[], string][] = [
      [[byBsuid], byBsuid],
      [[byNumber], byNumber],
      [[byNumber, byBsuid], byNumber],
      // Faster than the record of what was sent: it was sent to the number, then.
      [[], byNumber],
    ];
    for (const [conversations, expected] of cases) {
      const knowing = createWhatsApp(partsWith({ conversations }));
      const happening = await readWith(knowing, statusUpdate(status));
      assert.equal(happening?.conversation.id, expected);
      const [entry] = happening?.entries ?? [];
      const recipient = expected === byBsuid ? `whatsapp:${bsuid}` : '4:+14255551234';
      assert.equal(entry?.kind === 'receipt' && entry.recipient, recipient);
    }
  });

  test('a failure tells code and words; what says nothing of the way adds nothing', async () => {
    const error = { channelCode: '131026', channelMessage: 'Message Undeliverable.' };
    const entry = await onlyEntry(whatsapp, statusUpdate({ ...status, status: 'Failed', error }));
    assert.ok(entry.kind === 'receipt');
    assert.deepEqual(
      [entry.status, entry.code, entry.reason],
      ['failed', '131026', 'Message Undeliverable.'],
    );
    for (const word of ['Warning', 'Unknown', '']) {
      assert.deepEqual(await entriesOf(whatsapp, statusUpdate({ ...status, status: word, error })), []);
    }
  });

  test('other channels and other events are none of WhatsApp', async () => {
    assert.equal(await readWith(whatsapp, message({ ...received, channelType: 'sms' })), undefined);
    assert.equal(await readWith(whatsapp, statusUpdate({ ...status, channelType: 'messenger' })), undefined);
    assert.equal(await readWith(whatsapp, acsEvent('SMSReceived', received)), undefined);
    assert.ok(await readWith(whatsapp, message({ ...received, channelType: 'WhatsApp' })));
  });
});

describe('WhatsApp in any order', () => {
  const ours: TranscriptEntry = {
    kind: 'message',
    id: 'message:ours:1',
    conversation: byBsuid,
    version: '1',
    at: '2026-11-23T09:00:00.000Z',
    composedAt: '2026-11-23T09:00:00.000Z',
    messageId: status.messageId,
    sender: { id: channel },
    sentBy: 'operator',
    text: 'Your parcel',
    attachments: [{ id: 'media-1', type: 'image/jpeg' }],
  };
  const react = (emoji: string, second: number) =>
    onlyEntry(
      whatsapp,
      message({
        ...withoutContent,
        messageType: 'reaction',
        reaction: { messageId: status.messageId, emoji },
        receivedTimestamp: `2026-11-23T09:01:0${second}+00:00`,
      }),
    );
  const kept: TranscriptEntry = {
    kind: 'attachment',
    id: 'attachment:media-1:5',
    conversation: byBsuid,
    version: '5',
    at: '2026-11-23T09:02:00.000Z',
    messageId: status.messageId,
    attachment: { id: 'media-1', type: 'image/jpeg', size: 3, blob: 'whatsapp/x/y' },
  };
  /** In one second, as WhatsApp's clock has no finer one. */
  const states = ['Sent', 'Delivered', 'Read'].map((word) =>
    statusUpdate({ ...status, to: '', status: word }),
  );

  test('message, reactions, receipts and attachment fold to one result, however often and in whatever order', async () => {
    const told = [react('👍', 1), react('', 2), react('🎉', 3)];
    const receipts = states.map((event) => onlyEntry(whatsapp, event));
    const entries = [ours, kept, ...(await Promise.all([...told, ...receipts]))];
    const expected = {
      id: status.messageId,
      at: '2026-11-23T09:00:00.000Z',
      sender: { id: channel },
      text: 'Your parcel',
      sentBy: 'operator',
      attachments: [{ id: 'media-1', type: 'image/jpeg', size: 3, blob: 'whatsapp/x/y' }],
      delivery: [{ recipient: `whatsapp:${bsuid}`, status: 'read', at: '2026-11-23T09:00:28.000Z' }],
      reactions: [
        {
          sender: { id: `whatsapp:${bsuid}`, name: '+14255551234' },
          emoji: '🎉',
          at: '2026-11-23T09:01:03.000Z',
        },
      ],
    };
    const arrivals = fc.shuffledSubarray([...entries, ...entries], { minLength: entries.length * 2 });
    fc.assert(
      fc.property(arrivals, (arrived) => {
        const fold = createFold({ channel: 'whatsapp', id: ours.conversation });
        for (const entry of arrived) fold.add(entry);
        assert.deepEqual(fold.result().messages, [expected]);
      }),
      { numRuns: 720 },
    );
  });
});

describe('official samples', () => {
  test('every WhatsApp sample is read, in both schemas', async (context) => {
    const samples = officialSamples(/(whatsapp_.*|advanced_message_.*)\.json$/);
    if (!samples) return context.skip('../shared/events is not on this machine');
    const texts: Record<string, string> = {};
    for (const [file, sample] of samples) {
      if (/analysis_completed|fragments/.test(file)) continue;
      const [entry] = await entriesOf(whatsapp, sample);
      assert.ok(entry, file);
      const name = file.split('/').at(-1) ?? file;
      if (entry.kind === 'message') texts[name] = entry.text;
      else texts[name] = entry.kind === 'reaction' ? String(entry.emoji) : entry.kind;
    }
    assert.deepEqual(texts, {
      'advanced_message_delivery_status_updated.json': 'receipt',
      'advanced_message_received.json': 'Come on guys, lets go for lunch together.',
      'advanced_message_received.latest.json': 'Come on guys, lets go for lunch together.',
      'whatsapp_delivery_failed.json': 'receipt',
      'whatsapp_delivery_sent.json': 'receipt',
      'whatsapp_document_received.json': '[document]',
      'whatsapp_image_received.json': 'This is a media caption',
      'whatsapp_interactive_button_reply.json': 'Agree',
      'whatsapp_interactive_list_reply.json': 'Priority Mail',
      'whatsapp_reaction_received.json': '👍',
      'whatsapp_sticker_received.json': '[sticker]',
      'whatsapp_template_button_received.json': 'Yes',
      'whatsapp_text_received.json': 'Hello',
    });
  });
});
