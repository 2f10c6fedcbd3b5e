import { chat } from '../../src/shared/channels/chat/read-chat-event.ts';
import { acceptEvents } from '../../src/shared/events/accept-events.ts';
import { createResumeMemory } from '../../src/shared/events/resume-memory.ts';
import { openLanguageModel } from '../../src/shared/models/language/open-language-model.ts';
import { costOf } from '../../src/shared/models/language/prices.ts';
import { createWrittenModel } from '../../src/shared/models/written/written-model.ts';
import { readSettings } from '../../src/shared/settings.ts';
import type { Container } from '../../src/shared/storage/container.ts';
import { openDigests } from '../../src/shared/summaries/digest.ts';
import { createDryRun } from '../../src/shared/summaries/estimate-night.ts';
import { createNight } from '../../src/shared/summaries/night.ts';
import { openNightFiles } from '../../src/shared/summaries/night-files.ts';
import {
  type DryRunState,
  dryRunNames,
  dryRunState,
  newDryRun,
  orchestrateDryRun,
} from '../../src/shared/summaries/orchestrate-dry-run.ts';
import { activityNames } from '../../src/shared/summaries/orchestrate-night.ts';
import { renderDigest } from '../../src/shared/summaries/render-digest.ts';
import { openSummaries } from '../../src/shared/summaries/store.ts';
import type { Summary } from '../../src/shared/summaries/summary.ts';
import { conversationPath } from '../../src/shared/transcripts/conversation-path.ts';
import { openTranscripts, type TranscriptStore } from '../../src/shared/transcripts/store.ts';
import { carryOutBudget } from '../support/carry-out-night.ts';
import { joined, sent, versionAt } from '../support/chat-events.ts';
import { orchestrate } from '../support/orchestrate.ts';
import { nothingBuried } from '../support/tombstones.ts';

const clock = () => new Date('2026-11-24T02:00:00Z');

interface Options {
  newContainer: () => Container;
  /** Of an earlier process; new ones where it is absent. */
  blobs?: Readonly<Record<'transcripts' | 'summaries' | 'runs' | 'digests', Container>>;
  /** Of the endpoint, and whatever else the app reads. */
  environment: Record<string, string>;
}

export const threadOf = (name: string): string => `19:${name}@thread.v2`;
export const pathOf = (name: string): string => conversationPath({ channel: 'chat', id: threadOf(name) });

/** Nights whose summaries the model behind an endpoint writes. */
export function openWrittenNight({ newContainer, environment, ...earlier }: Options) {
  const settings = readSettings({ AzureWebJobsStorage: 'UseDevelopmentStorage=true', ...environment });
  const languageModel = openLanguageModel(settings.model);
  if (!languageModel) throw new Error('The settings name no model.');
  const model = createWrittenModel({ model: languageModel, timeZone: settings.timeZone, clock });
  const blobs = earlier.blobs ?? {
    transcripts: newContainer(),
    summaries: newContainer(),
    runs: newContainer(),
    digests: newContainer(),
  };
  const transcripts = openTranscripts(blobs.transcripts, { segmentBytes: 64 * 1024 ** 2 });
  const summaries = openSummaries(blobs.summaries);
  const digests = openDigests(blobs.digests, renderDigest);
  const dependencies = {
    transcripts,
    summaries,
    summaryBlobs: blobs.summaries,
    files: openNightFiles(blobs.runs),
    digests,
    model,
    costOf: (usage: Parameters<typeof costOf>[0]) => costOf(usage, model.name, settings.model.prices),
    clock,
  };
  const night = createNight(dependencies);
  const dryRun = createDryRun(dependencies);
  return {
    blobs,
    dependencies,
    night,
    summaries,
    write: (names: readonly string[], people = apart) => writeTalks(names, { transcripts, people }),
    async run(date: string, budget?: number) {
      const state = await carryOutBudget(night, date, budget);
      const digest = (await digests.get(date))?.digest;
      if (!digest) throw new Error('The night left no digest.');
      return { state, digest };
    },
    async estimate(date: string): Promise<DryRunState> {
      const output = await orchestrate(orchestrateDryRun, newDryRun(`${date}-dry-run`), {
        [activityNames.plan]: night.plan,
        [dryRunNames.estimate]: dryRun.estimateChunk,
        [dryRunNames.clear]: dryRun.clear,
      });
      return dryRunState.parse(output);
    },
    summaryOf: async (name: string): Promise<Summary | undefined> =>
      (await summaries.get(pathOf(name)))?.summary,
  };
}

/** Everybody takes part from the first message on, and nobody else comes later. */
export async function writeTalks(
  names: readonly string[],
  { transcripts, people = apart }: { transcripts: TranscriptStore; people?: typeof apart },
): Promise<void> {
  await acceptEvents(
    names.flatMap((name) => talkAbout(name, people(name))),
    {
      channels: [chat],
      transcripts,
      memory: createResumeMemory({ clock }),
      people: { note: async () => {} },
      tombstones: nothingBuried,
      deadLetters: { put: async () => {} },
    },
  );
}

/** No two conversations are between the same people: they share no call. */
const apart = (name: string): [string, string] => [`Ada-${name}`, `Grace-${name}`];

/** Every message says the name, so that the endpoint can tell what it is given. */
function talkAbout(name: string, people: [string, string]) {
  const thread = threadOf(name);
  const texts = [
    `Hello, I ask about the order called ${name}.`,
    `The order called ${name} left us on Friday.`,
    `Thank you, then I wait for the order called ${name}.`,
  ];
  const messages = texts.map((text, second) =>
    sent(thread, { id: String(versionAt(second)), from: people[second % 2] ?? '', text, second }),
  );
  return [...people.map((person) => joined(thread, person, 0)), ...messages];
}
