import { openRunFiles } from '../durable/run-files.ts';
import type { RetentionDays } from '../privacy-settings.ts';
import type { Container } from '../storage/container.ts';
import type { TranscriptStore } from '../transcripts/store.ts';
import { type ConversationsDependencies, createConversationsStep } from './retention-conversations.ts';
import { createReadHeld, type HeldDependencies } from './retention-holds.ts';
import { readPeriods } from './retention-periods.ts';
import { serveRetention } from './retention-serve.ts';
import { createStartRetention } from './retention-start.ts';
import { retentionState } from './retention-state.ts';
import { createRetentionStep } from './retention-step.ts';
import { createCopiesStep, createStoresStep } from './retention-stores.ts';

export interface RetentionDependencies
  extends Omit<ConversationsDependencies, 'periods' | 'readHeld' | 'people' | 'transcripts'>,
    Omit<HeldDependencies, 'people'> {
  transcripts: TranscriptStore;
  /** An index that takes nothing for known. */
  people: ConversationsDependencies['people'] & HeldDependencies['people'];
  /** Where its state is kept. */
  erasures: Container;
  retentionDays: RetentionDays;
  clock: () => Date;
  stepMilliseconds?: number;
}

/** The nightly sweep of what is older than it may be: its step and its HTTP side. */
export function createRetention(dependencies: RetentionDependencies) {
  const { erasures, retentionDays } = dependencies;
  const periods = readPeriods(retentionDays);
  const runs = openRunFiles(erasures, retentionState);
  const parts = { ...dependencies, periods, runs, readHeld: createReadHeld(dependencies) };
  const steps = {
    conversations: createConversationsStep(parts),
    stores: createStoresStep(parts),
    copies: createCopiesStep(parts),
  };
  const start = createStartRetention(parts);
  return {
    /** False where everything is kept for ever. */
    isSet: periods.isSet,
    step: createRetentionStep({ ...parts, steps }),
    start,
    ...serveRetention({ ...parts, start }),
  };
}
