import { foldText } from '../../analysis/fold-text.ts';
import { loadLanguageIdentifier } from '../../analysis/identify-language.ts';
import { sentenceReaderFor } from '../../analysis/read-any-language.ts';
import { loadEnglishReader } from '../../analysis/read-english.ts';
import type { Sentence, SentenceReader } from '../../analysis/sentence.ts';
import type { Message } from '../../transcripts/conversation.ts';

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

/** So much of one message is read, in UTF-16 units: what follows is hardly talk, and the time per message stays bounded. */
const readLength = 12_000;

/** Splits messages into sentences by the rules of each one's language, and says which language they mostly are in. */
export async function readMessages(
  messages: readonly Message[],
  signal?: AbortSignal,
): Promise<{ language: string; messages: ReadMessage[] }> {
  const identifier = await loadLanguageIdentifier();
  const language = identifier.ofConversation(messages.map(({ text }) => text.slice(0, readLength)));
  const read: ReadMessage[] = [];
  for (const message of messages) {
    if (read.length % 100 === 0) await pause(signal);
    const own = identifier.ofMessage(message.text.slice(0, readLength), language);
    const reader = own === 'en' ? await loadEnglishReader() : sentenceReaderFor(own);
    read.push({
      id: message.id,
      sender: message.sender.id,
      language: own,
      ...readLines(message.text, reader),
    });
  }
  return { language, messages: read };
}

/** Lets other requests of the process run, and stops when nobody waits for the answer any more. */
async function pause(signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await new Promise((resolve) => setImmediate(resolve));
}

/** Lines starting with `>` are someone else's words, sent back in a reply: they are not read as the sender's. */
function readLines(text: string, reader: SentenceReader): { text: string; sentences: Sentence[] } {
  const lines = joinWrapped(text.slice(0, readLength))
    .map(foldText)
    .filter((line) => line !== '');
  const sentences: Sentence[] = [];
  let offset = 0;
  for (const line of lines) {
    if (!line.startsWith('>')) {
      for (const sentence of reader(line)) {
        sentences.push({ ...sentence, start: sentence.start + offset, end: sentence.end + offset });
      }
    }
    offset += line.length + 1;
  }
  return { text: lines.join(' '), sentences };
}

/** A line that goes on in lower case was only wrapped; code stays one line. */
const joinWrapped = (text: string): string[] =>
  text
    .replace(/```.*?```/gsu, (code) => code.replace(/\s+/gu, ' '))
    .split(/\r\n|[\r\n\u2028\u2029]/u)
    .reduce<string[]>((lines, line) => {
      const last = lines.at(-1);
      const goesOn = last !== undefined && /[^\s.!?:>]\s*$/u.test(last) && /^\p{Ll}/u.test(line);
      if (goesOn && !last.startsWith('>')) lines[lines.length - 1] = `${last} ${line}`;
      else lines.push(line);
      return lines;
    }, []);
