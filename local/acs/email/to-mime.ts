import type { EmailAddress } from './email-message.ts';
import type { SentEmail } from './run-operation.ts';

/** What is written of a mail. */
type Writable = Pick<SentEmail, 'id' | 'internetMessageId' | 'message' | 'sentAt'>;

/** A mail as its recipients get it (message/rfc822): their blind copies are not in it. */
export function toMime({ id, internetMessageId, message, sentAt }: Writable): string {
  const { senderAddress, recipients, content, replyTo, attachments, headers } = message;
  const header = [
    `From: ${senderAddress}`,
    addresses('To', recipients.to),
    addresses('Cc', recipients.cc),
    addresses('Reply-To', replyTo),
    `Subject: ${encodeWords(content.subject)}`,
    `Date: ${new Date(sentAt).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: ${internetMessageId}`,
    ...Object.entries(headers ?? {}).map(([name, value]) => `${name}: ${encodeWords(value)}`),
    'MIME-Version: 1.0',
  ].filter((line) => line !== '');

  const texts = [
    ...(content.plainText ? [part('text/plain; charset=utf-8', content.plainText)] : []),
    ...(content.html ? [part('text/html; charset=utf-8', content.html)] : []),
  ];
  const files = (attachments ?? []).map(({ name, contentType, contentInBase64, contentId }) =>
    encoded(
      [
        `Content-Type: ${contentType}`,
        `Content-Disposition: ${contentId ? 'inline' : 'attachment'}; filename*=utf-8''${encodeParameter(name)}`,
        ...(contentId ? [`Content-ID: <${contentId}>`] : []),
      ],
      contentInBase64,
    ),
  );
  const body = multipart('mixed', id, [multipart('alternative', id, texts), ...files]);
  return `${header.join('\r\n')}\r\n${body}`;
}

/** The parts in one, or the only one by itself. */
function multipart(kind: 'alternative' | 'mixed', id: string, parts: string[]): string {
  if (parts.length === 1) return parts[0] ?? '';
  const boundary = `${kind}-${id}`;
  const framed = parts.map((content) => `--${boundary}\r\n${content}\r\n`).join('');
  return `Content-Type: multipart/${kind}; boundary="${boundary}"\r\n\r\n${framed}--${boundary}--\r\n`;
}

function part(contentType: string, text: string): string {
  return encoded([`Content-Type: ${contentType}`], Buffer.from(text).toString('base64'));
}

function encoded(header: string[], base64: string): string {
  const lines = base64.match(/.{1,76}/g) ?? [];
  return [...header, 'Content-Transfer-Encoding: base64', '', ...lines].join('\r\n');
}

function addresses(name: string, list: EmailAddress[] | undefined): string {
  if (!list?.length) return '';
  const written = list.map(({ address, displayName }) =>
    displayName ? `${encodeName(displayName)} <${address}>` : `<${address}>`,
  );
  return `${name}: ${written.join(',\r\n ')}`;
}

function encodeName(name: string): string {
  return /^[\w .'-]+$/.test(name) ? `"${name}"` : encodeWords(name, true);
}

/** Text other than ASCII in words of RFC 2047, none longer than 75 characters. */
function encodeWords(text: string, always = false): string {
  if (!always && /^[ -~]*$/.test(text)) return text;
  const words: string[] = [];
  let word = '';
  for (const character of text) {
    if (Buffer.byteLength(word + character) > 45) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  words.push(word);
  return words.map((piece) => `=?utf-8?B?${Buffer.from(piece).toString('base64')}?=`).join('\r\n ');
}

/** https://www.rfc-editor.org/rfc/rfc5987#section-3.2 */
function encodeParameter(name: string): string {
  return encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
}
