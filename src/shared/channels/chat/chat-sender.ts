import type { ChatThreadClient } from '@azure/communication-chat';
import type { AcsClients } from '../../acs/clients.ts';
import { askProvider, refusalError } from '../../acs/provider-errors.ts';
import type { AcsSettings } from '../../acs-settings.ts';
import { ParleyError } from '../../errors.ts';
import type { Conversation } from '../../transcripts/conversation.ts';
import { htmlToText } from '../html-to-text.ts';
import type { Attempt, Outgoing, Sender } from '../sender.ts';
import { sentMessage } from '../sent-message.ts';
import { findSent, sentMark } from './find-sent.ts';

interface Parts {
  settings: AcsSettings;
  sending: AcsClients;
}

/** https://learn.microsoft.com/azure/communication-services/concepts/service-limits#chat */
const mostBytes = 28 * 1024;
const mostParticipants = 250;
/** Of those who could let our user in, how many are asked for it. */
const mostDoors = 5;

/** Writes into chat threads as our service user. */
export function createChatSender({ settings: { chat }, sending }: Parts): Sender {
  const serviceUser = (): string => {
    if (chat.serviceUser) return chat.serviceUser;
    throw new ParleyError(
      'not_configured',
      'Writing in chats needs a user: set CHAT_SERVICE_USER to its id, 8:acs:….',
    );
  };

  const openThread = async (threadId: string, user: string): Promise<ChatThreadClient> =>
    (await sending.chatAs(user)).getChatThreadClient(threadId);

  const takesPart = async (threadId: string, signal: AbortSignal): Promise<boolean> => {
    const thread = await askProvider(() => openThread(threadId, serviceUser()));
    return (await ifAllowed(() => thread.getProperties({ abortSignal: signal }))) !== undefined;
  };

  /** Only with a token of somebody who takes part can a user be added: the one thing ever done in another's name. */
  const addServiceUser = async (
    { id, participants }: Conversation,
    signal: AbortSignal,
  ): Promise<boolean> => {
    const user = serviceUser();
    const doors = participants.filter((person) => person.id.startsWith('8:acs:') && person.id !== user);
    for (const door of doors.slice(0, mostDoors)) {
      const participants = [{ id: { communicationUserId: user } }];
      try {
        await askProvider(async () =>
          (await openThread(id, door.id)).addParticipants({ participants }, { abortSignal: signal }),
        );
        return true;
      } catch (error) {
        // They have left, or are a user of another resource: the next one may do.
        if (!isRefusal(error)) throw error;
      }
    }
    return false;
  };

  return {
    checkContent(outgoing) {
      serviceUser();
      contentOf(outgoing);
      if (outgoing.opening) checkOpening(outgoing.opening);
    },
    async open({ to, topic = 'Conversation' }, { id: idempotencyToken, signal }) {
      const user = serviceUser();
      const client = await askProvider(() => sending.chatAs(user));
      const result = await askProvider(async () => {
        const { createIdentifierFromRawId } = await import('@azure/communication-common');
        const participants = [...new Set([...to, user])].map((id) => ({ id: createIdentifierFromRawId(id) }));
        return client.createChatThread({ topic }, { participants, idempotencyToken, abortSignal: signal });
      });
      const id = result.chatThread?.id;
      const [invalid] = result.invalidParticipants ?? [];
      if (invalid) {
        // The thread is there all the same, with everybody else.
        if (id) await askProvider(() => client.deleteChatThread(id, { abortSignal: signal }));
        throw refusalError({ status: 400, code: invalid.code, message: invalid.message });
      }
      if (!id) throw refusalError({ status: 502, message: 'The answer names no thread.' });
      return { channel: 'chat', id };
    },
    async check(_, conversation, { signal }) {
      const isKnown = conversation.participants.some(({ id }) => id === serviceUser());
      if (isKnown || chat.addServiceUser || (await takesPart(conversation.id, signal))) return;
      throw notAParticipant(serviceUser());
    },
    async send(outgoing, conversation, attempt) {
      const user = serviceUser();
      const { content, type, text, html } = contentOf(outgoing);
      const entryOf = (messageId: string) => ({
        messageId,
        entries: [
          sentMessage(
            { conversation: conversation.id, messageId, sender: { id: user }, text, ...html, version: '0' },
            outgoing,
            attempt,
          ),
        ],
      });
      const thread = await askProvider(() => openThread(conversation.id, user));
      const write = (): Promise<string | undefined> =>
        ifAllowed(async () => {
          const done = attempt.isRepeated ? await findSent(thread, attempt) : undefined;
          const options = { type, metadata: sentMark(attempt.id), abortSignal: attempt.signal };
          return done ?? (await thread.sendMessage({ content }, options)).id;
        });
      const messageId = (await write()) ?? (await writeOnceAdded(conversation, attempt, write));
      if (messageId === undefined) throw notAParticipant(user);
      return entryOf(messageId);
    },
  };

  async function writeOnceAdded(
    conversation: Conversation,
    { signal }: Attempt,
    write: () => Promise<string | undefined>,
  ): Promise<string | undefined> {
    const isAdded = chat.addServiceUser && (await addServiceUser(conversation, signal));
    return isAdded ? write() : undefined;
  }
}

function contentOf({ content, replyTo }: Outgoing) {
  if (!('text' in content || 'html' in content)) {
    throw new ParleyError('bad_request', 'A chat carries text or HTML: send { "text": … } or { "html": … }.');
  }
  if (replyTo !== undefined) {
    throw new ParleyError(
      'bad_request',
      'A chat cannot name the message that it answers: leave replyTo out.',
    );
  }
  const isHtml = 'html' in content;
  if (isHtml && (content.text !== undefined || content.subject !== undefined)) {
    throw new ParleyError('bad_request', 'text and subject beside html are for mails: leave them out.');
  }
  const body = isHtml ? content.html : content.text;
  const bytes = Buffer.byteLength(body, 'utf8');
  if (bytes > mostBytes) {
    throw new ParleyError('too_large', `A chat message may have ${mostBytes} bytes; this one has ${bytes}.`);
  }
  return isHtml
    ? { content: body, type: 'html' as const, text: htmlToText(body), html: { html: body } }
    : { content: body, type: 'text' as const, text: body, html: {} };
}

function checkOpening({ to, from }: { to: string[]; from?: string }): void {
  if (from !== undefined) {
    throw new ParleyError('bad_request', 'In chats CHAT_SERVICE_USER writes: leave from out.');
  }
  if (!to.every((id) => /^(8:(acs|orgid|dod|gcch)|28|4):\S+$/.test(id))) {
    throw new ParleyError('bad_request', '`to` must be ids of communication users, such as 8:acs:….');
  }
  if (to.length >= mostParticipants) {
    throw new ParleyError('bad_request', `A thread has at most ${mostParticipants} participants.`);
  }
}

/** Undefined where the provider says that this user takes no part. */
async function ifAllowed<Result>(ask: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await askProvider(ask);
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
}

function isRefusal(error: unknown): error is ParleyError {
  return error instanceof ParleyError && error.code === 'provider_refused';
}

function isForbidden(error: unknown): boolean {
  const provider = isRefusal(error) ? error.details.provider : undefined;
  return typeof provider === 'object' && provider !== null && 'status' in provider && provider.status === 403;
}

function notAParticipant(user: string): ParleyError {
  return new ParleyError(
    'not_a_participant',
    `Our user ${user} takes no part in this thread. Add it as a participant, or set CHAT_ADD_SERVICE_USER=true to have that done.`,
  );
}
