import type * as z from 'zod';
import type { Emulator } from '../emulator.ts';
import { AcsError } from '../exchange.ts';
import type { KeptSettings } from '../keep-settings.ts';
import { sortedGuid } from '../sorted-guid.ts';
import type { Collection } from '../state.ts';
import type { AnalysedMessage } from './analyse-message.ts';
import { messageReceived } from './events.ts';
import { type IncomingWhatsapp, incomingWhatsapp } from './incoming-whatsapp.ts';
import { digitsOf, type People, type Person } from './people.ts';
import type { SentWhatsapp } from './send-whatsapp.ts';
import type { Channel, WhatsappSettings } from './settings.ts';

/** Bytes that a person sent. */
export interface StoredMedia {
  base64: string;
  mimeType: string;
}

export interface ReceivedWhatsapp {
  messageId: string;
  person: Person;
  /** Channel registration id. */
  to: string;
  /** The bytes are left out. */
  message: Omit<IncomingWhatsapp, 'media'>;
  mediaId?: string;
  /** ISO. */
  receivedAt: string;
}

interface Options {
  emulator: Emulator;
  settings: KeptSettings<WhatsappSettings>;
  people: People;
  sent: Collection<SentWhatsapp>;
  received: Collection<ReceivedWhatsapp>;
  media: Collection<StoredMedia>;
  analyseLater: (milliseconds: number, message: AnalysedMessage) => void;
}

/** Each message opens the 24-hour window anew; its media is kept to be downloaded. */
export function createReceive({ emulator, settings, people, sent, received, media, analyseLater }: Options) {
  const { state, clock, emit } = emulator;

  return function receive(input: z.input<typeof incomingWhatsapp>): ReceivedWhatsapp {
    const message = incomingWhatsapp.parse(input);
    const channel = channelOf(message.to, settings.read().channels);
    const receivedAt = message.at === undefined ? clock() : new Date(message.at);
    const messageId = sortedGuid(clock());
    const mediaId = message.media && sortedGuid(clock());

    return state.transaction(() => {
      const person = people.know({ number: message.from, bsuid: message.bsuid });
      people.wrote(person, channel.id, receivedAt);
      if (message.media && mediaId) {
        media.put(mediaId, { base64: message.media.base64, mimeType: message.media.mimeType });
      }
      const isOurs = message.replyTo !== undefined && sent.get(message.replyTo) !== undefined;
      const repliedTo = isOurs ? digitsOf(channel.number) : (person.number ?? '');
      const event = { messageId, message, person, channel, mediaId, repliedTo, receivedAt };
      emit(messageReceived(event, settings.read()));
      const { text, hiddenNumber = false } = message;
      if (channel.analysis && text) {
        const { analysedAfterMilliseconds } = settings.read();
        analyseLater(analysedAfterMilliseconds, { text, person, hiddenNumber, channel });
      }

      const { media: _bytes, ...rest } = message;
      const record: ReceivedWhatsapp = {
        messageId,
        person,
        to: channel.id,
        message: rest,
        ...(mediaId ? { mediaId } : {}),
        receivedAt: receivedAt.toISOString(),
      };
      received.put(messageId, record);
      return record;
    });
  };
}

function channelOf(id: string | undefined, channels: readonly Channel[]): Channel {
  const channel = id === undefined ? channels[0] : channels.find((channel) => channel.id === id);
  if (channel) return channel;
  const known = channels.map(({ id }) => id).join(', ');
  throw new AcsError(404, 'NotFound', `The resource has no channel ${id}. It has ${known}.`);
}
