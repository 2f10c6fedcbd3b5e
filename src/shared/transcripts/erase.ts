import type { Eraser } from '../erasers/eraser.ts';
import type { Container } from '../storage/container.ts';
import { storageUnavailable } from '../storage/storage-errors.ts';
import { conversationPath } from './conversation-path.ts';

/** Somebody appends as fast as we remove. */
const mostTries = 10;

/** Transcripts forget a conversation segment by segment. People are taken out of what stays by `rewriteTranscript`. */
export function eraserOfTranscripts(transcripts: Container): Eraser {
  return {
    store: 'transcripts',
    async eraseConversation(conversation, { signal }) {
      let removed = 0;
      for (let tries = 0; tries < mostTries; tries += 1) {
        const names: string[] = [];
        for await (const { blobs } of transcripts.pages({
          prefix: `${conversationPath(conversation)}/`,
          signal,
        })) {
          names.push(...blobs.map(({ name }) => name));
        }
        if (names.length === 0) return removed;
        for (const name of names) if (await transcripts.remove(name)) removed += 1;
      }
      throw storageUnavailable(new Error('somebody keeps writing to a conversation that is erased'));
    },
  };
}
