import * as z from 'zod';
import type { Happening } from '../channels/channel.ts';
import type { Advance, Importer, ImportProblem } from '../channels/importer.ts';
import { ParleyError } from '../errors.ts';
import { parseJson } from '../json.ts';
import { type MediaStore, TooLargeError } from '../media/store.ts';
import type { Container } from '../storage/container.ts';
import { isMissing } from '../storage/storage-errors.ts';
import type { Tombstones } from '../tombstones/tombstones.ts';
import { conversationPath } from '../transcripts/conversation-path.ts';
import type { Attachment, ConversationKey } from '../transcripts/entry.ts';
import { manifestName, mediaFile, transcriptFile } from './export-names.ts';
import { manifest } from './export-state.ts';
import { fileWork, openFile, readLines } from './import-file.ts';

const exportSource = z.string().regex(/^[\w-]{1,100}$/);

/** One page of the listing of an export's files. */
const listWork = z.object({ where: z.string(), page: z.string().optional() });

/** Few lines at a time: each may bring files of many MB. */
const chunkBytes = 256 * 1024;

/** Blobs that are looked at in one piece. */
const pageSize = 500;

interface Dependencies {
  exports: Container;
  media: Pick<MediaStore, 'find' | 'keep'>;
  tombstones: Pick<Tombstones, 'admit'>;
}

/** Imports a whole export from the container `exports`, its media included. */
export function createExportImporter({ exports, media, tombstones }: Dependencies): Importer {
  return {
    async begin(source) {
      const id = exportSource.safeParse(source);
      if (!id.success) throw new ParleyError('bad_request', 'export must be the id of an export.');
      const written = await exports.read(manifestName(id.data));
      if (!written) {
        throw new ParleyError(
          'not_found',
          'The container "exports" has no manifest.json in the folder of that id: the export is unknown, or not whole yet.',
        );
      }
      if (!manifest.safeParse(parseJson(written.text)).success) {
        throw new ParleyError(
          'bad_request',
          'The export is of a format that this version of Parley does not know.',
        );
      }
      return { where: id.data };
    },
    async advance(work, { signal }) {
      const file = fileWork.safeParse(work);
      if (!file.success) return listFiles(exports, listWork.parse(work));
      const folder = file.data.where.slice(0, -transcriptFile.length - 1);
      const onHappening = (happening: Happening, problems: ImportProblem[]) =>
        bringMedia(folder, happening, problems, signal);
      return readLines(exports, file.data, { signal, chunkBytes, onHappening });
    },
  };

  async function bringMedia(
    folder: string,
    { conversation, entries }: Happening,
    problems: ImportProblem[],
    signal: AbortSignal,
  ): Promise<void> {
    const admitted = await tombstones.admit(conversation, entries, { signal });
    const attachments = admitted.flatMap((entry) => {
      if (entry.kind === 'attachment') return [entry.attachment];
      return entry.kind === 'message' || entry.kind === 'edit' ? (entry.attachments ?? []) : [];
    });
    for (const attachment of attachments.filter(({ blob }) => blob !== undefined)) {
      const problem = await bringOne(folder, conversation, attachment, signal);
      if (problem) problems.push({ where: `${folder} attachment`, reason: problem });
    }
  }

  /** Nothing where it is kept, or else why it is not. */
  async function bringOne(
    folder: string,
    conversation: ConversationKey,
    { id, type, name, blob = '' }: Attachment,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    if (await media.find(conversation, id, { signal })) return undefined;
    const file = mediaFile(conversationPath(conversation), blob);
    const content = file && (await openContent(exports, `${folder}/${file}`, signal));
    if (!content) return 'is not among the files of the export';
    try {
      await media.keep(conversation, id, { type, name, content }, { signal });
      return undefined;
    } catch (error) {
      if (error instanceof TooLargeError) return error.message;
      throw error;
    }
  }
}

async function openContent(
  exports: Container,
  blob: string,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array> | undefined> {
  try {
    const { readableStreamBody } = await exports.client
      .getBlobClient(blob)
      .download(0, undefined, { abortSignal: signal });
    return bytesOf(readableStreamBody);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function* bytesOf(stream: NodeJS.ReadableStream | undefined): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream ?? []) yield Buffer.from(chunk);
}

/** Each transcript of a page becomes a piece of work of its own. */
async function listFiles(exports: Container, { where, page }: z.infer<typeof listWork>): Promise<Advance> {
  for await (const { blobs, next } of exports.pages({ prefix: `${where}/`, from: page, pageSize })) {
    const names = blobs.map(({ name }) => name).filter((name) => name.endsWith(`/${transcriptFile}`));
    const found = await Promise.all(names.map((name) => openFile(exports, name)));
    return {
      found: found.filter((work) => work !== undefined),
      ...(next ? { next: { where, page: next } } : {}),
    };
  }
  return {};
}
