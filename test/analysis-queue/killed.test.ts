import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { useAzurite } from '../support/azurite.ts';
import { openMortalStorage } from '../support/mortal-storage.ts';
import { chatKey, intentsIn, messages, orderOf, startAnalyser, watchedModel } from './make-analyser.ts';

const azurite = useAzurite();
const count = 230;
const batch = 100;
const leaseMilliseconds = 400;

describe('a process that is killed while it analyses', () => {
  for (const when of ['before', 'after'] as const) {
    test(`${when} any of its storage requests loses no message, and has one batch at most read twice`, async () => {
      let deaths = 0;
      let twice = 0;
      for (let at = 1; ; at += 1) {
        const blobs = { transcripts: azurite.newContainer(), analysis: azurite.newContainer() };
        const watched = watchedModel();
        const living = startAnalyser(blobs, { model: watched.model, leaseMilliseconds });
        await living.store.append(chatKey, messages(count));

        const { open, reaper } = openMortalStorage(azurite.connectionString(), { at, when });
        const mortal = startAnalyser(
          {
            transcripts: open(blobs.transcripts.client.containerName),
            analysis: open(blobs.analysis.client.containerName),
          },
          { model: watched.model, leaseMilliseconds },
        );
        const order = orderOf();
        const outcome = await Promise.race([mortal.analyse(order), reaper.death]);
        if (outcome !== 'dead') break;
        deaths += 1;

        // More comes while nobody knows of the death; its order is left to the dead one, or is carried out.
        await living.store.append(chatKey, messages(5, count));
        const { state } = await living.analyse(orderOf());
        assert.ok(state === 'left' || state === 'done', state);
        // The host hands the order out again.
        assert.equal((await living.analyse(order)).state, 'done');

        const found = await intentsIn(living.store);
        assert.equal(found.length, count + 5);
        for (const [id, intent] of found) {
          assert.equal(intent, `says message ${id}`, `dead ${when} request ${at}`);
        }
        const times = [...watched.timesRead().values()];
        assert.ok(times.every((each) => each <= 2));
        const readTwice = times.filter((each) => each === 2).length;
        assert.ok(readTwice <= batch, `${readTwice} were read twice, dead ${when} request ${at}`);
        twice += readTwice;
      }
      assert.ok(deaths >= 10, `died ${deaths} times`);
      assert.ok(twice > 0, 'no death came between the model and the append');
    });
  }
});
