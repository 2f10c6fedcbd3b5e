import { chat } from '../../src/shared/channels/chat/read-chat-event.ts';
import { acceptEvents } from '../../src/shared/events/accept-events.ts';
import { createResumeMemory } from '../../src/shared/events/resume-memory.ts';
import { openLanguageModel } from '../../src/shared/models/language/open-language-model.ts';
import { createWrittenModel } from '../../src/shared/models/written/written-model.ts';
import { readSettings } from '../../src/shared/settings.ts';
import type { Container } from '../../src/shared/storage/container.ts';
import { type Digest, openDigests } from '../../src/shared/summaries/digest.ts';
import { createNight } from '../../src/shared/summaries/night.ts';
import { openNightFiles } from '../../src/shared/summaries/night-files.ts';
import { renderDigest } from '../../src/shared/summaries/render-digest.ts';
import { openSummaries } from '../../src/shared/summaries/store.ts';
import type { Summary } from '../../src/shared/summaries/summary.ts';
import { conversationPath } from '../../src/shared/transcripts/conversation-path.ts';
import { openTranscripts } from '../../src/shared/transcripts/store.ts';
import { carryOutNight } from '../support/carry-out-night.ts';
import { joined, sent, versionAt } from '../support/chat-events.ts';
import { nothingBuried } from '../support/tombstones.ts';

const clock = () => new Date('2026-11-24T02:00:00Z');

interface Options {
  newContainer: () => Container;
  /** Of an earlier process; new ones where it is absent. */
  containers?: Readonly<Record<'transcripts' | 'summaries' | 'runs' | 'digests', Container>>;
  /** Of the endpoint, and whatever else the app reads. */
  environment: Record<string, string>;
}

/** Nights over conversations of which each says its name, summarized by the model behind an endpoint. */
export function openNight({ newContainer, environment, ...earlier }: Options) {
  const settings = readSettings({ AzureWebJobsStorage: 'UseDevelopmentStorage=true', ...environment });
  const languageModel = openLanguageModel(settings.model);
  if (!languageModel) throw new Error('The settings name no model.');
  const model = createWrittenModel({ model: languageModel, timeZone: settings.timeZone, clock });
  const containers = earlier.containers ?? {
    transcripts: newContainer(),
    summaries: newContainer(),
    runs: newContainer(),
    digests: newContainer(),
  };
  const transcripts = openTranscripts(containers.transcripts, { segmentBytes: 64 * 1024 ** 2 });
  const summaries = openSummaries(containers.summaries);
  const digests = openDigests(containers.digests, renderDigest);
  const files = openNightFiles(containers.runs);
  const summaryBlobs = containers.summaries;
  const night = createNight({ transcripts, summaries, model, clock, summaryBlobs, files, digests });
  return {
    containers,
    /** Each between people of its own, so that no two share a call, unless all are between the same. */
    async write(names: readonly string[], { areOfTheSame = false } = {}): Promise<void> {
      const events = names.flatMap((name) => talkAbout(name, areOfTheSame ? '' : `-${name}`));
      await acceptEvents(events, {
        channels: [chat],
        transcripts,
        memory: createResumeMemory({ clock }),
        people: { note: async () => {} },
        tombstones: nothingBuried,
        deadLetters: { put: async () => {} },
      });
    },
    async run(date: string): Promise<Digest> {
      await carryOutNight(night, date);
      const digest = (await digests.get(date))?.digest;
      if (!digest) throw new Error('The night left no digest.');
      return digest;
    },
    summaryOf: async (name: string): Promise<Summary | undefined> =>
      (await summaries.get(conversationPath({ channel: 'chat', id: threadOf(name) })))?.summary,
  };
}

export const threadOf = (name: string): string => `19:${name}@thread.v2`;

/** Every message says the name, so that the endpoint can tell whatever part it is given. */
function talkAbout(name: string, people: string) {
  const texts = [
    `Hello, I ask about the order called ${name}.`,
    `The order called ${name} left us on Friday.`,
    `Thank you, then I wait for the order called ${name}.`,
  ];
  const [asking, answering] = [`Ada${people}`, `Grace${people}`];
  return [
    joined(threadOf(name), asking, -2),
    joined(threadOf(name), answering, -1),
    ...texts.map((text, second) =>
      sent(threadOf(name), {
        id: String(versionAt(second)),
        from: second === 1 ? answering : asking,
        text,
        second,
      }),
    ),
  ];
}
