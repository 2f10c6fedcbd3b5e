import { parseArgs } from 'node:util';
import * as z from 'zod';
import { endQuietly } from './acs-cli/end-quietly.ts';

const usage = `npm run dead-letters                 lists what could not be understood, with the reason
npm run dead-letters -- show NAME    prints one of them whole
npm run dead-letters -- replay       takes each again, after the cause was mended; those that now fit are removed

  --url  address of the app (PARLEY_URL, else localhost at PORT, 7071)
  --key  its function key, on Azure (PARLEY_KEY)`;

const page = z.object({
  deadLetters: z.array(z.object({ name: z.string(), reason: z.string(), receivedAt: z.string() })),
  nextLink: z.string().optional(),
});
const replayed = z.object({ replayed: z.number(), left: z.number(), forgotten: z.number().default(0) });

const options = { url: { type: 'string' }, key: { type: 'string' }, help: { type: 'boolean' } } as const;

interface Target {
  base: string;
  key?: string;
}

async function ask({ base, key }: Target, address: string, method = 'GET'): Promise<unknown> {
  if (!URL.canParse(address, base)) throw new Error(`"${base}" is no address: --url http://localhost:7071`);
  const headers: Record<string, string> = key ? { 'x-functions-key': key } : {};
  const response = await fetch(new URL(address, base), { method, headers }).catch(() => {
    throw new Error(
      `Nothing answers at ${base}. Start Parley (npm start), or give PORT as for the npm start that runs, or --url.`,
    );
  });
  if (response.ok) return response.json();
  const hint = response.status === 401 ? ' Name the function key with --key.' : '';
  throw new Error(`${address} answered ${response.status}.${hint} ${await response.text()}`);
}

async function list(target: Target): Promise<void> {
  let count = 0;
  let next: string | undefined = '/api/dead-letters?limit=200';
  while (next) {
    const { deadLetters, nextLink } = page.parse(await ask(target, next));
    for (const { name, reason, receivedAt } of deadLetters)
      console.log(`${receivedAt}  ${name}\n    ${reason}`);
    count += deadLetters.length;
    next = nextLink;
  }
  console.log(count === 0 ? 'No dead letters.' : `${count} dead letters.`);
}

async function run([command = 'list', name]: readonly string[], target: Target): Promise<void> {
  if (command === 'list') return list(target);
  if (command === 'show' && name) {
    return console.log(JSON.stringify(await ask(target, `/api/dead-letters/${name}`), null, 2));
  }
  if (command !== 'replay') throw new Error(usage);
  const answer = await ask(target, '/api/dead-letters/replay', 'POST');
  const { replayed: done, left, forgotten } = replayed.parse(answer);
  const gone = forgotten > 0 ? ` ${forgotten} removed, because what they tell was erased.` : '';
  console.log(`${done} replayed and removed, ${left} left.${gone}`);
}

endQuietly();
try {
  const { values, positionals } = parseArgs({ allowPositionals: true, options });
  const { PARLEY_URL, PORT, PARLEY_KEY } = process.env;
  const usual = PARLEY_URL || `http://localhost:${PORT || 7071}`;
  if (values.help) console.log(usage);
  else await run(positionals, { base: values.url ?? usual, key: values.key ?? PARLEY_KEY });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
