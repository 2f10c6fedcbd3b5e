import type { Analysis, AnalysisEntry } from '../../transcripts/entry.ts';
import { hashText } from '../../transcripts/match-texts.ts';
import type { ChannelEvent, Happening } from '../channel.ts';
import { noPerson, parsePayload, timeOfPayload, versionAt } from '../parse-payload.ts';
import { phoneIdentity } from '../phone-number.ts';
import { whatsappConversation, whatsappIdentity } from './conversation.ts';
import { type FindTheirConversations, findBsuid } from './find-home.ts';
import { languageCode } from './language-code.ts';
import { type AnalysisPayload, analysisPayload } from './payloads.ts';

interface Options {
  conversationsOf: FindTheirConversations;
  signal?: AbortSignal;
}

/**
 * `AdvancedMessageAnalysisCompleted`: what WhatsApp's built-in analysis read in a message, which it does not name. Throws
 * `MalformedEvent`.
 */
export async function readAnalysis(event: ChannelEvent, options: Options): Promise<Happening> {
  const payload = parsePayload(analysisPayload, event);
  const { to: channel, from, fromBSUID, originalMessage: text } = payload;
  const at = timeOfPayload(payload.receivedTimestamp, event);
  const analysis = toAnalysis(payload);
  const told = fromBSUID ?? from ?? noPerson(event);
  const isNumber = whatsappIdentity(told) === phoneIdentity(told);
  const bsuid = isNumber ? await findBsuid({ channel, number: told }, options) : undefined;
  const theirs = bsuid ?? told;
  const conversation = { channel: 'whatsapp', id: whatsappConversation({ channel, theirs }) };
  if (Object.keys(analysis).length === 1) return { conversation, entries: [] };
  const textHash = hashText(text);
  const version = versionAt(at);
  const entry: AnalysisEntry = {
    kind: 'analysis',
    id: `analysis:${textHash.slice(0, 16)}:${event.id ?? ''}:${version}`,
    conversation: conversation.id,
    version,
    at,
    matches: { sender: whatsappIdentity(theirs), textHash, length: text.length, at },
    analysis,
  };
  // The message may be on its way, and name the person by their BSUID: then this is not where it comes to.
  return { conversation, entries: [entry], ...(isNumber && bsuid === undefined ? { isAstray: true } : {}) };
}

function toAnalysis(payload: AnalysisPayload): Analysis {
  const { originalMessage, languageDetection, intentAnalysis: intent } = payload;
  const { score, description } = payload.sentiment ?? {};
  const phrases = payload.extractedKeyPhrases ?? payload.keyphraseExtraction ?? [];
  const { language, confidenceScore: confidence, translation } = languageDetection ?? {};
  const code = language === undefined ? undefined : languageCode(language);
  // What is in the wanted language already is given back as it was.
  const isTranslated = translation !== undefined && translation !== originalMessage;
  return {
    by: 'provider',
    ...(code ? { language: { code, ...(confidence === undefined ? {} : { confidence }) } } : {}),
    ...(intent ? { intent } : {}),
    ...(phrases.length > 0 ? { keyPhrases: phrases } : {}),
    ...(score === undefined && description === undefined
      ? {}
      : {
          sentiment: { ...(score === undefined ? {} : { score }), ...(description ? { description } : {}) },
        }),
    ...(isTranslated ? { translation } : {}),
  };
}
