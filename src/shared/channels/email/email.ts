import type { Channel } from '../channel.ts';
import { readDelivery, readEngagement } from './read-report.ts';
import type { MailThreads } from './threads.ts';

/**
 * Azure Communication Services email: reports on mails that we sent. Mails that others send come by another way
 * (`receiveMail`), since ACS receives none.
 */
export function createEmail({ mailThreads }: { mailThreads: MailThreads }) {
  return {
    name: 'email',
    read(event, options = {}) {
      switch (event.type) {
        case 'Microsoft.Communication.EmailDeliveryReportReceived':
          return readDelivery(event, mailThreads, options);
        case 'Microsoft.Communication.EmailEngagementTrackingReportReceived':
          return readEngagement(event, mailThreads, options);
        default:
          return undefined;
      }
    },
  } satisfies Channel;
}
