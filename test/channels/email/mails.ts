/** Builders of raw mails, as mail servers hand them on. */

export interface Part {
  headers?: Record<string, string>;
  body?: string | Buffer;
}

/** A mail of these headers and this body; `From`, `To`, `Date` and `Message-ID` are there unless they are set to ''. */
export function mail({ headers = {}, body = 'Good morning.' }: Part = {}): Buffer {
  const usual = {
    From: 'Ada Lovelace <ada@customer.example>',
    To: 'Support <support@shop.example>',
    Date: 'Mon, 23 Nov 2026 10:00:00 +0100',
    Subject: 'Espresso machine leaks',
    'Message-ID': '<first@customer.example>',
    'MIME-Version': '1.0',
  };
  return Buffer.concat([
    Buffer.from(`${head({ ...usual, ...headers })}\r\n`, 'latin1'),
    typeof body === 'string' ? Buffer.from(body, 'utf8') : body,
  ]);
}

/** A multipart mail; parts without headers are plain text. */
export function multipart(
  kind: string,
  parts: readonly Part[],
  headers: Record<string, string> = {},
  boundary = 'frontier',
): Buffer {
  return mail({
    headers: { ...headers, 'Content-Type': `multipart/${kind}; boundary="${boundary}"` },
    body: partsOf(parts, boundary),
  });
}

/** The same as a part of another one. */
export function nested(kind: string, parts: readonly Part[], boundary: string): Part {
  return {
    headers: { 'Content-Type': `multipart/${kind}; boundary="${boundary}"` },
    body: partsOf(parts, boundary),
  };
}

export function attached(name: string, type: string, content: Buffer | string): Part {
  const lines =
    Buffer.from(content)
      .toString('base64')
      .match(/.{1,76}/g) ?? [];
  return {
    headers: {
      'Content-Type': `${type}; name="${name}"`,
      'Content-Disposition': `attachment; filename="${name}"`,
      'Content-Transfer-Encoding': 'base64',
    },
    body: lines.join('\r\n'),
  };
}

function partsOf(parts: readonly Part[], boundary: string): Buffer {
  const pieces = parts.flatMap(({ headers = {}, body = '' }) => [
    Buffer.from(`--${boundary}\r\n${head(headers)}\r\n`, 'latin1'),
    Buffer.from(body),
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]);
}

function head(headers: Record<string, string>): string {
  return Object.entries(headers)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
}

export function lines(...all: string[]): string {
  return all.join('\r\n');
}
