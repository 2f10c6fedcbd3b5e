import { readBase64 } from './read-base64.ts';
import { readJson, readNames } from './read-escapes.ts';
import { readHtml } from './read-html.ts';
import { readMail } from './read-mail.ts';
import type { View } from './view.ts';

/** JSON within JSON: a request in a dead letter, a message of a queue. */
const mostEscapes = 3;
/** Base64 within Base64: an attachment in a mail that was forwarded as an attachment. */
const mostBlocks = 3;

/**
 * A text in every way that it may have been meant: as it stands, and without the escapes of JSON, the encodings of mails,
 * addresses and names of blobs, Base64, and HTML, one within another. Each view costs time once, and all of them together
 * are a bounded number of times as long as the text.
 */
export function* viewsOf(source: View, depth = 0): Generator<View> {
  let view = source;
  for (let escapes = 0; escapes < mostEscapes; escapes += 1) {
    const plain = readJson(view);
    // What stands in JSON is HTML or a mail once its escapes are undone.
    if (plain && looksLikeJson(view.text)) yield view;
    else {
      yield* formsOf(view);
      for (const mail of readMail(view)) yield* formsOf(mail);
    }
    if (!plain) break;
    view = plain;
  }
  if (depth < mostBlocks) {
    for (const block of readBase64(view)) yield* viewsOf(block, depth + 1);
  }
}

function* formsOf(view: View): Generator<View> {
  yield view;
  const html = readHtml(view);
  if (html) yield html;
  const names = readNames(view);
  if (!names) return;
  yield names;
  // An address within an address.
  const inner = readNames(names);
  if (inner) yield inner;
}

function looksLikeJson(text: string): boolean {
  return /^\s{0,20}[{["]/.test(text.slice(0, 21));
}
