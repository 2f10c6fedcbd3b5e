import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { acceptSend } from '../../src/shared/sends/accept-send.ts';
import { resumeSends } from '../../src/shared/sends/resume-sends.ts';
import { useAcs } from '../support/acs.ts';
import { useAzurite } from '../support/azurite.ts';
import { createReaper } from '../support/reaper.ts';
import { type SetStage, stages } from './each-channel.ts';
import { makeParts, newBlobs, openMarkers } from './make-parts.ts';

const azurite = useAzurite();
const acs = useAcs();

/** Sends, dies, lets the timer come, and asks once more as a client does that got no answer. */
async function sendWithDeath(setStage: SetStage, at: number, when: 'before' | 'after'): Promise<boolean> {
  const emulator = acs.emulator();
  const blobs = newBlobs(azurite.newContainer);
  const start = Date.now();
  let now = start;
  const clock = () => new Date(now);
  const reaper = createReaper(at, when);
  const parts = makeParts({ emulator, blobs, clock });
  const mortal = makeParts({ emulator, blobs, clock, around: reaper.around });
  const { countSent, ...stage } = await setStage(parts, emulator);
  const request = { ...stage, key: randomUUID(), caller: 'test' };

  await Promise.race([acceptSend(request, mortal), reaper.death]);
  now = start + 3 * 60_000;
  await resumeSends(parts);
  const send = await acceptSend(request, parts);

  assert.equal(send.state, 'recorded');
  assert.equal(await countSent(), 1, 'sent');
  const { messages } = await parts.read({ channel: send.channel, id: send.conversation ?? '' });
  const ours = messages.filter(({ sentBy }) => sentBy === 'clerk');
  assert.deepEqual(
    ours.map(({ id }) => id),
    [send.messageId],
  );
  assert.deepEqual(await openMarkers(blobs), []);
  assert.deepEqual(mortal.faults.concat(parts.faults), []);
  return reaper.hasStruck();
}

describe('a send that dies before or after any of its operations is made once and recorded once', {
  concurrency: 4,
}, () => {
  for (const [name, setStage] of Object.entries(stages)) {
    test(name, async () => {
      let deaths = 0;
      for (const when of ['before', 'after'] as const) {
        for (let at = 1; ; at += 1) {
          const hasDied = await sendWithDeath(setStage, at, when).catch((error: unknown) => {
            throw new Error(`dead ${when} operation ${at}`, { cause: error });
          });
          if (!hasDied) break;
          deaths += 1;
        }
      }
      assert.ok(deaths > 20, `${deaths} deaths`);
    });
  }
});
