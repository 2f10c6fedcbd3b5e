import { parseArgs } from 'node:util';
import * as z from 'zod';
import { ExplainedError } from '../explained-error.ts';
import type { Ask } from './ask-emulator.ts';
import { showDeadLetters, showEvents, showStatus, watchPerson } from './look-around.ts';
import { nameAsTyped } from './name-as-typed.ts';
import { switchAnalysis } from './switch-analysis.ts';
import { writeChat, writeEmail, writeSms, writeWhatsapp } from './write-as-person.ts';

const options = {
  to: { type: 'string' },
  media: { type: 'string' },
  reply: { type: 'string' },
  reaction: { type: 'string' },
  at: { type: 'string' },
  'hidden-number': { type: 'boolean' },
  thread: { type: 'string' },
  new: { type: 'boolean' },
  name: { type: 'string' },
  app: { type: 'string' },
  forged: { type: 'boolean' },
  spelling: { type: 'string' },
  'cloud-events': { type: 'boolean' },
  batch: { type: 'string' },
  type: { type: 'string' },
  limit: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** A command as it was typed. */
export type Command = ReturnType<typeof readCommand>;

/** Throws `ExplainedError` for what is no command. */
export function readCommand(args: string[]) {
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const [name = '', ...words] = positionals;
    return { name: values.help ? 'help' : name, words, values };
  } catch (error) {
    throw misused(explainParsing(args, error instanceof Error ? error.message : String(error)));
  }
}

/** The advice of the parser knows nothing of these commands. */
function explainParsing([name]: string[], message: string): string {
  const [, option = '?'] = /'(?:-\w, )?(-[^\s']+)/.exec(message) ?? [];
  if (!message.startsWith('Unknown option')) {
    return message.includes('does not take')
      ? `${option} takes no value.`
      : `${option} needs a value: ${option}=VALUE.`;
  }
  if (/^-[\d.]/.test(option) && name === 'advance') return forwardOnly;
  return `There is no option ${option}. A text that begins with - stands last, after --.`;
}

const forwardOnly = 'advance takes SECONDS above 0: the clock goes forward, and reset sets it right.';

/** Does what a command says at the running emulator, and prints what happened. */
export async function runCommand({ name, words, values }: Command, askIt: Ask): Promise<void> {
  const ask = nameAsTyped(askIt, firstWords[name] ?? 'NUMBER');
  const print = (line: string) => console.log(line);
  const [first, second, third] = words;
  const isText = (word: string | undefined): word is string => word !== undefined && word !== '';
  const most = name === 'email' ? 3 : 2;
  if (words.length > most) throw misused(`${name} takes no more words: put a text in quotes.`);
  switch (name) {
    case 'sms':
      if (isText(first) && isText(second)) return print(await writeSms(ask, first, second, values));
      throw misused('sms needs NUMBER and "text".');
    case 'whatsapp':
      if (values.reaction !== undefined && !values.reply) throw misused('--reaction needs --reply ID.');
      if (isText(first) && (isText(second) || values.media || values.reaction !== undefined)) {
        return print(await writeWhatsapp(ask, first, second, values));
      }
      throw misused('whatsapp needs NUMBER or BSUID, and "text", --media or --reaction.');
    case 'analysis':
      if (first === 'on' || first === 'off') return print(await switchAnalysis(ask, first === 'on', values));
      throw misused('analysis needs on or off.');
    case 'chat':
      if (isText(first) && isText(second)) return print(await writeChat(ask, first, second, values));
      throw misused('chat needs NAME and "text".');
    case 'email':
      if (isText(first) && isText(second) && isText(third)) {
        return print(await writeEmail(ask, first, [second, third], values));
      }
      throw misused('email needs ADDRESS, "subject" and "text".');
    case 'watch':
      if (isText(first)) return watchPerson(ask, print, first);
      throw misused('watch needs NUMBER, BSUID, ADDRESS or NAME.');
    case 'subscribe':
      if (isText(first)) return print(await subscribe(ask, first, values));
      throw misused('subscribe needs ADDRESS, which takes the events.');
    case 'unsubscribe':
      if (!isText(first)) throw misused('unsubscribe needs NAME of a subscription: status shows them.');
      await ask('DELETE', `/subscriptions/${encodeURIComponent(first)}`);
      return print(`${first} gets no more events.`);
    case 'events':
      return showEvents(ask, print, pick(values, ['type', 'limit']));
    case 'dead-letters':
      return showDeadLetters(ask, print);
    case 'redeliver': {
      const { events } = z.object({ events: z.number() }).parse(await ask('POST', '/redeliver', {}));
      return print(`${events} dead letters are delivered again.`);
    }
    case 'advance': {
      const seconds = Number(first);
      if (!(seconds > 0)) throw misused(forwardOnly);
      const { time } = z
        .object({ time: z.string() })
        .parse(await ask('POST', '/clock', { advance: seconds }));
      return print(`It is ${time} at the emulator.`);
    }
    case 'reset':
      await ask('POST', '/reset');
      return print('Conversations and events are forgotten; subscriptions, users and settings stay.');
    case 'status':
      return showStatus(ask, print);
    default:
      throw misused(`There is no command "${name}".`);
  }
}

/** What the help calls the first word of a command. */
const firstWords: Record<string, string> = { chat: 'NAME', email: 'ADDRESS', subscribe: 'ADDRESS' };

const subscribed = z.object({ name: z.string(), state: z.string() });

async function subscribe(ask: Ask, endpoint: string, values: Command['values']): Promise<string> {
  const name = values.name ?? nameFor(endpoint);
  const { state } = subscribed.parse(
    await ask('PUT', `/subscriptions/${encodeURIComponent(name)}`, {
      endpoint,
      schema: values['cloud-events'] ? 'CloudEventSchemaV1_0' : 'EventGridSchema',
      ...(values.batch === undefined ? {} : { batch: { maxEvents: Number(values.batch) } }),
    }),
  );
  return state === 'Active'
    ? `${endpoint} gets the events, as subscription ${name}.`
    : `${endpoint} was asked, but did not answer with the code: open the validationUrl of that event within 10 minutes.`;
}

/** Such as `localhost-7071-api-events`: the same address has one subscription. */
function nameFor(endpoint: string): string {
  return endpoint
    .replace(/^https?:\/\//, '')
    .replace(/[?#].*$/, '')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 64);
}

function pick(values: Command['values'], names: readonly ('type' | 'limit')[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (values[name] ? [[name, values[name]]] : [])));
}

function misused(what: string): ExplainedError {
  return new ExplainedError(`${what}\nnpm run acs -- help shows all commands.`);
}
