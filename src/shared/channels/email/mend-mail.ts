import { detectCharset } from './detect-charset.ts';
import { type Part, scanMail } from './scan-mail.ts';

export interface Mended {
  /** The mail as the parser is to see it. */
  raw: Buffer;
  /** Whether its text is `format=flowed`, which the parser is kept from undoing, and with `DelSp=yes`. */
  flowed: 'no' | 'yes' | 'delsp';
}

/** Enough of a body to know what it is in. */
const mostBytes = 64 * 1024;

/**
 * Changes the headers of a raw mail where the parser, believing them, would lose text: a multipart that nothing divides,
 * words declared as base64, a charset that they are not in; and `format=flowed`, since the parser joins quoted lines
 * with the answers below them (RFC 3676, section 4.5, forbids it). Throws what `scanMail` throws.
 */
export function mendMail(mail: Uint8Array): Mended {
  const raw = withLineFeeds(Buffer.from(mail.buffer, mail.byteOffset, mail.byteLength));
  const pieces: Buffer[] = [];
  let flowed: Mended['flowed'] = 'no';
  let kept = 0;
  for (const part of scanMail(raw)) {
    if (/\bformat\s*=\s*"?flowed/i.test(part.type ?? '')) {
      if (/\bdelsp\s*=\s*"?yes/i.test(part.type ?? '')) flowed = 'delsp';
      else if (flowed === 'no') flowed = 'yes';
    }
    const mended = mendHeaders(part, raw);
    if (!mended) continue;
    pieces.push(raw.subarray(kept, part.start), mended);
    kept = part.start + part.headers.length;
  }
  return { raw: pieces.length === 0 ? raw : Buffer.concat([...pieces, raw.subarray(kept)]), flowed };
}

/** Undefined where they may stay as they are. */
function mendHeaders(part: Part, raw: Buffer): Buffer | undefined {
  const headers = isText(part) ? mendText(part, raw) : part.headers;
  const charset = detectCharset(raw.subarray(part.start, part.start + part.headers.length), undefined);
  if (charset === undefined && headers === part.headers) return undefined;
  const bytes = Buffer.from(headers, 'latin1');
  return charset === undefined ? bytes : Buffer.from(new TextDecoder(charset).decode(bytes));
}

function mendText({ type: given, ...part }: Part, raw: Buffer): string {
  const content = contentOf(part, raw);
  const headers = content
    ? part.headers
    : part.headers.replace(/(?<=^content-transfer-encoding[ \t]*:\s*)base64/im, '8bit');
  const type = (given ?? 'Content-Type: text/plain')
    .replace(/multipart\/[^\s;]*/i, 'text/plain')
    .replace(/\b(format\s*=\s*"?)flowed/i, '$1fixed');
  const [declaration, quoted, plain] = /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;]+))/i.exec(type) ?? [];
  const charset = detectCharset(content ?? bodyOf(part, raw), (quoted ?? plain)?.trim());
  const bare = declaration === undefined || charset === undefined ? type : type.replace(declaration, '');
  const mended = charset === undefined ? bare : bare.replace(/(\r?)$/, `; charset=${charset}$1`);
  if (given !== undefined) return headers.replace(given, () => mended);
  return charset === undefined ? headers : `${mended}\r\n${headers}`;
}

/** Without a type a part is text, but within a digest an attached message (RFC 2046, section 5.1.5). */
function isText({ type, isDivided, parent }: Part): boolean {
  if (type === undefined) return !/^[^:]*:\s*multipart\/digest/i.test(parent?.type ?? '');
  if (/^[^:]*:\s*text\//i.test(type)) return true;
  return /^[^:]*:\s*multipart\//i.test(type) && (isDivided === false || !/boundary/i.test(type));
}

/** Undefined where words stand that are said to be base64. */
function contentOf(part: Omit<Part, 'type'>, raw: Buffer): Buffer | undefined {
  const body = bodyOf(part, raw);
  switch (part.encoding) {
    case 'base64': {
      const text = body.toString('latin1');
      return /^\s*\S+ +\S+ +\S/.test(text) ? undefined : Buffer.from(text, 'base64');
    }
    case 'quoted-printable':
      return Buffer.from(
        body
          .toString('latin1')
          .replaceAll(/=\r?\n/g, '')
          .replaceAll(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
        'latin1',
      );
    default:
      return body;
  }
}

function bodyOf({ bodyStart, bodyEnd }: Omit<Part, 'type'>, raw: Buffer): Buffer {
  return raw.subarray(bodyStart, Math.min(bodyEnd, bodyStart + mostBytes));
}

/** Blank lines or a byte order mark above the headers would end or spoil them, and a mail without line feeds would be a single header. */
function withLineFeeds(mail: Buffer): Buffer {
  const marked = mail.subarray(0, 3).equals(Buffer.from('\ufeff')) ? mail.subarray(3) : mail;
  const start = marked.findIndex((byte) => byte !== 10 && byte !== 13);
  const trimmed = marked.subarray(Math.max(start, 0));
  return trimmed.includes(10)
    ? trimmed
    : Buffer.from(trimmed.toString('latin1').replaceAll('\r', '\n'), 'latin1');
}
