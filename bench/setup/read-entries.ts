import { chat } from '../../src/shared/channels/chat/read-chat-event.ts';
import { openEnvelope } from '../../src/shared/events/envelope.ts';
import { type TranscriptEntry, transcriptEntry } from '../../src/shared/transcripts/entry.ts';

/** Reads one event as accepting events does: the envelope, the channel's payload, the check of each entry. */
export function readEntries(event: unknown): TranscriptEntry[] {
  const happening = chat.read(openEnvelope(event));
  return (happening?.entries ?? []).map((entry) => transcriptEntry.parse(entry));
}
