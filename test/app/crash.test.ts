import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as z from 'zod';
import { smallTalk } from '../support/chat-events.ts';
import { ask, askUntil, newFolder, post, startParley } from '../support/parley.ts';

/** How many conversations the night has; PARLEY_CRASH_CONVERSATIONS=1000 for the full measure. */
const conversations = Number(process.env.PARLEY_CRASH_CONVERSATIONS ?? 300);
/** Activities under way at once, from host.json. */
const inFlight = 8;
const chunk = 20;

const report = z.object({
  state: z.string(),
  found: z.number(),
  done: z.number(),
  failed: z.number(),
  left: z.number(),
});
const page = z.object({
  summaries: z.array(z.object({ id: z.string(), at: z.string() })),
  nextLink: z.string().optional(),
});

const threads = Array.from({ length: conversations }, (_, index) => `19:crash${index}@thread.v2`);

async function seed(url: string): Promise<void> {
  for (let start = 0; start < threads.length; start += 25) {
    const batch = threads.slice(start, start + 25).flatMap((thread) => smallTalk(thread, 20));
    const { status, text } = await post(`${url}/api/events`, batch);
    assert.equal(status, 200, text);
  }
}

async function summariesOf(url: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  let next: string | undefined = `${url}/api/summaries?limit=200`;
  while (next) {
    const { summaries, nextLink } = page.parse((await ask(next)).json);
    for (const { id, at } of summaries) found.set(id, at);
    next = nextLink;
  }
  return found;
}

const nightAddress = (url: string): string => `${url}/api/summaries/runs/2026-11-23`;

describe(`everything killed in a night of ${conversations} conversations`, () => {
  test('at 10, 50 and 90 % the night ends by itself, and what was made is not made again', async () => {
    const { folder, remove } = await newFolder();
    let activities = 0;
    const countActivities = (lines: readonly string[]): void => {
      activities += lines.filter((line) => /^summarizeConversations .*ok/.test(line)).length;
    };
    let parley = await startParley(folder);
    try {
      await seed(parley.url);
      await post(`${parley.url}/api/summaries/runs`, { night: '2026-11-23' });
      const madeBefore = new Map<string, string>();
      for (const share of [0.1, 0.5, 0.9]) {
        await askUntil(
          nightAddress(parley.url),
          ({ json }) => report.parse(json).done >= share * conversations,
          { everyMilliseconds: 50 },
        );
        await parley.kill();
        countActivities(parley.lines);
        parley = await startParley(folder);
        for (const [id, at] of await summariesOf(parley.url)) {
          if (!madeBefore.has(id)) madeBefore.set(id, at);
        }
        assert.ok(madeBefore.size >= share * conversations, `${madeBefore.size} at ${share}`);
      }
      const { json } = await askUntil(nightAddress(parley.url), ({ text }) =>
        /"completed"|"state":"failed"/.test(text),
      );
      assert.equal(report.parse(json).state, 'completed');
      const made = await summariesOf(parley.url);
      assert.equal(made.size, conversations);
      for (const [id, at] of madeBefore) assert.equal(made.get(id), at, `${id} was made again`);
      countActivities(parley.lines);
      const chunks = Math.ceil(conversations / chunk);
      assert.ok(activities <= chunks + 3 * inFlight, `${activities} activities for ${chunks} chunks`);
      await post(`${parley.url}/api/summaries/runs`, { night: '2026-11-25' });
      const next = await askUntil(nightAddress(parley.url).replace('-23', '-25'), ({ text }) =>
        /"completed"/.test(text),
      );
      assert.equal(report.parse(next.json).found, 0, 'every summary is of the present version');
    } finally {
      await parley.stop();
      await remove();
    }
  });
});
