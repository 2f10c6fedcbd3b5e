import type { Channel, ChannelEvent } from '../channel.ts';
import type { ChannelParts } from '../channels.ts';
import { fetchWhatsAppMedia } from './fetch-media.ts';
import { channelKind } from './payloads.ts';
import { readMessage } from './read-message.ts';
import { readStatus } from './read-status.ts';

/** WhatsApp by ACS Advanced Messaging: one conversation for each channel registration and person. */
export function createWhatsApp({ reading, transcripts }: ChannelParts): Channel {
  return {
    name: 'whatsapp',
    read(event, { signal } = {}) {
      switch (event.type) {
        case 'Microsoft.Communication.AdvancedMessageReceived':
          return isWhatsApp(event) ? readMessage(event) : undefined;
        case 'Microsoft.Communication.AdvancedMessageDeliveryStatusUpdated':
          return isWhatsApp(event) ? readStatus(event, { transcripts, signal }) : undefined;
        default:
          return undefined;
      }
    },
    fetchMedia: (attachmentId, options) => fetchWhatsAppMedia(reading, attachmentId, options),
  };
}

/** Where no channel is told it is this one: Advanced Messaging has no other. */
function isWhatsApp({ data }: ChannelEvent): boolean {
  const { channelType = 'whatsapp' } = channelKind.safeParse(data).data ?? {};
  return channelType.toLowerCase() === 'whatsapp';
}
