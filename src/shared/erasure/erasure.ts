import type { Channel } from '../channels/channel.ts';
import { openRunFiles } from '../durable/run-files.ts';
import type { Directory } from '../people/directory.ts';
import type { PeopleIndex } from '../people/people-index.ts';
import type { Container } from '../storage/container.ts';
import type { Tombstones } from '../tombstones/tombstones.ts';
import type { ConversationKey } from '../transcripts/entry.ts';
import type { Together } from '../transcripts/read-together.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import { createBeginStep } from './begin-step.ts';
import { createCollectStep } from './collect-step.ts';
import { createConversationsStep } from './conversations-step.ts';
import { createEraseConversation } from './erase-conversation.ts';
import type { NamedEraser } from './erasers.ts';
import { openErasureFiles } from './erasure-files.ts';
import { erasureState } from './erasure-state.ts';
import { createHoldFinder } from './find-holds.ts';
import { createFinishStep } from './finish-step.ts';
import type { Holds } from './holds.ts';
import { createOneConversationStep } from './one-conversation-step.ts';
import { createProviderStep } from './provider-step.ts';
import { createErasureStep, type Step } from './run-erasure.ts';
import { serveErasures } from './serve-erasures.ts';
import { serveReceipts } from './serve-receipts.ts';
import { settleStep } from './settle.ts';
import { createStarter } from './start-erasure.ts';
import { createStoresSteps } from './stores-steps.ts';

interface ErasureDependencies {
  /** Of all stores: see `createErasers`. */
  erasers: readonly NamedEraser[];
  blobs: { transcripts: Container; media: Container; erasures: Container };
  transcripts: TranscriptStore;
  tombstones: Tombstones;
  directory: Directory;
  people: PeopleIndex;
  holds: Holds;
  channels: readonly Pick<Channel, 'name' | 'eraseAtProvider'>[];
  together: Together;
  findOurEnd: (key: ConversationKey) => string | undefined;
  isConfigured: boolean;
  settleSeconds: number;
  clock: () => Date;
  stepMilliseconds?: number;
}

/** Erasing people and conversations: its steps and its HTTP side. */
export function createErasure(dependencies: ErasureDependencies) {
  const { erasers, blobs } = dependencies;
  const summaries = erasers.find(({ name }) => name === 'summaries')?.eraser ?? { store: 'summaries' };
  const parts = {
    ...dependencies,
    files: openErasureFiles(blobs.erasures),
    runs: openRunFiles(blobs.erasures, erasureState),
    transcriptBlobs: blobs.transcripts,
    mediaBlobs: blobs.media,
    summaries,
    eraseConversation: createEraseConversation(dependencies),
  };
  const ofPerson = createConversationsStep(parts);
  const ofConversation = createOneConversationStep(parts);
  const conversations: Step = (state, context) =>
    state.kind === 'person' ? ofPerson(state, context) : ofConversation(state, context);
  const steps = {
    begin: createBeginStep(parts),
    settle: settleStep,
    collect: createCollectStep(parts),
    provider: createProviderStep(parts),
    conversations,
    finish: createFinishStep(parts),
    ...createStoresSteps(parts),
  };
  return {
    eraseConversation: parts.eraseConversation,
    erasureStep: createErasureStep({ ...dependencies, runs: parts.runs, steps }),
    serve: {
      ...serveErasures({ ...parts, starter: createStarter(parts), holdFinder: createHoldFinder(parts) }),
      ...serveReceipts({ erasures: blobs.erasures, runs: parts.runs }),
    },
  };
}
