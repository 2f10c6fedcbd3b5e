import { loadLanguageIdentifier } from '../../analysis/identify-language.ts';
import { sentenceReaderFor } from '../../analysis/read-any-language.ts';
import { loadEnglishReader } from '../../analysis/read-english.ts';
import { readLength, readText } from '../../analysis/read-text.ts';
import type { Sentence } from '../../analysis/sentence.ts';
import type { Message } from '../../transcripts/conversation.ts';
import { createLanguageTally } from '../../transcripts/language-tally.ts';

const mostSampled = 2_000;

/** A message as the offline model sees it. */
export interface ReadMessage {
  id: string;
  sender: string;
  /** ISO 639-1, or `und`. */
  language: string;
  /** One line, see `foldText`; the sentences' positions are positions in it. */
  text: string;
  sentences: Sentence[];
}

/** Splits messages into sentences by the rules of each one's language, and says which language they mostly are in. */
export async function readMessages(
  messages: readonly Message[],
  signal?: AbortSignal,
): Promise<{ language: string; messages: ReadMessage[] }> {
  const identifier = await loadLanguageIdentifier();
  const language =
    toldLanguage(messages) ??
    identifier.ofConversation(messages.map(({ text }) => text.slice(0, readLength)));
  const read: ReadMessage[] = [];
  for (const message of messages) {
    if (read.length % 100 === 0) await pause(signal);
    const own = toldOf(message) ?? identifier.ofMessage(message.text.slice(0, readLength), language);
    const reader = own === 'en' ? await loadEnglishReader() : sentenceReaderFor(own);
    read.push({
      id: message.id,
      sender: message.sender.id,
      language: own,
      ...readText(message.text, reader),
    });
  }
  return { language, messages: read };
}

/** The language that messages mostly are in, ISO 639-1 or `und`, without reading all of a long conversation. */
export async function tellLanguage(messages: readonly Message[]): Promise<string> {
  const step = Math.ceil(messages.length / mostSampled);
  const sampled = messages.filter((_, place) => place % step === 0);
  const identifier = await loadLanguageIdentifier();
  return (
    toldLanguage(sampled) ?? identifier.ofConversation(sampled.map(({ text }) => text.slice(0, readLength)))
  );
}

/** The language that analyses tell of most text, where they tell it of half of all. */
function toldLanguage(messages: readonly Message[]): string | undefined {
  const tally = createLanguageTally();
  for (const message of messages) tally.add(toldOf(message), message.text);
  return tally.share() >= 0.5 ? tally.most() : undefined;
}

/** Of one message, as whoever analysed it said; undefined where nobody did, or nobody knew. Imports may say anything. */
function toldOf({ analysis }: Message): string | undefined {
  const code = analysis?.language?.code ?? '';
  return /^[a-z]{2}$/.test(code) ? code : undefined;
}

/** Lets other requests of the process run, and stops when nobody waits for the answer any more. */
async function pause(signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await new Promise((resolve) => setImmediate(resolve));
}
