/** What mail programs write above the history of a mail, in the languages that they do it in. */

/** From the first word on. */
const wholeIntroductions = [
  /^On\b.+\bwrote\s?:$/,
  /^Am\b.+\bschrieb\b.*:$/,
  /^Le\b.+\ba écrit\s?:$/,
  /^El\b.+\bescribi(?:ó|o)\s?:$/,
  /^(?:Em|A|No dia)\b.+\bescreveu\b.*:$/,
  /^Il\b.+\bha scritto\s?:$/,
  /^Op\b.+\bschreef\b.*:$/,
  /^(?:Den|På)\b.+\b(?:skrev|kirjoitti)\b.*:$/,
  /^(?:W dniu|Dnia)\b.+\bnapisał(?:\(a\)|a)?\s?:$/,
];
/** Which may begin before. */
const introductions = [
  /^.+\bschrieb am\b.+:$/,
  /^.+(?:wrote|schrieb|a écrit|escribió|escreveu|ha scritto|schreef|skrev|написал|написала|пишет)\s?:$/,
];
/** What cannot be the beginning of one: an address, or the verb. */
const fragment =
  /^(?:<|[^\s<]+@[^\s>]+>|(?:a )?(?:wrote|schrieb|écrit|escribió|escreveu|scritto|schreef|skrev|napisał)\b)/;

