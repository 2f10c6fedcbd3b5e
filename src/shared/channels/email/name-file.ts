import { oneLine } from './mail-address.ts';
import type { MailFile } from './parse-mail.ts';

const longestName = 150;
const nameless: Readonly<Record<string, string>> = {
  'text/calendar': 'invitation.ics',
  'message/rfc822': 'message.eml',
  'application/ms-tnef': 'winmail.dat',
};

/** A file's name without path, without what shows another ending than it has, and of a bounded length; its ending stays. */
export function nameFile({ name, type }: Pick<MailFile, 'name' | 'type'>): string | undefined {
  const base = oneLine((name ?? '').slice(-2_000).replaceAll(/^.*[\\/]/gs, ''))
    .replaceAll(/[<>:"|?*]/g, '_')
    .replace(/^\.+/, '')
    .trim();
  if (base === '') return nameless[type];
  if (base.length <= longestName) return base;
  const ending = /\.[A-Za-z0-9]{1,10}$/.exec(base)?.[0] ?? '';
  return `${base.slice(0, longestName - ending.length).toWellFormed()}${ending}`;
}

/** A media type as it may stand in an answer. */
export function typeOfFile({ type }: Pick<MailFile, 'type'>): string {
  return /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/.test(type)
    ? type
    : 'application/octet-stream';
}
