import { randomBytes } from 'node:crypto';

/**
 * Stands in for phone numbers and mail addresses in what goes to a model, and puts them back in what comes from it. For one
 * conversation and one call: a placeholder of another one means nothing here.
 */
export interface Placeholders {
  /** `call ⟦phone 1 k3f9xa⟧`; the same number or address always has the same. Look-alikes that people typed lose their form. */
  hide(text: string): string;
  /** Own placeholders, even when a model wrote them with other spaces or brackets, become what they stand for; all others go. */
  reveal(text: string): string;
}

interface Hidden {
  written: string;
  placeholder: string;
}

const address =
  /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}_][\p{L}\p{N}._%+-]{0,63}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,6}/gu;
/** With a country code, in the form of North America, with a leading zero, or after a word that says so. */
const phone =
  /(?<![\p{L}\p{N}+.,:/-])(?:\+\(?\p{Nd}|00[1-9]|(?<=\b(?:tel|phone|mobile|cell|call|fax|handy|whatsapp|sms|text|dial)[.:]?\s{1,2})\p{Nd}|\(0\d|\(\d{3}\)(?=\s?\d{3}[\s.-]?\d{4})|\d{3}(?=[\s.-]\d{3}[\s.-]\d{4}(?!\d))|1(?=[\s.-]\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}(?!\d))|0[1-9])(?:[\s.()/\u00a0\u2010-\u2015-]{0,3}\p{Nd}){5,13}(?![\p{N}])/giu;
const day = /^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?!\d)/;

/** `bytes` are what nobody who writes to the model can know: at least seven. */
export function createPlaceholders(bytes: Uint8Array = randomBytes(7)): Placeholders {
  const nonce = makeNonce(bytes);
  const known = new Map<string, Hidden>();
  const byNumber: Hidden[] = [];
  const stand = (kind: 'phone' | 'mail', key: string, written: string): string => {
    const before = known.get(key);
    if (before) return before.placeholder;
    const hidden = { written, placeholder: `⟦${kind} ${byNumber.length + 1} ${nonce}⟧` };
    known.set(key, hidden);
    byNumber.push(hidden);
    return hidden.placeholder;
  };
  // Whatever the word and the brackets: nobody who wrote to the model could know the nonce.
  const own = new RegExp(
    `(?:[⟦\\[【〚〔]{1,3}\\s{0,3}(?:\\p{L}{1,20}[\\s_-]{0,3})?|(?:phone|mail)[\\s_-]{0,3})?(\\d{1,6})[\\s_-]{0,3}${nonce}(?:\\s{0,3}[⟧\\]】〛〕]{1,3})?`,
    'giu',
  );
  return {
    hide: (text) =>
      text
        .replaceAll('⟦', '[')
        .replaceAll('⟧', ']')
        .replace(address, (written) => stand('mail', written.toLowerCase(), written))
        .replace(phone, (written) =>
          day.test(written) ? written : stand('phone', written.replaceAll(/[^\p{Nd}+]/gu, ''), written),
        ),
    reveal: (text) =>
      text
        .replace(/⟦[^⟦⟧]{0,80}⟧/g, (shape) => (new RegExp(own.source, 'iu').test(shape) ? shape : ''))
        .replace(own, (_, number: string) => byNumber[Number(number) - 1]?.written ?? '')
        .replaceAll(/[⟦⟧]/g, ''),
  };
}

/** Letters first, so that it is no number; none that are taken for another. */
function makeNonce(bytes: Uint8Array): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  return [...bytes.subarray(0, 7)]
    .map((byte, place) => letters[byte % (place === 0 ? 23 : letters.length)])
    .join('');
}
