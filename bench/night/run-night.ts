import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';

const report = z.object({
  state: z.enum(['running', 'completed', 'failed']),
  found: z.int(),
  done: z.int(),
  failed: z.int(),
});
export type NightReport = z.infer<typeof report>;

const everyMilliseconds = 100;

/** Starts the night of a date as a person does and waits for its end. Throws when it or a conversation failed. */
export async function runNight(url: string, night: string): Promise<NightReport> {
  const started = await fetch(`${url}/api/summaries/runs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ night }),
  });
  if (started.status !== 202) throw new Error(`The night was answered ${started.status}.`);
  const address = started.headers.get('location') ?? '';
  for (;;) {
    await wait(everyMilliseconds);
    const told = report.parse(await (await fetch(address)).json());
    if (told.state === 'completed' && told.failed === 0) return told;
    if (told.state !== 'running') throw new Error(`The night ended ${JSON.stringify(told)}.`);
  }
}
