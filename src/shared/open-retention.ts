import type { BlobServiceClient } from '@azure/storage-blob';
import type { Channel } from './channels/channel.ts';
import { findOurEnd } from './channels/our-end.ts';
import type { NamedEraser } from './erasure/erasers.ts';
import type { Holds } from './erasure/holds.ts';
import { createRetention } from './erasure/retention.ts';
import type { Directory } from './people/directory.ts';
import { createLeave } from './people/leave-conversation.ts';
import type { OurEnd } from './people/people-in-entries.ts';
import { openPeopleIndex } from './people/people-index.ts';
import type { Settings } from './settings.ts';
import { openContainer } from './storage/container.ts';
import { guardPeople } from './tombstones/guard.ts';
import type { Tombstones } from './tombstones/tombstones.ts';
import type { Together } from './transcripts/read-together.ts';
import { openTranscripts } from './transcripts/store.ts';

interface Parts {
  settings: Settings;
  channels: readonly Channel[];
  erasers: readonly NamedEraser[];
  tombstones: Tombstones;
  directory: Directory;
  holds: Holds;
  together: Together;
  clock: () => Date;
}

/** A copy of a large segment takes its time. */
const lasting = { requestMilliseconds: 60_000 };

/** Puts together the nightly sweep of what is older than it may be. */
export function openRetention(service: BlobServiceClient, parts: Parts) {
  const { settings, channels, tombstones } = parts;
  const ourEnd: OurEnd = (conversation) => findOurEnd(channels, conversation);
  const transcriptBlobs = openContainer(service, 'transcripts', lasting);
  const peopleBlobs = openContainer(service, 'people');
  return createRetention({
    ...parts,
    transcriptBlobs,
    transcripts: openTranscripts(transcriptBlobs, settings),
    mediaBlobs: openContainer(service, 'media'),
    summaryBlobs: openContainer(service, 'summaries'),
    erasures: openContainer(service, 'erasures'),
    people: guardPeople(openPeopleIndex(peopleBlobs, { ourEnd, isAnew: true }), tombstones),
    leave: createLeave(peopleBlobs),
    retentionDays: settings.privacy.retentionDays,
  });
}
