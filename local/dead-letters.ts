import { parseArgs } from 'node:util';
import * as z from 'zod';

const usage = `npm run dead-letters                 lists what could not be understood, with the reason
npm run dead-letters -- show NAME    prints one of them whole
npm run dead-letters -- replay       takes each again, after the cause was mended; those that now fit are removed

  --url  address of the app (PARLEY_URL, http://localhost:7071)
  --key  its function key, on Azure (PARLEY_KEY)`;

const page = z.object({
  deadLetters: z.array(z.object({ name: z.string(), reason: z.string(), receivedAt: z.string() })),
  nextLink: z.string().optional(),
});
const replayed = z.object({ replayed: z.number(), left: z.number() });

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { url: { type: 'string' }, key: { type: 'string' }, help: { type: 'boolean' } },
});
const base = values.url ?? process.env.PARLEY_URL ?? 'http://localhost:7071';
const key = values.key ?? process.env.PARLEY_KEY;

async function ask(address: string, method = 'GET'): Promise<unknown> {
  const response = await fetch(new URL(address, base), {
    method,
    headers: key ? { 'x-functions-key': key } : {},
  }).catch(() => {
    throw new Error(`Nothing answers at ${base}. Start Parley (npm start) or name its address with --url.`);
  });
  if (response.ok) return response.json();
  const hint = response.status === 401 ? ' Name the function key with --key.' : '';
  throw new Error(`${address} answered ${response.status}.${hint} ${await response.text()}`);
}

async function list(): Promise<void> {
  let count = 0;
  let next: string | undefined = '/api/dead-letters?limit=200';
  while (next) {
    const { deadLetters, nextLink } = page.parse(await ask(next));
    for (const { name, reason, receivedAt } of deadLetters)
      console.log(`${receivedAt}  ${name}\n    ${reason}`);
    count += deadLetters.length;
    next = nextLink;
  }
  console.log(count === 0 ? 'No dead letters.' : `${count} dead letters.`);
}

async function run([command = 'list', name]: readonly string[]): Promise<void> {
  if (command === 'list') return list();
  if (command === 'show' && name)
    return console.log(JSON.stringify(await ask(`/api/dead-letters/${name}`), null, 2));
  if (command === 'replay') {
    const { replayed: done, left } = replayed.parse(await ask('/api/dead-letters/replay', 'POST'));
    return console.log(`${done} replayed and removed, ${left} left.`);
  }
  console.log(usage);
  process.exitCode = 2;
}

if (values.help) console.log(usage);
else {
  await run(positionals).catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
