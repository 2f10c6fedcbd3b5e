import * as z from 'zod';
import type { Channel, ChannelEvent, Happening } from '../../src/shared/channels/channel.ts';
import { parsePayload, timeOfPayload, versionAt } from '../../src/shared/channels/parse-payload.ts';
import type { Sender } from '../../src/shared/channels/sender.ts';
import { sentMessage } from '../../src/shared/channels/sent-message.ts';
import { ParleyError } from '../../src/shared/errors.ts';
import type { TranscriptEntry } from '../../src/shared/transcripts/entry.ts';

const ring = z.string().regex(/^R-\d+$/);
const letter = z.object({
  flight: z.string(),
  loft: z.string(),
  bird: z.object({ ring, nickname: z.string().optional() }),
  releasedAt: z.number().transform((seconds) => new Date(seconds * 1_000).toISOString()),
  note: z.string(),
});
const landing = z.object({ flight: z.string(), loft: z.string(), ring });
const accepted = z.object({ flight: z.string() });

const name = 'pigeon';

/** A carrier that does not exist: it shows what a provider has to bring. Conversations are `<loft>/<ring>`. */
export function createPigeon({ url }: { url: string }): Channel {
  return {
    name,
    read(event) {
      switch (event.type) {
        case 'pigeon.letter':
          return readLetter(event);
        case 'pigeon.landed':
          return readLanding(event);
        default:
          return undefined;
      }
    },
    sender: createPigeonSender(url),
  };
}

function readLetter(event: ChannelEvent): Happening {
  const { flight, loft, bird, releasedAt: at, note } = parsePayload(letter, event);
  const version = versionAt(at);
  const conversation = `${loft}/${bird.ring}`;
  return happening(conversation, {
    kind: 'message',
    id: `message:${flight}:${version}`,
    conversation,
    version,
    at,
    messageId: flight,
    sender: { id: identityOf(bird.ring), ...(bird.nickname === undefined ? {} : { name: bird.nickname }) },
    text: note,
    composedAt: at,
  });
}

function readLanding(event: ChannelEvent): Happening {
  const { flight, loft, ring: recipient } = parsePayload(landing, event);
  const at = timeOfPayload(undefined, event);
  const version = versionAt(at);
  const conversation = `${loft}/${recipient}`;
  return happening(conversation, {
    kind: 'receipt',
    id: `receipt:${flight}:delivered:${version}`,
    conversation,
    version,
    at,
    messageId: flight,
    recipient: identityOf(recipient),
    status: 'delivered',
  });
}

function createPigeonSender(url: string): Sender {
  return {
    checkContent({ content }) {
      if (!('text' in content)) throw new ParleyError('bad_request', 'Pigeons carry plain text.');
    },
    async open({ to: [to = ''], from = 'L-1' }) {
      if (!ring.safeParse(to).success)
        throw new ParleyError('bad_request', '`to` must be a ring such as R-7.');
      return { channel: name, id: `${from}/${to}` };
    },
    async check() {},
    async send(outgoing, conversation, attempt) {
      const { content } = outgoing;
      const [loft = '', to = ''] = conversation.id.split('/');
      const text = 'text' in content ? (content.text ?? '') : '';
      const response = await fetch(`${url}/flights`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-flight-key': attempt.id },
        body: JSON.stringify({ loft, ring: to, note: text }),
        signal: attempt.signal,
      });
      if (response.status >= 500) throw new ParleyError('provider_unavailable', 'No pigeon is free.');
      if (!response.ok) throw new ParleyError('provider_refused', 'The loft takes no such letter.');
      const { flight: messageId } = accepted.parse(await response.json());
      const message = {
        conversation: conversation.id,
        messageId,
        sender: { id: identityOf(loft) },
        to: [{ id: identityOf(to) }],
        text,
      };
      return { messageId, entries: [sentMessage(message, outgoing, attempt)] };
    },
  };
}

function identityOf(end: string): string {
  return `${name}:${end}`;
}

function happening(id: string, entry: TranscriptEntry): Happening {
  return { conversation: { channel: name, id }, entries: [entry] };
}
