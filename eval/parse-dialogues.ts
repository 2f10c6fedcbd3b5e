import { z } from 'zod';
import type { Conversation } from '../src/shared/transcripts/conversation.ts';

/** One dialogue with what people wrote about it. */
export interface Dialogue {
  conversation: Conversation;
  /** At least one. */
  references: string[];
  /** The first three turns, as they stand in the file: the baseline. */
  lead: string;
}

const dialogueLine = z
  .object({
    dialogue: z.string(),
    summary: z.string().optional(),
    summary1: z.string().optional(),
    summary2: z.string().optional(),
    summary3: z.string().optional(),
  })
  .transform(({ dialogue, ...summaries }) => ({
    turns: dialogue.split(/\r?\n/u).filter((turn) => turn.trim() !== ''),
    references: Object.values(summaries).filter((summary) => summary !== undefined),
  }))
  .refine(({ references }) => references.length > 0, 'has neither "summary" nor "summary1"');

/** A meeting of QMSum: what people answered to the general question is its summary. */
const meetingLine = z
  .object({
    meeting_transcripts: z.array(z.object({ speaker: z.string(), content: z.string() })),
    general_query_list: z.array(z.object({ answer: z.string() })).min(1),
  })
  .transform(({ meeting_transcripts, general_query_list }) => ({
    turns: meeting_transcripts.map(({ speaker, content }) => `${speaker}: ${content}`),
    references: general_query_list.slice(0, 1).map(({ answer }) => answer),
  }));

const line = z.union([dialogueLine, meetingLine]);

const leadTurns = 3;

/** Reads JSON lines in the form of DialogSum or of QMSum. Throws an error that names the line which is not in that form. */
export const parseDialogues = (text: string): Dialogue[] =>
  text
    .split('\n')
    .map((json, index) => ({ json, number: index + 1 }))
    .filter(({ json }) => json.trim() !== '')
    .map(({ json, number }) => parseLine(json, number));

function parseLine(json: string, number: number): Dialogue {
  try {
    const { turns, references } = line.parse(JSON.parse(json));
    return {
      conversation: toConversation(turns, number),
      references,
      lead: turns.slice(0, leadTurns).join(' '),
    };
  } catch (cause) {
    throw new Error(`line ${number} is no dialogue with a summary`, { cause });
  }
}

/** A turn begins with its speaker, `#Person1#:` or `Anna:`; what does not is said by the one before. */
function toConversation(turns: readonly string[], number: number): Conversation {
  const messages: Conversation['messages'] = [];
  for (const [index, turn] of turns.entries()) {
    const [, name, text] = /^#?([^:#]{1,40})#?\s*:\s*(.*)$/u.exec(turn) ?? [];
    const sender = name === undefined ? messages.at(-1)?.sender : { id: name, name };
    messages.push({
      id: String(index + 1),
      at: new Date(Date.UTC(2024, 0, 1, 9, index)).toISOString(),
      sender: sender ?? { id: 'unknown' },
      text: text ?? turn,
    });
  }
  return { channel: 'chat', id: `dialogue-${number}`, participants: [], messages };
}
