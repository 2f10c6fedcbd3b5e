import { domainToASCII } from 'node:url';

/** Our own forms, each one string everywhere, and what providers made up: `8:acs:…`, `28:…`, `whatsapp:…`, `pigeon:…`. */
const identityForm = /^[A-Za-z0-9][A-Za-z0-9+.-]{0,30}:\S.*$/s;
const mailForm = /^[^\s@<>:]+@[^\s@<>:]+$/;
const numberForm = /^\+?[\d ().\-/]+$/;
/** A channel registration of ours. */
const guid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * The identity that a person means who writes a phone number, a mail address or an identity: `4:+15551230001`,
 * `mailto:joe@example.com`, `8:acs:…`, `entra:<tenant>/<object id>`, `staff:Ana`. Undefined where it is none of these.
 */
export function toIdentity(text: string): string | undefined {
  const trimmed = text.trim();
  if (mailForm.test(trimmed)) return mailIdentity(trimmed);
  if (numberForm.test(trimmed)) return numberIdentity(trimmed);
  if (!identityForm.test(trimmed) || /^https?:/i.test(trimmed)) return undefined;
  const colon = trimmed.indexOf(':');
  const rest = trimmed.slice(colon + 1).trim();
  switch (trimmed.slice(0, colon).toLowerCase()) {
    case 'mailto':
      return mailForm.test(rest) ? mailIdentity(rest) : undefined;
    case '4':
    case 'tel':
      // Alphanumeric senders and numbers without a country stay as they are.
      return (numberForm.test(rest) && numberIdentity(rest)) || `4:${rest}`;
    case 'whatsapp':
      // Whoever shows a number is named by it on WhatsApp, too.
      return (
        (numberForm.test(rest) && numberIdentity(rest)) ||
        `whatsapp:${guid.test(rest) ? rest.toLowerCase() : rest}`
      );
    case 'entra':
      // A tenant and an object id of Microsoft Entra ID.
      return /^[^/]+\/[^/]+$/.test(rest) && rest.split('/').every((part) => guid.test(part))
        ? `entra:${rest.toLowerCase()}`
        : undefined;
    case 'staff':
      return `staff:${rest.normalize('NFC').replaceAll(/\s+/g, ' ')}`;
    default:
      return trimmed;
  }
}

/** E.164 gets its `+`, which an address loses where it is not percent-encoded; short codes of up to six digits have none. */
function numberIdentity(text: string): string | undefined {
  const digits = text.replaceAll(/\D/g, '');
  if (/^[1-9]\d{6,14}$/.test(digits)) return `4:+${digits}`;
  return /^\d{3,6}$/.test(digits) && !text.startsWith('+') ? `4:${digits}` : undefined;
}

/** In small letters, and the domain as the DNS has it: however a mailbox is written, it is one. */
function mailIdentity(address: string): string {
  const [local = '', domain = ''] = address.normalize('NFC').toLowerCase().split('@');
  return `mailto:${local}@${domainToASCII(domain) || domain}`;
}
