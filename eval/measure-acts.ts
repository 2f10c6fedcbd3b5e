import { z } from 'zod';
import { createOfflineAnalysis } from '../src/shared/analysis/offline-analysis.ts';
import { parseLines } from './parse-lines.ts';

export const acts = ['question', 'request', 'complaint', 'greeting', 'other'] as const;
export type Act = (typeof acts)[number];

/** A message and what its sender does by it. `test` lines were never looked at when rules were made. */
export interface LabelledMessage {
  split: 'dev' | 'test';
  language: string;
  act: Act;
  text: string;
}

export const parseMessages = (text: string): LabelledMessage[] =>
  parseLines(
    text,
    z.object({ split: z.enum(['dev', 'test']), language: z.string(), act: z.enum(acts), text: z.string() }),
    'labelled message',
  );

/** What was found beside what was meant; `found` is undefined where nothing was. */
export interface Judged extends LabelledMessage {
  found: Act | undefined;
}

/** Reads each message by itself, as `POST /api/analysis` does: its language is not told. */
export async function judgeMessages(messages: readonly LabelledMessage[]): Promise<Judged[]> {
  const readings = await createOfflineAnalysis().analyse(messages);
  return messages.map((message, index) => ({ ...message, found: readings[index]?.act }));
}

/** Of those taken for an act, the share that is one; of those that are one, the share found. NaN where there are none. */
export function measureAct(judged: readonly Judged[], act: Act): { precision: number; recall: number } {
  const right = judged.filter((message) => message.act === act && message.found === act).length;
  return {
    precision: right / judged.filter(({ found }) => found === act).length,
    recall: right / judged.filter((message) => message.act === act).length,
  };
}

export const shareRight = (judged: readonly Judged[]): number =>
  judged.filter(({ act, found }) => act === found).length / judged.length;
