/** Where the parts of an export are, in the container `exports`. */
export const transcriptFile = 'transcript.jsonl';

/** The folder of a conversation, by the path of `conversationPath`. */
export function exportFolder(id: string, path: string): string {
  return `${id}/${path}`;
}

export function manifestName(id: string): string {
  return `${id}/manifest.json`;
}

/** Where an attachment lies under a conversation's folder; undefined for a blob of another conversation. */
export function mediaFile(path: string, blob: string): string | undefined {
  return blob.startsWith(`${path}/`) ? `media/${blob.slice(path.length + 1)}` : undefined;
}
