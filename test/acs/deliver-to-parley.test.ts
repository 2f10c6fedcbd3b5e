import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as z from 'zod';
import { subscriptionSettings } from '../../local/acs/event-grid/subscription.ts';
import { useAcs } from '../support/acs.ts';
import { ask, newFolder, startParley } from '../support/parley.ts';

const acs = useAcs();
const transcript = z.object({ messages: z.array(z.object({ text: z.string() })) });

test('the emulator delivers to both addresses of Parley, in both schemas, and Parley keeps it once', async (t) => {
  const { folder, remove } = await newFolder();
  t.after(remove);
  const { url, connectionString, eventGrid, chat } = acs.emulator();
  const parley = await startParley(folder, {
    ACS_EMULATOR_URL: url,
    ACS_CONNECTION_STRING: connectionString,
  });
  t.after(parley.stop);

  const twin = `${parley.url}/api/events`;
  const trigger = `${parley.url}/runtime/webhooks/eventgrid?functionName=chatEvents`;
  const schema = 'CloudEventSchemaV1_0';
  const chaos = { duplicates: 1 };
  for (const [name, settings] of Object.entries({
    twin: { endpoint: twin, batch: { maxEvents: 100 }, chaos },
    'twin-cloud': { endpoint: twin, batch: { maxEvents: 100 }, schema, chaos },
    trigger: { endpoint: trigger },
    'trigger-cloud': { endpoint: trigger, schema },
  })) {
    const { state } = await eventGrid.subscribe({ name, ...subscriptionSettings.parse(settings) });
    assert.equal(state, 'Active', name);
  }

  const { thread } = chat.say({ from: 'joe', text: 'Where is my order?' });
  chat.say({ from: 'joe', thread, text: 'It was due on Monday.' });
  await eventGrid.idle();
  assert.deepEqual(
    eventGrid.subscriptions().map(({ name, waiting }) => [name, waiting]),
    [
      ['trigger', 0],
      ['trigger-cloud', 0],
      ['twin', 0],
      ['twin-cloud', 0],
    ],
  );
  assert.deepEqual(eventGrid.deadLetters(), []);
  const { status, json } = await ask(`${parley.url}/api/conversations/chat/${encodeURIComponent(thread)}`);
  assert.equal(status, 200);
  assert.deepEqual(
    transcript.parse(json).messages.map(({ text }) => text),
    ['Where is my order?', 'It was due on Monday.'],
  );
});
