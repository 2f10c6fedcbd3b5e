import * as z from 'zod';
import { AcsError } from '../exchange.ts';
import type { State } from '../state.ts';
import { incomingWhatsapp } from '../whatsapp/incoming-whatsapp.ts';
import { incomingMail, sendMail } from './send-mail.ts';
import { serviceUser } from './service-user.ts';
import type { Services } from './services.ts';

interface Options extends Services {
  state: State;
  clock: () => Date;
  /** Where the subscriptions deliver to. */
  endpoints: () => string[];
}

const number = z.string().regex(/^\+[1-9]\d{6,14}$/, 'must be a number such as +15551230001');
const incomingSms = z.strictObject({ from: number, to: z.string().optional(), text: z.string().min(1) });

const somebody = { from: z.string().min(1), name: z.string().optional() };
const inThread = { ...somebody, thread: z.string().min(1) };
const chatMessage = z.strictObject({
  ...somebody,
  text: z.string().min(1),
  type: z.enum(['text', 'html']).optional(),
  /** The person is added to it; by default the last that this person wrote to, else a new one with `with`. */
  thread: z.string().min(1).optional(),
  topic: z.string().optional(),
  with: z.array(z.string().min(1)).default([serviceUser]),
  /** Begins a new thread in any case. */
  isNew: z.boolean().default(false),
});
const joining = z.strictObject({
  ...inThread,
  shareHistoryTime: z.iso.datetime({ offset: true }).optional(),
});
const edit = z.strictObject({ ...inThread, messageId: z.string(), text: z.string().min(1) });

const reading = z.strictObject({ messageId: z.string() });
const engagement = z.strictObject({
  operationId: z.string(),
  type: z.enum(['view', 'click']).default('view'),
  recipient: z.email().optional(),
  link: z.string().optional(),
  userAgent: z.string().optional(),
});

/** What a person does, given the body of a request; throws what zod throws for a body in another form. */
type Action = (body: unknown) => unknown;

/** All that people do, by the address under `/emulator/people/`. */
export function actAsPeople(options: Options): Record<string, Action> {
  const { state, clock, endpoints, sms, whatsapp, email, chat } = options;
  const lastThreads = state.collection<string>('control.last-threads');

  function write({ isNew, with: others, ...message }: z.output<typeof chatMessage>) {
    const said = message.thread === undefined ? continueOrBegin() : say(message.thread);
    lastThreads.put(message.from, said.thread);
    return said;

    function say(thread: string) {
      chat.join({ from: message.from, name: message.name, thread });
      return chat.say({ ...message, thread });
    }
    function continueOrBegin() {
      const thread = isNew ? undefined : lastThreads.get(message.from);
      try {
        if (thread) return chat.say({ ...message, thread });
      } catch (error) {
        // It was deleted since, or this person removed from it.
        if (!(error instanceof AcsError && [403, 404].includes(error.status))) throw error;
      }
      return chat.say({ ...message, with: others });
    }
  }

  return {
    sms: taking(incomingSms, sms.receive),
    whatsapp: taking(incomingWhatsapp, whatsapp.receive),
    'whatsapp/read': taking(reading, ({ messageId }) => whatsapp.read(messageId)),
    email: taking(incomingMail, (mail) => sendMail(mail, { email, now: clock(), endpoints: endpoints() })),
    'email/open': taking(engagement, email.engage),
    chat: taking(chatMessage, write),
    'chat/join': taking(joining, chat.join),
    'chat/leave': taking(z.strictObject(inThread), chat.leave),
    'chat/edit': taking(edit, chat.edit),
    'chat/delete': taking(edit.omit({ text: true }), chat.unsay),
  };
}

function taking<Input>(form: z.ZodType<Input>, act: (input: Input) => unknown): Action {
  return (body) => act(form.parse(body));
}
