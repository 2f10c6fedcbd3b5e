import type { Channel, ChannelEvent } from '../channel.ts';
import type { ChannelParts } from '../channels.ts';
import { parseWhatsappConversation, whatsappIdentity } from './conversation.ts';
import { fetchWhatsAppMedia } from './fetch-media.ts';
import { findHome, waitingPlace } from './find-home.ts';
import { channelKind } from './payloads.ts';
import { readAnalysis } from './read-analysis.ts';
import { readMessage } from './read-message.ts';
import { readStatus } from './read-status.ts';

/** WhatsApp by ACS Advanced Messaging: one conversation for each channel registration and person. */
export function createWhatsApp({ reading, transcripts, conversationsOf }: ChannelParts): Channel {
  return {
    name: 'whatsapp',
    read(event, { signal } = {}) {
      switch (event.type) {
        case 'Microsoft.Communication.AdvancedMessageReceived':
          return isWhatsApp(event) ? readMessage(event) : undefined;
        case 'Microsoft.Communication.AdvancedMessageDeliveryStatusUpdated':
          return isWhatsApp(event) ? readStatus(event, { transcripts, signal }) : undefined;
        case 'Microsoft.Communication.AdvancedMessageAnalysisCompleted':
          return isWhatsApp(event) ? readAnalysis(event, { conversationsOf, signal }) : undefined;
        default:
          return undefined;
      }
    },
    ourEnd(conversationId) {
      const ends = parseWhatsappConversation(conversationId);
      return ends && whatsappIdentity(ends.channel);
    },
    strays: {
      placeOf: waitingPlace,
      findHome: (place, options) => findHome(place, { conversationsOf, ...options }),
    },
    fetchMedia: (attachmentId, options) => fetchWhatsAppMedia(reading, attachmentId, options),
  };
}

/** Where no channel is told it is this one: Advanced Messaging has no other. */
function isWhatsApp({ data }: ChannelEvent): boolean {
  const { channelType = 'whatsapp' } = channelKind.safeParse(data).data ?? {};
  return channelType.toLowerCase() === 'whatsapp';
}
