import type { NotificationContent } from '@azure-rest/communication-messages';
import { ParleyError } from '../../errors.ts';
import type { Outgoing } from '../sender.ts';
import { describeTemplate, readTemplate } from './read-template.ts';

const mostCharacters = 4_096;

type WithoutEnds<Content> = Content extends unknown ? Omit<Content, 'channelRegistrationId' | 'to'> : never;
type Notification = WithoutEnds<NotificationContent>;

/** What goes to the provider, and what a reader of the transcript sees. Throws `bad_request`, `too_large`. */
export function toNotification({ content, replyTo }: Outgoing): { notification: Notification; text: string } {
  if (replyTo !== undefined) {
    throw new ParleyError(
      'bad_request',
      'The Messages API cannot name the message that it answers: leave replyTo out.',
    );
  }
  if ('html' in content)
    throw new ParleyError('bad_request', 'WhatsApp carries no HTML: send { "text": … }.');
  if ('template' in content) {
    const template = readTemplate(content.template);
    return { notification: { kind: 'template', template }, text: describeTemplate(template) };
  }
  if ('media' in content) {
    const { kind, url: mediaUri, caption, fileName } = content.media;
    if (kind === 'audio' && caption !== undefined)
      throw new ParleyError('bad_request', 'Audio has no caption.');
    if (kind !== 'document' && fileName !== undefined) {
      throw new ParleyError('bad_request', 'Only a document has a fileName.');
    }
    const more = { ...(caption ? { caption } : {}), ...(fileName ? { fileName } : {}) };
    return { notification: { kind, mediaUri, ...more }, text: caption ?? `[${kind}]` };
  }
  if (content.text.length > mostCharacters) {
    throw new ParleyError(
      'too_large',
      `A WhatsApp message may have ${mostCharacters} characters; this one has ${content.text.length}.`,
    );
  }
  return { notification: { kind: 'text', content: content.text }, text: content.text };
}
