import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { createDigestMails } from '../../src/shared/channels/email/digest-mails.ts';
import { createDigestMail } from '../../src/shared/digest-mail/digest-mail.ts';
import { openOutbox } from '../../src/shared/sends/outbox.ts';
import { resumeSends } from '../../src/shared/sends/resume-sends.ts';
import type { Container } from '../../src/shared/storage/container.ts';
import { openCatalogue } from '../../src/shared/summaries/catalogue.ts';
import { emptyDigest, openDigests } from '../../src/shared/summaries/digest.ts';
import { renderDigest } from '../../src/shared/summaries/render-digest.ts';
import { openSummaries } from '../../src/shared/summaries/store.ts';
import { useAcs } from '../support/acs.ts';
import { useAzurite } from '../support/azurite.ts';
import { openMortalStorage } from '../support/mortal-storage.ts';

const azurite = useAzurite();
const acs = useAcs();
const night = '2026-11-24';

let starts = 0;
function nextStart(): number {
  starts += 1;
  return starts;
}

interface Names {
  digests: string;
  outbox: string;
  transcripts: string;
}

function newNames(): Names {
  const name = () => azurite.newContainer().client.containerName;
  return { digests: name(), outbox: name(), transcripts: name() };
}

/** What mails the digest, as one process has it. */
function openProcess(
  names: Names,
  { open, to, clock }: { open: (name: string) => Container; to: string; clock: () => Date },
) {
  const outbox = openOutbox(open(names.outbox), { clock });
  const nothing = azurite.newContainer();
  const digests = openDigests(open(names.digests), renderDigest);
  const mail = createDigestMail({
    settings: { to: [to], from: 'parley@parley.example', withText: false },
    timeZone: 'UTC',
    blobs: open(names.digests),
    digests,
    outbox,
    catalogue: openCatalogue(nothing),
    summaries: openSummaries(nothing),
    clock,
  });
  const entries: unknown[] = [];
  const parts = {
    channels: [createDigestMails(acs.clients())],
    outbox,
    readConversation: async () => undefined,
    transcripts: { append: async (_: unknown, added: readonly unknown[]) => void entries.push(...added) },
    people: { note: async (_: unknown, added: readonly unknown[]) => void entries.push(...added) },
    directory: { learnSelf: async () => {} },
    clock,
    logFault: () => {},
  };
  return { mail, digests, parts, outbox, entries };
}

/** A night ends and the timer comes; both come again after a death. */
async function mailWithDeath(at: number, when: 'before' | 'after'): Promise<boolean> {
  const names = newNames();
  const to = `ops-${randomUUID()}@parley.example`;
  // The provider knows a mail by night and time: those of other deaths are others.
  const start = Date.parse('2026-11-24T02:10:00Z') + nextStart();
  let now = start;
  const clock = () => new Date(now);
  const living = openMortalStorage(azurite.connectionString(), {});
  const mortal = openMortalStorage(azurite.connectionString(), { at, when });
  const lasting = openProcess(names, { open: living.open, to, clock });
  await lasting.digests.put({ ...emptyDigest(night), found: 3, done: 3 }, undefined);
  const dying = openProcess(names, { open: mortal.open, to, clock });
  const work = async (): Promise<void> => {
    await dying.mail.put(night);
    await resumeSends(dying.parts);
  };
  await Promise.race([work(), mortal.reaper.death]);
  now = start + 3 * 60_000;
  await lasting.mail.put(night);
  await resumeSends(lasting.parts);
  // The night of this date is run once more, long after the outbox has forgotten.
  now = start + 9 * 24 * 3_600_000;
  await lasting.outbox.sweep();
  await lasting.mail.put(night);
  await resumeSends(lasting.parts);

  const sent = acs.emulator().email.sent(to);
  assert.equal(sent.length, 1);
  assert.deepEqual([...dying.entries, ...lasting.entries], []);
  return mortal.reaper.hasStruck();
}

describe('the mail of a night', () => {
  test('is sent once, wherever it breaks off and however often the night runs', async () => {
    let deaths = 0;
    for (const when of ['before', 'after'] as const) {
      for (let at = 1; ; at += 1) {
        const hasDied = await mailWithDeath(at, when).catch((error: unknown) => {
          throw new Error(`dead ${when} request ${at}`, { cause: error });
        });
        if (!hasDied) break;
        deaths += 1;
      }
    }
    assert.ok(deaths > 20, `${deaths} deaths`);
  });

  test('tells what became of it', async () => {
    const names = newNames();
    const clock = () => new Date('2026-11-24T02:10:00Z');
    const { open } = openMortalStorage(azurite.connectionString(), {});
    const { mail, digests, parts } = openProcess(names, { open, to: 'ops@parley.example', clock });
    await digests.put(emptyDigest(night), undefined);
    assert.equal(await mail.stateOf(night), undefined);
    await mail.put(night);
    assert.equal((await mail.stateOf(night))?.state, 'pending');
    await resumeSends(parts);
    assert.equal((await mail.stateOf(night))?.state, 'sent');
  });
});
