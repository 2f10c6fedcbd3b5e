import type { EmailMessage } from '@azure/communication-email';
import type { AcsClients } from '../../acs/clients.ts';
import { toProviderError } from '../../acs/provider-errors.ts';
import { ParleyError } from '../../errors.ts';

/**
 * Hands a mail to the provider under an operation id, by which it tells a repeat. Asked once how it goes, no longer: the
 * mail is the provider's as soon as it answered 202. Throws as senders do.
 */
export async function beginMail(
  sending: Pick<AcsClients, 'email'>,
  mail: EmailMessage,
  { id, signal }: { id: string; signal: AbortSignal },
): Promise<void> {
  let isAccepted = false;
  const client = await sending.email();
  try {
    await client.beginSend(mail, {
      operationId: id,
      abortSignal: signal,
      onResponse: ({ request, status }) => {
        if (request.method === 'POST' && status === 202) isAccepted = true;
      },
    });
  } catch (error) {
    if (!isAccepted) throw toProviderError(error);
    const known = toProviderError(error);
    // What is no answer of the provider's is the poller's own: the operation has failed already.
    if (!(known instanceof ParleyError)) throw operationFailed(error);
  }
}

function operationFailed(cause: unknown): ParleyError {
  const message = cause instanceof Error ? cause.message.slice(0, 1_000) : '';
  return new ParleyError('provider_refused', 'The provider could not send the mail: `provider` says why.', {
    cause,
    details: { provider: { message } },
  });
}
