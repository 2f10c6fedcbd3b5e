import * as z from 'zod';
import { openRunFiles, type RunFiles, runsFolder } from '../durable/run-files.ts';
import { parseJson } from '../json.ts';
import type { Container } from '../storage/container.ts';
import { type Output, output } from './answer.ts';
import { type AskState, askState } from './ask-state.ts';
import { piece } from './piece.ts';

const found = z.object({ conversations: z.array(z.object({ channel: z.string(), id: z.string() })) });
const read = z.object({ pieces: z.array(piece) });
const notes = z.object({
  sentences: z.array(z.object({ text: z.string(), numbers: z.array(z.int()) })),
  isFailed: z.boolean(),
});

interface WorkFile<Value> {
  write(id: string, name: string, value: Value): Promise<void>;
  read(id: string, name: string): Promise<Value | undefined>;
}

/** All blobs of the container `answers`: `runs/<id>.json`, `work/<id>/…` while it runs, `<id>.json` and `<id>.md`. */
export interface AskFiles {
  runs: RunFiles<AskState>;
  found: WorkFile<z.infer<typeof found>>;
  pieces: WorkFile<z.infer<typeof read>>;
  notes: WorkFile<z.infer<typeof notes>>;
  writeAnswer(id: string, answer: Output): Promise<void>;
  readAnswer(id: string): Promise<Output | undefined>;
  removeWork(id: string): Promise<number>;
  /** Removes all that there is of a request, its state first: who works on it writes nothing that stays. Returns how much. */
  remove(id: string): Promise<number>;
}

export function openAskFiles(container: Container): AskFiles {
  const workFile = <Value>(schema: z.ZodType<Value>): WorkFile<Value> => ({
    async write(id, name, value) {
      await container.write(`work/${id}/${name}.json`, JSON.stringify(value), {
        contentType: 'application/json',
      });
    },
    async read(id, name) {
      const blob = await container.read(`work/${id}/${name}.json`);
      return blob && schema.safeParse(parseJson(blob.text)).data;
    },
  });
  const removeWork = (id: string): Promise<number> => container.removeAll(`work/${id}/`);

  return {
    runs: openRunFiles(container, askState),
    found: workFile(found),
    pieces: workFile(read),
    notes: workFile(notes),
    removeWork,
    async writeAnswer(id, answer) {
      await container.write(`${id}.md`, answer.markdown, { contentType: 'text/markdown; charset=utf-8' });
      await container.write(`${id}.json`, JSON.stringify(answer), { contentType: 'application/json' });
    },
    async readAnswer(id) {
      const blob = await container.read(`${id}.json`);
      return blob && output.safeParse(parseJson(blob.text)).data;
    },
    async remove(id) {
      let removed = 0;
      for (const name of [`${runsFolder}/${id}.json`, `${id}.json`, `${id}.md`]) {
        if (await container.remove(name)) removed += 1;
      }
      return removed + (await removeWork(id));
    },
  };
}
