import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { ExplainedError } from '../explained-error.ts';

const types: Record<string, string> = {
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.m4a': 'audio/mp4',
  '.mp4': 'video/mp4',
  '.pdf': 'application/pdf',
  '.txt': 'text/plain',
  '.csv': 'text/csv',
};

/** A file as a person sends it on WhatsApp: its kind by the end of its name, a document where that is not known. */
export function readMedia(path: string, caption: string | undefined): Record<string, unknown> {
  const mimeType = types[extname(path).toLowerCase()] ?? 'application/octet-stream';
  const [group = ''] = mimeType.split('/');
  const kind = ['image', 'audio', 'video'].includes(group) ? group : 'document';
  return {
    kind,
    mimeType,
    base64: readBytes(path).toString('base64'),
    ...(kind === 'document' ? { fileName: basename(path) } : {}),
    ...(caption ? { caption } : {}),
  };
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new ExplainedError(`The file cannot be read: ${cause}`);
  }
}
