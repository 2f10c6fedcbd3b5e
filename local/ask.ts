import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { endQuietly } from './acs-cli/end-quietly.ts';

const usage = `npm run ask -- "summarize all conversations between me and user Joe" --as IDENTITY

  --as         who "me" is: a number, a mail address, an identity or a person's id p_…
  --person     whom a name means, where it means several: --person "Joe=p_…", as often as needed
  --time-zone  of "yesterday" and the like, such as Europe/Berlin (else TIME_ZONE of the app)
  --url        address of the app (PARLEY_URL, else localhost at PORT, 7071)
  --key        key of an operator (PARLEY_KEY)`;

const options = {
  as: { type: 'string' },
  person: { type: 'string', multiple: true },
  'time-zone': { type: 'string' },
  url: { type: 'string' },
  key: { type: 'string' },
  help: { type: 'boolean' },
} as const;

const report = z.object({
  state: z.enum(['running', 'completed', 'failed']),
  progress: z.object({ step: z.string(), found: z.number(), done: z.number() }),
  reason: z.string().optional(),
  output: z
    .object({
      status: z.enum(['answered', 'choose', 'nothing']),
      markdown: z.string(),
      choices: z.array(
        z.object({
          asked: z.string(),
          person: z.string(),
          name: z.string(),
          channels: z.array(z.string()),
          lastAt: z.string().optional(),
        }),
      ),
    })
    .optional(),
});
type Report = z.infer<typeof report>;

const problem = z.object({ error: z.object({ message: z.string() }) });

interface Target {
  base: string;
  key?: string;
}

async function send({ base, key }: Target, address: string, body?: object): Promise<Response> {
  if (!URL.canParse(address, base)) throw new Error(`"${base}" is no address: --url http://localhost:7071`);
  const headers = {
    'content-type': 'application/json',
    prefer: 'wait=10',
    ...(key ? { 'x-functions-key': key } : {}),
  };
  const request = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
  const response = await fetch(new URL(address, base), request).catch(() => {
    throw new Error(
      `Nothing answers at ${base}. Start Parley (npm start), or give PORT as for the npm start that runs, or --url.`,
    );
  });
  if (response.ok) return response;
  const text = await response.text();
  const told = problem.safeParse(JSON.parse(text.startsWith('{') ? text : '{}')).data?.error.message ?? text;
  const hint = response.status === 401 ? ' Name the key of an operator with --key.' : '';
  throw new Error(`${told}${hint}`);
}

async function ask(target: Target, body: object): Promise<Report> {
  const started = await send(target, '/api/ask', body);
  let latest = report.parse(await started.json());
  const { pathname } = new URL(started.headers.get('location') ?? '/', target.base);
  for (let told = ''; latest.state === 'running'; ) {
    const line = tellProgress(latest);
    if (line !== told) console.error(line);
    told = line;
    await wait(300);
    latest = report.parse(await (await send(target, pathname)).json());
  }
  return latest;
}

function tellProgress({ progress: { step, found, done } }: Report): string {
  if (step === 'finding') return 'Finding conversations …';
  return step === 'reading' ? `Reading: ${done} of ${found} conversations …` : 'Writing the answer …';
}

function print({ output, reason }: Report): void {
  if (!output) throw new Error(reason ?? 'There is no answer.');
  if (output.status === 'choose') printChoices(output.choices);
  else console.log(output.markdown);
}

function printChoices(choices: NonNullable<Report['output']>['choices']): void {
  const names = [...new Set(choices.map(({ asked }) => asked))];
  for (const name of names) {
    console.log(`Several people are called "${name}":`);
    for (const { asked, ...choice } of choices) {
      if (asked !== name) continue;
      const last = choice.lastAt === undefined ? '' : `, last ${choice.lastAt.slice(0, 10)}`;
      console.log(`  ${choice.person}  ${choice.name} (${choice.channels.join(', ')}${last})`);
    }
  }
  console.log(`Ask again and add ${names.map((name) => `--person "${name}=p_…"`).join(' ')}`);
}

function readPeople(pairs: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.lastIndexOf('=');
      if (at < 1) throw new Error(`--person must be "Name=p_…", not "${pair}"`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

endQuietly();
try {
  const { values, positionals } = parseArgs({ allowPositionals: true, options });
  const { PARLEY_URL, PORT, PARLEY_KEY } = process.env;
  const base = values.url ?? (PARLEY_URL || `http://localhost:${PORT || 7071}`);
  if (values.help || positionals.length === 0) console.log(usage);
  else {
    const request = positionals.join(' ');
    const people = readPeople(values.person);
    const zone = values['time-zone'];
    const body = {
      request,
      people,
      ...(values.as ? { as: values.as } : {}),
      ...(zone ? { timeZone: zone } : {}),
    };
    print(await ask({ base, key: values.key ?? PARLEY_KEY }, body));
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
