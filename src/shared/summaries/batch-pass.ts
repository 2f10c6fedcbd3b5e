import type { Allowance } from '../models/language/allowance.ts';
import { answerFromBatch } from '../models/language/batch/answer-from-batch.ts';
import { collectCalls } from '../models/language/batch/collect-calls.ts';
import type { LanguageModel } from '../models/language/language-model.ts';
import type { SummaryModel } from '../models/summary-model.ts';
import type { At, BatchFiles } from './batch-files.ts';
import type { StaleConversation } from './list-stale.ts';
import type { ChunkFile, NightFiles } from './night-files.ts';

/** In a night with batches each chunk is gone through twice: what may wait is put down first, and answered the second time. */
export type PassName = 'collect' | 'answer';

export interface PassDependencies {
  files: Pick<NightFiles, 'readRun'>;
  batchFiles: BatchFiles;
  languageModel: LanguageModel;
  /** A model as that of the night, over another language model. With a secret it makes the same requests again. */
  createModel(model: LanguageModel, repeat: { secret?: string; clock: () => Date }): SummaryModel;
}

type Waiting = NonNullable<ChunkFile['waiting']>;

/** How a chunk is gone through once. */
export interface Pass {
  model: SummaryModel;
  /** Tokens that are the chunk's beside those that it is given. */
  held: number;
  /** Whether a conversation is left for the other pass. */
  isPutOff(path: string): boolean;
  /** Conversations that have to be looked at together, since one call was about them. */
  groups: readonly string[][];
  onWaits?: (path: string, id: string) => void;
  /** Writes down what came of it, to be called before the chunk's file is written; returns what that is to hold of it. */
  close(): Promise<Pick<ChunkFile, 'waiting' | 'held'>>;
}

/** Undefined where the run was begun by a version that knew no batches. */
export async function openPass(
  name: PassName,
  { chunk, file, ...at }: At & { chunk: number; file: ChunkFile },
  dependencies: PassDependencies,
): Promise<Pass | undefined> {
  const { files, batchFiles, languageModel, createModel } = dependencies;
  const { secret, begun } = (await files.readRun(at.night)) ?? {};
  if (secret === undefined || begun === undefined) return undefined;
  // A day may begin between the two passes: what a plan depends on is the same in both.
  const repeat = { secret, clock: () => new Date(begun) };
  const { waiting = [], held = 0 } = file;
  if (name === 'answer') {
    const given = await batchFiles.readAnswers(at, chunk);
    const answers = new Map(given?.answers.map(({ id, completion }) => [id, completion]));
    return {
      model: createModel(answerFromBatch(languageModel, answers), repeat),
      held,
      isPutOff: () => false,
      groups: waiting.map(({ paths }) => paths),
      close: async () => ({ waiting }),
    };
  }
  const { model, collected } = collectCalls(languageModel);
  const known = new Set(waiting.flatMap(({ paths }) => paths));
  const put = new Map<string, string>();
  return {
    model: createModel(model, repeat),
    held: 0,
    isPutOff: (path) => known.has(path) || put.has(path),
    groups: [],
    onWaits: (path, id) => put.set(path, id),
    async close() {
      if (put.size === 0) return { waiting, held };
      const added = groupById(put);
      const requests = added.flatMap(({ id, paths }) => {
        const request = collected.requests.get(id);
        return request ? [{ ...request, paths }] : [];
      });
      const before = await batchFiles.readRequests(at, chunk);
      const isNew = (id: string): boolean => requests.every((request) => request.id !== id);
      await batchFiles.writeRequests(at, chunk, [...before.filter(({ id }) => isNew(id)), ...requests]);
      return { waiting: [...waiting, ...added], held: held + collected.held };
    },
  };
}

function groupById(put: ReadonlyMap<string, string>): Waiting {
  const groups = new Map<string, string[]>();
  for (const [path, id] of put) groups.set(id, [...(groups.get(id) ?? []), path]);
  return [...groups].map(([id, paths]) => ({ id, paths }));
}

/** First those that one call was about, each group by itself; then the rest, in groups of `group`. */
export function groupForPass(
  open: readonly StaleConversation[],
  { groups }: Pick<Pass, 'groups'>,
  group: (conversations: readonly StaleConversation[]) => StaleConversation[][],
): { conversations: StaleConversation[]; isTogether: boolean }[] {
  const byPath = new Map(open.map((conversation) => [conversation.path, conversation]));
  const together = groups.map((paths) => paths.flatMap((path) => byPath.get(path) ?? []));
  const taken = new Set(together.flat());
  const rest = group(open.filter((conversation) => !taken.has(conversation)));
  return [
    ...together.filter(({ length }) => length > 0).map((some) => ({ conversations: some, isTogether: true })),
    ...rest.map((some) => ({ conversations: some, isTogether: false })),
  ];
}

/** The same allowance, of which nobody tells beforehand what it is enough for: answers that are there cost nothing more. */
export function unplanned(allowance: Allowance): Allowance {
  return {
    left: Number.POSITIVE_INFINITY,
    get used() {
      return allowance.used;
    },
    reserve: (tokens) => allowance.reserve(tokens),
  };
}