const originals =
  /^[-_\s]{2,}(?:Original (?:Message|Appointment)|Replied Message|Ursprüngliche Nachricht|Original-?Nachricht|Message d['’]origine|Message original|Mensaje original|Mensagem original|Messaggio originale|Oorspronkelijk bericht|Ursprungligt meddelande|Oprindelig meddelelse|Wiadomość oryginalna|Исходное сообщение|原始邮件|回复的原邮件|元のメッセージ)[-_\s]{2,}$/i;

const forwards =
  /^(?:[-_\s]{2,}(?:Forwarded message|Forwarded by .{1,100}|Weitergeleitete Nachricht|Message transféré|Mensaje reenviado|Mensagem encaminhada|Messaggio inoltrato|Doorgestuurd bericht|Vidarebefordrat meddelande|Пересылаемое сообщение)[-_\s]{2,}|(?:Begin forwarded message|Anfang der weitergeleiteten Nachricht|Début du message (?:réexpédié|transféré)|Inicio del mensaje reenviado|Início da mensagem (?:reencaminhada|encaminhada)|Inizio messaggio inoltrato|Begin doorgestuurd bericht)\s?:)$/i;

const labels: readonly RegExp[] = [
  /^(?:From|Von|De|Da|Van|Od|Från|Fra|От|差出人|发件人|寄件者)$/i,
  /^(?:Sent|Date|Gesendet|Datum|Envoyé|Enviado(?: el)?|Enviada(?: em)?|Fecha|Data|Inviato|Verzonden|Wysłano|Skickat|Sendt|Отправлено|Дата|送信日時|日時|发送时间|寄件日期)$/i,
  /^(?:To|An|À|Para|A|Aan|Do|Till|Til|Кому|宛先|收件人|收件者)$/i,
  /^(?:Subject|Betreff|Objet|Asunto|Assunto|Oggetto|Onderwerp|Temat|Ämne|Emne|Тема|件名|主题|主旨)$/i,
];

/** By these words an answer says that it goes on within the history. */
const pointers = [
  'in-?line',
  '(?:answers?|comments?|repl(?:y|ies)|responses?|notes?|see)\\b.{0,40}\\b(?:below|in (?:red|blue|green|bold|colou?r))',
  'siehe unten|s\\. ?u\\.|(?:weiter|direkt) unten|im Text|in (?:rot|blau|grün)',
  'ci-dessous|dans le texte|en (?:rouge|bleu|vert)',
  'abajo|en (?:rojo|azul|verde)',
  'abaixo|em (?:vermelho|azul|verde)',
  'qui sotto|di seguito|in (?:rosso|blu)',
  'hieronder|zie onder|in (?:rood|blauw)',
  'nedan|nedenfor|poniżej|ниже|以下|下記|见下',
];
const pointer = new RegExp(`(?<!\\p{L})(?:${pointers.join('|')})(?!\\p{L})`, 'iu');

/** What mail gateways put before a subject. */
const gateway = String.raw`(?:\[[^\]]{1,40}\]\s*|(?:ext|extern|external)\s*[:：]\s*)?`;
const forwardWords = 'fwd?|wg|tr|rv|enc|i|doorst|vb|vs|vl|pd|ilt|továbbítás|πρθ|转发|轉寄|転送';
const replyWords = 're|aw|antw|sv|ref|rép|r|odp|ynt|vá|απ|回复|回覆|答复|返信';
/** With the count that some mailers put behind it. */
const prefix = (words: string): RegExp =>
  new RegExp(String.raw`^\s*${gateway}(?:${words})\s*(?:\[\d+\]|\(\d+\))?\s*[:：]`, 'i');
const forwardPrefix = prefix(forwardWords);
const anyPrefix = prefix(`${replyWords}|${forwardWords}`);

/** Whether a subject says that the mail passes another one on. */
export function isForwardSubject(subject: string): boolean {
  return forwardPrefix.test(subject);
}

/** Whether a subject is that of an answer, or of a forward. */
export function isReplySubject(subject: string): boolean {
  return anyPrefix.test(subject);
}

/** A subject without what replies and forwards put before it. */
export function bareSubject(subject: string): string {
  let bare = subject.trim();
  for (let tries = 0; tries < 20 && anyPrefix.test(bare); tries += 1)
    bare = bare.replace(anyPrefix, '').trim();
  return bare;
}

export function isForwardMarker(line: string): boolean {
  return line.length < 200 && forwards.test(line.trim());
}

export function isOriginalMarker(line: string): boolean {
  return line.length < 200 && originals.test(line.trim());
}

/** "On Monday, Joe wrote:", with a time or an address in it. */
export function isAttribution(line: string): boolean {
  const text = line.trim().replace(/^>+\s*/, '');
  if (text.length < 8 || text.length > 500 || !text.endsWith(':') || !/[\d@]/.test(text)) return false;
  const named = /<[^<>\s]+@[^<>\s]+>:$/.test(text) && /\d{4}/.test(text);
  return named || [...wholeIntroductions, ...introductions].some((pattern) => pattern.test(text));
}

/** What introduces a quote in a language not known here: two of an address, a year and a time. */
export function isTimed(text: string): boolean {
  const signs = [/@/, /\b(?:19|20)\d\d\b|(?:19|20)\d\d年/, /\b\d{1,2}[:.h]\d\d\b/];
  return text.length < 300 && text.endsWith(':') && signs.filter((sign) => sign.test(text)).length > 1;
}

/** An attribution that surely begins with its first word: nothing above it belongs to it. */
export function isWholeAttribution(text: string): boolean {
  return (
    /\b(?:19|20)\d\d\b|\d[:./]\d\d/.test(text) && wholeIntroductions.some((pattern) => pattern.test(text))
  );
}

/** Whether the line above belongs to what looks like an attribution. */
export function isAttributionEnd(text: string): boolean {
  return fragment.test(text);
}

/** Whether a text says that the answers are below it, within the history. */
export function pointsBelow(text: string): boolean {
  return pointer.test(text);
}

/** How many lines the header block has that begins here: From, then date and subject; 0 where none does. */
export function headerBlockLength(lines: readonly string[], start: number): number {
  if (labelOf(lines[start]) !== 0) return 0;
  const found = new Set<number>([0]);
  let end = start + 1;
  for (; end < Math.min(lines.length, start + 12); end += 1) {
    if (lines[end]?.trim() === '') break;
    const label = labelOf(lines[end]);
    if (label !== undefined) found.add(label);
  }
  return found.has(1) && found.has(3) ? end - start : 0;
}

function labelOf(line: string | undefined): number | undefined {
  const [, name] = /^[>\s]*\*?([^:：*]{1,20}?)\*?\s?[:：]/.exec(line?.slice(0, 60) ?? '') ?? [];
  const label = name === undefined ? -1 : labels.findIndex((pattern) => pattern.test(name.trim()));
  return label < 0 ? undefined : label;
}
