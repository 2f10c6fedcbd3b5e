import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';

/** Where a word was found, and which. */
export interface Found {
  place: string;
  word: string;
}

interface Options {
  connectionString: string;
  /** Every file below it is read, too: the local host keeps what Durable Functions remembers there. */
  folder: string;
}

/** One queue message can be hidden from peeking by another: more than the service shows at once is no search. */
const mostPeeked = 32;

/**
 * Looks for words in all that storage holds, asked through its API: names, metadata and content of every blob, blocks
 * that were never committed, every message of every queue, poisoned ones too; and in every file below a folder. A word is
 * found in any case and in the forms in which it may stand there: escaped, percent-encoded, in base64.
 */
export async function searchEverything(words: readonly string[], options: Options): Promise<Found[]> {
  const search = createSearch(words);
  const found: Found[] = [];
  const look = (place: string, content: Buffer | string): void => {
    for (const word of search(Buffer.from(content))) found.push({ place, word });
  };
  const blobs = BlobServiceClient.fromConnectionString(options.connectionString);
  for await (const { name, metadata } of blobs.listContainers({ includeMetadata: true })) {
    look(`container ${name}`, JSON.stringify([name, metadata]));
    await searchContainer(blobs.getContainerClient(name), look);
  }
  const queues = QueueServiceClient.fromConnectionString(options.connectionString);
  for await (const { name, metadata } of queues.listQueues({ includeMetadata: true })) {
    look(`queue ${name}`, JSON.stringify([name, metadata]));
    const { peekedMessageItems } = await queues
      .getQueueClient(name)
      .peekMessages({ numberOfMessages: mostPeeked });
    if (peekedMessageItems.length === mostPeeked)
      throw new Error(`queue ${name} holds more than can be seen`);
    for (const { messageText } of peekedMessageItems) look(`queue ${name}`, messageText);
  }
  for (const entry of await readdir(options.folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    look(`file ${path}`, entry.name);
    if (entry.isFile()) look(`file ${path}`, await readFile(path));
  }
  return found;
}

async function searchContainer(
  container: ContainerClient,
  look: (place: string, content: Buffer | string) => void,
): Promise<void> {
  const listed = container.listBlobsFlat({
    includeMetadata: true,
    includeUncommitedBlobs: true,
    includeSnapshots: true,
    includeTags: true,
  });
  for await (const { name, metadata = {}, tags, properties, snapshot } of listed) {
    const place = `${container.containerName}/${name}`;
    look(`${place} (name)`, `${name}\n${decodeName(name)}`);
    for (const [key, value] of Object.entries(metadata)) {
      look(`${place} (metadata ${key})`, [value, decodeUri(value), decodeBase64(value)].join('\n'));
    }
    look(`${place} (properties)`, JSON.stringify([tags, properties.contentDisposition, snapshot]));
    const client = container.getBlobClient(name);
    const content = await client.downloadToBuffer().catch((error: unknown) => {
      // Nothing of it was ever committed.
      if (error instanceof Error && 'statusCode' in error && error.statusCode === 404) return Buffer.alloc(0);
      throw error;
    });
    look(place, content);
  }
}

/** Tells which of the words a content has, in whatever form. */
function createSearch(words: readonly string[]): (content: Buffer) => string[] {
  const forms = words.map((word) => ({ word, patterns: formsOf(word) }));
  return (content) => {
    // Letters of one byte in small; all else stays as it is, so that binary content can be searched, too.
    const text = content.toString('latin1');
    const small = text.toLowerCase();
    return forms
      .filter(({ patterns }) => patterns.some((pattern) => small.includes(pattern) || text.includes(pattern)))
      .map(({ word }) => word);
  };
}

function formsOf(word: string): string[] {
  const spellings = [word, word.toLowerCase(), word.toUpperCase()];
  const latin1 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
  return [
    ...new Set([
      ...spellings.map(latin1),
      latin1(word).toLowerCase(),
      encodeURIComponent(word).toLowerCase(),
      escaped(word).toLowerCase(),
      named(word),
      named(word.toLowerCase()),
      Buffer.from(word, 'utf16le').toString('latin1'),
      ...spellings.flatMap(inBase64),
    ]),
  ];
}

/** As JSON may escape it. */
function escaped(word: string): string {
  return JSON.stringify(word)
    .slice(1, -1)
    .replaceAll(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** As names of blobs have it. */
function named(word: string): string {
  return [...Buffer.from(word)]
    .map((byte) =>
      /[\w-]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `~${byte.toString(16)}`,
    )
    .join('');
}

/** What stays the same of it in base64, wherever it begins; nothing for words that leave too little. */
function inBase64(word: string): string[] {
  return [0, 1, 2]
    .map((before) => {
      const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(word)]);
      const whole = bytes.toString('base64').replaceAll('=', '');
      // The first letters depend on what comes before, the last one on what follows.
      const start = before === 0 ? 0 : before + 1;
      return bytes.length % 3 === 0 ? whole.slice(start) : whole.slice(start, -1);
    })
    .filter((text) => text.length >= 8)
    .flatMap((text) => [text, text.replaceAll('+', '-').replaceAll('/', '_')]);
}

function decodeName(name: string): string {
  return Buffer.from(
    name.replaceAll(/~([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');
}

function decodeUri(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function decodeBase64(text: string): string {
  return Buffer.from(text, 'base64url').toString('utf8');
}
