import type { InvocationContext } from '@azure/functions';
import type { AskSettings } from '../ask-settings.ts';
import type { Container } from '../storage/container.ts';
import { openAskFiles } from './ask-files.ts';
import { createAnswersEraser } from './erase-answers.ts';
import { type AskDependencies, createAskStep } from './run-ask.ts';
import { serveAsk } from './serve-ask.ts';

interface Dependencies extends Omit<AskDependencies, 'files' | 'tokens'> {
  container: Container;
  settings: AskSettings;
  timeZone: string;
}

/** How long one sweep of old answers may go on; the next day goes on where it ended. */
const longestSweep = 3 * 60_000;
const dayMilliseconds = 24 * 60 * 60_000;

/** Asking: its step, its HTTP side, and what forgets answers when they are old. */
export function openAsking(dependencies: Dependencies) {
  const { container, settings, clock } = dependencies;
  const files = openAskFiles(container);
  const eraser = createAnswersEraser(container, { clock });
  return {
    step: createAskStep({ ...dependencies, files, tokens: settings.tokens }),
    ...serveAsk({ ...dependencies, files }),
    async forgetOld(context: Pick<InvocationContext, 'log'>): Promise<void> {
      const end = clock().getTime() + longestSweep;
      const before = new Date(clock().getTime() - settings.keepDays * dayMilliseconds).toISOString();
      const signal = AbortSignal.timeout(2 * longestSweep);
      const swept = await eraser.expire?.(before, { isTimeUp: () => clock().getTime() >= end, signal });
      context.log(JSON.stringify({ answers: 'old ones', removed: swept?.removed ?? 0 }));
    },
  };
}
