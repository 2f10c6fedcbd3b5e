import { exampleIdentity, exampleThreadId } from '../../examples/describe-thread.ts';
import { readBikeShop } from '../../examples/read-bike-shop.ts';
import { type ExampleConversation, readExampleConversations } from '../../examples/read-conversations.ts';
import { toEventGridEvents } from '../../examples/to-event-grid-events.ts';
import { ExplainedError } from '../explained-error.ts';
import type { Stack } from '../stack.ts';
import { askInWords, post, readMarkdown, runNight } from './ask-parley.ts';
import { findBlobs } from './find-blobs.ts';
import { aside, count, heading, line, quote, timed } from './tell.ts';
import { holdConversation } from './write-as-people.ts';

const asking = 'Helena Sørensen';
const asked = 'summarize all conversations between me and user Marco about the refund';

const shown = ['espresso-machine-leaks', 'museum-app-launch'];

/** A demo under way: the stack it shows, and the signal that ends its requests. */
export interface Demo {
  stack: Stack;
  signal: AbortSignal;
}

/** Posts every sample conversation as Event Grid would: an array of events to the webhook. */
export async function postExamples({ stack, signal }: Demo): Promise<void> {
  const conversations = await readExampleConversations();
  heading('2. Conversations arrive as events of Azure Communication Services: POST /api/events');
  const [events, duration] = await timed(async () => {
    let posted = 0;
    for (const conversation of conversations) {
      const batch = toEventGridEvents(conversation);
      await post(`${stack.url}/api/events`, batch, signal);
      posted += batch.length;
      line(describe(conversation));
    }
    return posted;
  });
  line();
  line(`${count(conversations.length, 'conversation')} in ${count(events, 'event')} kept in ${duration}.`);
}

/** People write by SMS, WhatsApp and email, and get answers, through the ACS emulator and the genuine SDKs. */
export async function serveBikeShop({ stack, signal }: Demo): Promise<void> {
  const talks = await readBikeShop();
  heading('3. A bike shop by SMS, WhatsApp and email: people write, the shop answers by the API');
  const place = { url: stack.url, acsUrl: stack.acsUrl ?? '', signal };
  const [paths, duration] = await timed(() =>
    Promise.all(talks.map((talk) => holdConversation(talk, place))),
  );
  for (const [index, { channel, name, turns }] of talks.entries()) {
    line(`${channel.padEnd(10)} ${name.padEnd(20)} ${count(turns.length, 'message').padStart(12)}`);
    if (index === talks.length - 1) line();
  }
  line(`Sent, delivered and kept in ${duration}, on the ACS emulator at ${place.acsUrl}.`);
  for (const path of [paths[0], paths[2]]) {
    aside(`GET ${path}`);
    quote(await readMarkdown(`${stack.url}${path}`, signal));
    line();
  }
}

/** Runs the night, which a timer does at 02:00 UTC otherwise. Returns its name, a date. */
export async function summarizeNight({ stack, signal }: Demo): Promise<string> {
  heading('4. The night comes early: POST /api/summaries/runs');
  const [run, duration] = await timed(() => runNight(stack.url, signal));
  line(`${count(run.found, 'conversation')} had changed, ${run.done} were summarized in ${duration}.`);
  if (run.found === 0 || run.failed > 0) {
    throw new ExplainedError(`Of ${count(run.found, 'conversation')} ${run.failed} could not be summarized.`);
  }
  return run.night;
}

export async function showDigest({ stack, signal }: Demo, night: string): Promise<void> {
  const path = `/api/digests/${night}`;
  heading(`5. What the night found: GET ${path}`);
  quote(await readMarkdown(stack.url + path, signal));
}

export async function showSummaries({ stack, signal }: Demo): Promise<void> {
  heading('6. Two of the summaries, the others are made the same way');
  for (const name of shown) {
    const path = summaryPath(name);
    aside(`GET ${path}`);
    quote(await readMarkdown(stack.url + path, signal));
    line();
  }
}

/** Asks for the conversations of two people, as one of them. */
export async function askForOne({ stack, signal }: Demo): Promise<void> {
  heading(`7. ${asking} asks: POST /api/ask`);
  aside(`"${asked}"`);
  const [answer, duration] = await timed(() =>
    askInWords(stack.url, { request: asked, as: exampleIdentity(asking) }, signal),
  );
  quote(answer);
  line();
  line(`Answered in ${duration}.`);
}

export async function showWhereTheyLie({ stack }: Demo): Promise<void> {
  heading('8. Where they lie: in Blob storage, as container/blob');
  for (const name of shown) {
    for (const path of await findBlobs(stack.connectionString, exampleThreadId(name))) line(path);
  }
}

/** What to do with a demo that stays. */
export function tryNext({ stack }: Demo, dataFolder: string): void {
  const [name = ''] = shown;
  const conversation = `${stack.url}/api/conversations/chat/${encodeURIComponent(exampleThreadId(name))}`;
  heading('It goes on running. Try next:');
  line(`curl '${stack.url}/api/conversations'`);
  line(`curl -H 'Accept: text/markdown' '${conversation}'`);
  line(`curl '${stack.url}/api/summaries'`);
  line(`curl '${stack.url}${summaryPath(name)}'`);
  line(`npm run ask -- "what did Dev say about the launch?" --url ${stack.url}`);
  line(`curl -i -X POST '${stack.url}/api/summaries/runs'`);
  line(`curl '${stack.url}/api/summaries/runs/${new Date().toISOString().slice(0, 10)}'`);
  aside('The last two are a second night and its report: nothing has changed, so it has nothing to do.');
  line();
  line('Write as a person, in another terminal:');
  line(`ACS_EMULATOR_URL=${stack.acsUrl} npm run acs -- whatsapp +15551230009 "Where is my order?"`);
  line();
  line('Ctrl-C stops it. To open the same data again:');
  line(`PARLEY_DATA=${dataFolder} npm start`);
}

function summaryPath(name: string): string {
  return `/api/summaries/chat/${encodeURIComponent(exampleThreadId(name))}`;
}

function describe({ topic, participants, messages }: ExampleConversation): string {
  const people = count(participants.length, 'person', 'people');
  return `${topic.padEnd(50)} ${count(messages.length, 'message').padStart(12)}, ${people}`;
}
