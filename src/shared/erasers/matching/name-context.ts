/** How sure it is that a word is a name: `word` is one of a language, too; `capital` has a capital there wherever it stands. */
export type Care = 'none' | 'word' | 'capital';

/** How much of the text on each side tells. */
const reach = 32;

const before =
  /(?<![\p{L}\p{N}])(?:hi|hello|hey|hiya|dear|thanks?|thank you|cheers|sorry|welcome|bye|regards|mr|mrs|ms|miss|mx|dr|prof|sir|madam|cc|attn|from|hallo|guten (?:tag|morgen|abend)|liebe[rs]?|geehrte[rs]?|herrn?|frau|danke|moin|servus|gr(?:ü|ue)(?:ß|ss)e|hola|buen[oa]s (?:d[ií]as|tardes|noches)|estimad[oa]|querid[oa]|gracias|señora?|sra?|don|doña|bonjour|bonsoir|salut|coucou|chère?|merci|monsieur|madame|mme|mlle|ciao|caro|cara|gentile|grazie|olá|oi|caro|prezad[oa]|obrigad[oa]|hej|hoi|beste|мр|привет|здравствуйте|السيدة?|الأستاذة?|الاستاذة?|الدكتورة?|دكتورة?|يا|مرحبا|أهلا|اهلا|عزيزي|عزيزتي|شكرا|היי|שלום|תודה)[\s,.!:،]{1,4}$/iu;
const after =
  /^[\s,]{1,3}(?:wrote|writes|said|says|asked|replied|called|schrieb|sagte|meinte|fragte|escribió|dijo|preguntó|a (?:écrit|dit|demandé)|ha scritto|ha detto|escreveu|disse|schreef)(?![\p{L}\p{N}])/iu;
const sentenceEnd = /(?:^|[\n.!?…:;>"“„«(]\s*)$/u;
const lineStart = /(?:^|\n)[\s>*_~\-–—]*$/u;
const lineEnd = /^[\s,.!*_~]*(?:\n|$)/u;
/** The first word of a sentence; of a heading, the next word has a capital, too. */
const firstWord = /(?:^|[\n.!?…>]\s*)\p{Lu}\p{Ll}*\s+$/u;
/** A word in small letters, then perhaps a comma: a capital after it is meant. */
const smallWord = /(?:^|[\s("'“„«])["'(“]?\p{Ll}[\p{L}'’-]*,?\s+$/u;

/**
 * Whether a word that is somebody's name is meant as a name here. It has to have a capital, or stand where somebody is
 * called by name; a name that is also a word has to stand where no such word would.
 */
export function isMeant(text: string, { start, end }: { start: number; end: number }, care: Care): boolean {
  const isCapital = /^\p{Lu}|^\p{Lt}/u.test(text.slice(start, start + 2));
  if (isCapital && care === 'none') return true;
  const left = sideBefore(text, start);
  const right = sideAfter(text, end);
  if (left.endsWith('@')) return true;
  if (!isCapital && care !== 'none') return false;
  if (before.test(left) || (lineStart.test(left) && lineEnd.test(right))) return true;
  if (!isCapital) return false;
  if (after.test(right) || (sentenceEnd.test(left) && right.startsWith(','))) return true;
  if (care === 'capital') return false;
  return smallWord.test(left) || (firstWord.test(left) && !/^\s+\p{Lu}/u.test(right));
}

/** The same for scripts that have no capitals. */
export function isMeantWithoutCapitals(text: string, place: { start: number; end: number }): boolean {
  const left = sideBefore(text, place.start);
  const right = sideAfter(text, place.end);
  return left.endsWith('@') || before.test(left) || (lineStart.test(left) && lineEnd.test(right));
}

const honorific =
  /^[\s　]?(?:さん|さま|様|くん|君|ちゃん|氏|先生|殿|先輩|部長|課長|社長|女士|小姐|老师|老師|同学|经理|經理|總|总|哥|姐|씨|님)/u;
const standsAlone = /^[\s　]*(?:[、,，:：。!！?？\n]|$)/u;
const opensLine = /(?:^|[\n。！？!?「『（(>@])[\s　>]*$/u;
const katakana = /^[\p{Script=Katakana}ー・]+$/u;

/** The same where no spaces part words: what follows a name says so, or it stands alone, or its script parts it. */
export function isMeantUnspaced(text: string, { start, end }: { start: number; end: number }): boolean {
  const left = sideBefore(text, start);
  const right = sideAfter(text, end);
  if (honorific.test(right) || (opensLine.test(left) && standsAlone.test(right))) return true;
  const name = text.slice(start, end);
  if (!katakana.test(name) || name.length < 3) return false;
  return !katakana.test(left.slice(-1)) && !katakana.test(right.slice(0, 1));
}

/** What is cut off is not the beginning of the text. */
function sideBefore(text: string, start: number): string {
  return start > reach ? `x${text.slice(start - reach, start)}` : text.slice(0, start);
}

function sideAfter(text: string, end: number): string {
  return end + reach < text.length ? `${text.slice(end, end + reach)}x` : text.slice(end);
}
