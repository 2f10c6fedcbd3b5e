import * as z from 'zod';
import { ExplainedError } from '../explained-error.ts';
import type { Ask } from './ask-emulator.ts';

const spellings = ['extractedKeyPhrases', 'keyphraseExtraction'] as const;
const settings = z.object({
  channels: z.array(z.object({ id: z.string(), number: z.string(), analysis: z.enum(spellings).optional() })),
});

interface Options {
  to?: string;
  spelling?: string;
}

/** Turns WhatsApp's message analysis on or off for one channel, or all. Returns what happened, for people. */
export async function switchAnalysis(ask: Ask, isOn: boolean, { to, spelling }: Options): Promise<string> {
  const analysis = isOn ? readSpelling(spelling) : undefined;
  const { channels } = settings.parse(await ask('GET', '/settings/whatsapp'));
  const meant = channels.filter(({ id }) => to === undefined || id === to);
  if (meant.length === 0)
    throw new ExplainedError(`There is no channel ${to}: npm run acs -- status shows them.`);
  await ask('POST', '/settings/whatsapp', {
    channels: channels.map((channel) => (meant.includes(channel) ? { ...channel, analysis } : channel)),
  });
  const names = meant.map(({ id }) => id).join(', ');
  return analysis === undefined
    ? `Messages on ${names} are no longer analysed.`
    : `An analysis follows each text message on ${names}; it calls the key phrases ${analysis}.`;
}

function readSpelling(text: string = spellings[0]): (typeof spellings)[number] {
  const spelling = spellings.find((known) => known === text);
  if (spelling) return spelling;
  throw new ExplainedError(`--spelling is one of ${spellings.join(', ')}.`);
}
