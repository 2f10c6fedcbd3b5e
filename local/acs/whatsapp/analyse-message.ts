import type { AcsEvent, Emulator } from '../emulator.ts';
import type { Schedule } from '../schedule.ts';
import { timestamp } from './events.ts';
import type { Person } from './people.ts';
import type { Channel } from './settings.ts';

/** A text message on a channel where message analysis is on. */
export interface AnalysedMessage {
  text: string;
  person: Person;
  /** Events do not tell the number. */
  hiddenNumber: boolean;
  channel: Channel;
}

const mostPhrases = 3;

/** What emits the analysis of a message, later: it reads nothing, says English, quotes, and takes the longest words. */
export function createAnalyseLater({ clock, emit }: Pick<Emulator, 'clock' | 'emit'>, schedule: Schedule) {
  return schedule.define('whatsapp.analysis', (message: AnalysedMessage) =>
    emit(analysisCompleted(message, clock())),
  );
}

/**
 * https://learn.microsoft.com/azure/event-grid/communication-services-advanced-messaging-events: the example there and the
 * one of the specification differ in more than the name of the key phrases. Neither has the id of the message.
 */
function analysisCompleted({ text, person, hiddenNumber, channel }: AnalysedMessage, now: Date): AcsEvent {
  const from = hiddenNumber ? person.bsuid : (person.number ?? person.bsuid);
  const isSpecified = channel.analysis === 'keyphraseExtraction';
  const keyPhrases = longestWords(text);
  const language = { language: 'English', confidenceScore: 0.99 };
  const data = {
    originalMessage: text,
    channelType: 'whatsapp',
    languageDetection: isSpecified ? { ...language, translation: text } : language,
    intentAnalysis: `The customer is contacting customer service to say: ${text.slice(0, 200)}`,
    ...(isSpecified ? { keyphraseExtraction: keyPhrases } : { extractedKeyPhrases: keyPhrases }),
    from,
    to: channel.id,
    ...(isSpecified
      ? { sentiment: { score: 0, description: 'neutral' } }
      : { receivedTimestamp: timestamp(now) }),
  };
  const folder = isSpecified ? 'advanceMessageAnalysis' : 'advancedMessage';
  return {
    type: 'AdvancedMessageAnalysisCompleted',
    subject: `${folder}/sender/${from}/recipient/${channel.id}`,
    data,
  };
}

function longestWords(text: string): string[] {
  const words = new Set(text.match(/\p{L}{4,}/gu));
  return [...words].sort((a, b) => b.length - a.length).slice(0, mostPhrases);
}
