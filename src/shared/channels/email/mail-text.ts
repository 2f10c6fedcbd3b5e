import { htmlToText } from '../html-to-text.ts';
import type { Mail } from './parse-mail.ts';
import { isForwardSubject, isReplySubject } from './quote-markers.ts';
import { historyMark, type SplitText, splitQuoted } from './split-quoted.ts';

/** Where Outlook's programs, Yahoo and others say that the history begins; the others quote it, which text shows. */
const historyElement =
  /<(?:div|span|blockquote)\b[^<>]{0,300}\b(?:id|class)\s*=\s*["']?(?:divRplyFwdMsg|appendonsend|OLK_SRC_BODY_SECTION|yahoo_quoted|mail-editor-reference-message-container)\b/gi;

/** Pictures inside the HTML itself: megabytes that say nothing. */
const inlineData = /"data:[^"]*"|'data:[^']*'/gi;

/** Letters and digits; what is longer says something. */
const longestStub = 250;

/** Characters; what is longer is a file that somebody pasted, and no correspondence. */
const longestHistory = 1_000_000;

type Source = Pick<Mail, 'text' | 'html' | 'subject' | 'inReplyTo' | 'references'>;

/** What a person reads of a mail: its new text, and the history split off. Only answers have one. */
export function readText({ text = '', html = '', subject, inReplyTo, references }: Source): SplitText {
  const whole = isStub(text, html) ? textOf(html) : text.replaceAll(historyMark, '');
  const isReply = isReplySubject(subject) || inReplyTo.length > 0 || references.length > 0;
  const isSplit = isReply && !isForwardSubject(subject) && whole.length <= longestHistory;
  return isSplit ? splitQuoted(whole) : { text: whole.replaceAll(historyMark, '').trim() };
}

/** Whether a plain text only stands in for the HTML: there is none, or it says that a better mail program shows more. */
function isStub(text: string, html: string): boolean {
  const words = bare(text);
  if (words === '') return true;
  if (html === '' || words.length > longestStub) return false;
  const shown = bare(textOf(html));
  return shown.length > 2 * words.length && !shown.includes(words.slice(0, 40));
}

function bare(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}]+/gu, '');
}

function textOf(html: string): string {
  const marked = html
    .replaceAll(historyMark, '')
    .replaceAll(inlineData, '""')
    .replaceAll(historyElement, `<p>${historyMark}</p>$&`);
  return htmlToText(marked);
}
