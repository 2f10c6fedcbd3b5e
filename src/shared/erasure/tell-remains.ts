import type { ErasureState } from './erasure-state.ts';

/** What an erasure does not reach, in sentences for an operator. Nothing of them tells whom it is about. */
export function tellRemains(state: ErasureState): string[] {
  const { kind, conversations, unread, isUnsettled } = state;
  const about = kind === 'person' ? 'of them' : 'of the conversation';
  return [
    ...(conversations.held > 0
      ? [
          `${count(conversations.held, 'conversation')} under a legal hold, and with ${conversations.held === 1 ? 'it' : 'them'} ` +
            'who the person is: erase again once the hold is lifted.',
        ]
      : []),
    ...(isUnsettled
      ? ['Something was still found in the last pass: others kept writing about it. Erase again.']
      : []),
    tellProvider(state),
    'Soft-deleted blobs, versions, snapshots and backups of the storage account, until they expire.',
    `Copies outside the storage account: what was downloaded from exports, files that were imported, and what the mail ` +
      `gateway or the dead-letter container of Event Grid keeps ${about}.`,
    'What a provider of language models logs, where one was used.',
    ...(unread > 0
      ? [
          `${count(unread, 'attachment')} that others sent in conversations with them and that ${unread === 1 ? 'is' : 'are'} no text: ` +
            'nobody looked into these.',
        ]
      : []),
  ];
}

function tellProvider({ kind, atProvider, provider }: ErasureState): string {
  const whose = kind === 'person' ? 'their messages' : 'its messages';
  if (!atProvider) {
    return `Azure Communication Services keeps what it has of ${whose}: nothing was deleted there.`;
  }
  const { deleted, problems, problemCount } = provider;
  const failed = problemCount === 0 ? '' : ` ${count(problemCount, 'request')} failed: ${problems.join(' ')}`;
  return (
    `Azure Communication Services deleted ${count(deleted, 'message')} and keeps what cannot be deleted there, ` +
    `such as SMS, WhatsApp messages and mail.${failed}`
  );
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
