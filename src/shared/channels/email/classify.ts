import type { Mark } from '../../transcripts/entry.ts';
import type { Mail } from './parse-mail.ts';

/** Whether nobody wrote a mail, and it is not to be answered: RFC 3834 and what came before it, RFC 3464 and its like. */
export function classify({ headers, from }: Pick<Mail, 'headers' | 'from'>): Mark[] {
  const of = (name: string): string =>
    headers.find((header) => header.name === name)?.value.toLowerCase() ?? '';
  const type = of('content-type');
  const isDeliveryReport = /\breport-type\s*=\s*"?delivery-status/.test(type);
  const isReport = /^multipart\/report\b|\breport-type\s*=/.test(type);
  const isAnswer =
    /^auto-(?:replied|generated|notified)/.test(of('auto-submitted')) ||
    /\b(?:all|autoreply)\b/.test(of('x-auto-response-suppress')) ||
    /^(?:bulk|junk|auto_reply)\b/.test(of('precedence')) ||
    ['x-autoreply', 'x-autorespond', 'x-autoresponder'].some((name) => !['', 'no'].includes(of(name))) ||
    (isReport && !isDeliveryReport);
  const isBounce =
    isDeliveryReport ||
    of('x-failed-recipients') !== '' ||
    from.some(({ address }) => /^mailer-daemon(?:@|$)/i.test(address)) ||
    (/^<\s*>$/.test(of('return-path')) && !/^auto-replied/.test(of('auto-submitted')));
  return isBounce ? ['bounce'] : isAnswer ? ['auto-reply'] : [];
}
