import * as z from 'zod';

/** What an export holds: everything where no member is set. */
export const exportScope = z.union([
  z.strictObject({}),
  z.strictObject({ channel: z.string().regex(/^[a-z]{1,20}$/) }),
  z.strictObject({
    conversation: z.strictObject({ channel: z.string().regex(/^[a-z]{1,20}$/), id: z.string().min(1) }),
  }),
  z.strictObject({ with: z.string().min(1).max(512) }),
]);
export type ExportScope = z.infer<typeof exportScope>;

const counts = z.object({
  conversations: z.int(),
  entries: z.int(),
  /** As they stand: deleted ones are entries, but no messages. */
  messages: z.int(),
  media: z.int(),
  /** Attachments that a transcript names as kept and that are not there. */
  missingMedia: z.int(),
  /** Lines of transcripts that are no entries. */
  unreadableLines: z.int(),
  /** Of transcripts and media. */
  bytes: z.number(),
});
export type ExportCounts = z.infer<typeof counts>;

export const noCounts: ExportCounts = {
  conversations: 0,
  entries: 0,
  messages: 0,
  media: 0,
  missingMedia: 0,
  unreadableLines: 0,
  bytes: 0,
};

export function addCounts(a: ExportCounts, b: ExportCounts): ExportCounts {
  return {
    conversations: a.conversations + b.conversations,
    entries: a.entries + b.entries,
    messages: a.messages + b.messages,
    media: a.media + b.media,
    missingMedia: a.missingMedia + b.missingMedia,
    unreadableLines: a.unreadableLines + b.unreadableLines,
    bytes: a.bytes + b.bytes,
  };
}

/** Where an export stands. */
export const exportState = z.object({
  id: z.string(),
  scope: exportScope,
  /** Those that `with` meant when it began, so that the order of its conversations stays. */
  identities: z.array(z.string()).optional(),
  state: z.enum(['running', 'completed', 'cancelled']),
  startedAt: z.string(),
  endedAt: z.string().optional(),
  counts,
  /** Batches of conversations that are done; the next one has this number. */
  batches: z.int(),
  /** Where the listing goes on after them, in the words of whoever lists. */
  position: z.unknown().optional(),
  /** Whether what it held was erased once it had ended, or while it was under way: of all that nothing is told any more. */
  erased: z.enum(['ended', 'under way']).optional(),
});
export type ExportState = z.infer<typeof exportState>;

export function newExport(of: Pick<ExportState, 'id' | 'scope' | 'identities' | 'startedAt'>): ExportState {
  return { ...of, state: 'running', counts: noCounts, batches: 0 };
}

/** The format of what an export writes; import takes no other. */
export const formatVersion = 1;

/** Written last: an export without it is not whole. */
export const manifest = z.object({
  format: z.literal('parley-export'),
  version: z.literal(formatVersion),
  id: z.string(),
  scope: exportScope,
  startedAt: z.string(),
  endedAt: z.string(),
  ...counts.shape,
  /** What an export leaves out, for whoever relies on it. */
  notIncluded: z.array(z.string()),
});
export type Manifest = z.infer<typeof manifest>;

export function toManifest(state: ExportState, endedAt: string): Manifest {
  const { id, scope, startedAt, counts: counted } = state;
  return {
    format: 'parley-export',
    version: formatVersion,
    id,
    scope,
    startedAt,
    endedAt,
    ...counted,
    notIncluded: [
      'summaries and digests: they can be made again from the transcripts',
      'which mails are of one thread: the container mail-threads',
      'dead letters: what could not be read',
      'entries that came while the export ran, where their conversation was written already',
      'attachments that were not kept',
    ],
  };
}
