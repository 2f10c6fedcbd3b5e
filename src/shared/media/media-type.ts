/** What nobody runs or shows. */
export const unknownType = 'application/octet-stream';

/** How many bytes of a file `mediaType` looks at. */
export const signatureBytes = 12;

const zip = /^504b(0304|0506)/;
const compoundFile = /^d0cf11e0a1b11ae1/;
const isoMedia = /^.{8}66747970/;

/** What messengers carry, and how the hexadecimal form of such a file begins. Text may begin with anything. */
const signatures: Readonly<Record<string, RegExp>> = {
  'image/jpeg': /^ffd8ff/,
  'image/png': /^89504e470d0a1a0a/,
  'image/gif': /^474946383[79]61/,
  'image/webp': /^52494646.{8}57454250/,
  'audio/aac': /^(fff[0189]|41444946)/,
  'audio/amr': /^2321414d52/,
  'audio/mpeg': /^(494433|ff[ef][2-7a-f])/,
  'audio/mp4': isoMedia,
  'audio/ogg': /^4f676753/,
  'video/mp4': isoMedia,
  'video/3gpp': isoMedia,
  'application/pdf': /^255044462d/,
  'application/zip': zip,
  'application/msword': compoundFile,
  'application/vnd.ms-excel': compoundFile,
  'application/vnd.ms-powerpoint': compoundFile,
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': zip,
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': zip,
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': zip,
  'text/plain': /^/,
};

/**
 * The media type under which a file is kept: the one that its sender told, where it is known here and the first bytes
 * bear it out. Everything else is only bytes, whatever it was called.
 */
export function mediaType(told: string, start: Uint8Array): string {
  const type = told.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const signature = Object.hasOwn(signatures, type) ? signatures[type] : undefined;
  const hexadecimal = Buffer.from(start.subarray(0, signatureBytes)).toString('hex');
  return signature?.test(hexadecimal) ? type : unknownType;
}
