/** A secret: `value` is the group that goes; without it, all of the match. Each takes time that grows with the length alone. */
export interface SecretRule {
  pattern: RegExp;
  /** What a value has to be like. */
  isSecret?: (value: string, found: { after: string; isAssigned: boolean }) => boolean;
}

const start = '(?<![\\p{L}\\p{N}_])';
const quote = `["'“”„«»\`´‘’]`;

/** Names of passwords in the languages of Europe and some more. */
const passwords = [
  'pass ?(?:word|code|phrase|wd)',
  'pwd',
  'passwor[dt]',
  'kennwort',
  'contrase(?:ñ|n)a',
  'mot de passe',
  'mdp',
  "parola(?: (?:chiave|d[’' ]ordine))?",
  'senha',
  'palavra[- ]passe',
  'wachtwoord',
  'has(?:ł|l)o',
  'l(?:ö|o)senord',
  'adgangskode',
  'passord',
  'salasana',
  'şifre',
  'heslo',
  'jelsz(?:ó|o)',
  'пароль',
  'κωδικός',
  '密码',
  '密碼',
  'パスワード',
  '비밀번호',
  'كلمة (?:المرور|السر)',
  'סיסמה',
  '(?:wifi|wi-fi|wlan)[- ](?:key|code|schl(?:ü|ue)ssel)',
  'security answer',
].join('|');
const keys = [
  '(?:api|app|access|account|secret|private|shared|subscription|encryption|signing|host|function|master)[ _-]?(?:access)?[ _-]?keys?',
  'apikey',
  '(?:client|app|webhook|signing|consumer)[ _-]?secret',
  'secret',
  '(?:access|auth|refresh|id|session|bearer|api|security|personal[ _-]access)[ _-]?token',
  'token',
  'x-(?:functions-key|api-key|auth-token)',
  'sharedaccesskey',
  'sig',
].join('|');
const copula =
  '(?:(?<!\\p{L})(?:is|are|was|will be|ist|lautet|war|es|era|est|était|é|è|jest|to|är|er|on|wordt|olan|je)(?![\\p{L}])|(?<sign>:=|=>|[:=]|→|-{1,2}>)|这|是|は|는|은|это)';
/** What a password is for. */
const about = '(?:\\([^()\\n]{0,20}\\)\\s?|(?:for|für|de|du|to|von|zum|zur|per|voor) [^\\n:=]{1,25}? ?)';
/** Codes that are no secret. */
const plainCodes =
  '(?:zip|post(?:al)?|area|country|error|promo(?:tion)?|discount|coupon|voucher|dress|bar|qr|product|order|booking|status|dial(?:ing)?|referral|gift|source|building|sort|swift|bic|color|colour|fiscale|fiscal)';
const codes = [
  'otp',
  'one[- ]time (?:pass(?:word|code)|pin|code)',
  'einmal(?:code|passwort|kennwort)',
  'm?tan',
  '(?:verification|verify|security|login|log-?in|sign-?in|auth(?:entication|orization)?|confirmation|access|activation|2fa|mfa|sms|reset) (?:code|pin)',
  '(?:best(?:ä|ae)tigungs|sicherheits|verifizierungs|anmelde|zugangs|freischalt|aktivierungs)[- ]?(?:code|pin|tan)',
  'c(?:ó|o)digo(?: de (?:verificaci(?:ó|o)n|seguridad|acceso|confirmaci(?:ó|o)n|verifica(?:ç|c)(?:ã|a)o|seguran(?:ç|c)a|acesso))?',
  "code (?:de (?:v(?:é|e)rification|s(?:é|e)curit(?:é|e)|confirmation)|d[’']acc(?:è|e)s)",
  'codice(?: di (?:verifica|sicurezza|accesso|conferma))?',
  '(?:verificatie|beveiligings|toegangs)code',
  'kod(?: weryfikacyjny)?',
  'код(?: подтверждения)?',
  '验证码',
  '驗證碼',
  '認証コード',
  '인증번호',
  'pin(?:[- ]?(?:code|number|nummer))?',
  `(?:your|my|the|ihr|dein|mein|votre|mon|su|tu|mi|uw|jouw) (?:(?!${plainCodes})[\\p{L}-]{1,20} )?code`,
  'code(?=\\s{0,2}(?:[:=#]|(?:is|ist|lautet|est|es|è)(?!\\p{L})))',
].join('|');
const looksSecret = (value: string): boolean =>
  value.length >= 4 && (/\d/.test(value) || /[^\p{L}\p{N}'’.-]/u.test(value) || /\p{Ll}\p{Lu}/u.test(value));
/** What people say of a password that is none. */
const ordinary =
  /^(?:wrong|incorrect|expired|invalid|required|weak|strong|missing|different|locked|blocked|reset|changed|set|lost|forgotten|safe|secure|correct|right|ok|okay|fine|good|bad|new|old|same|unknown|empty|wrong|working|there|here|gone|it|that|this|not|falsch|abgelaufen|ungültig|gesperrt|weg|richtig|korrekt|neu|alt|vergessen|unbekannt|sicher|geändert|incorrecta?|caducad[ao]|correct[ao]|incorrect[e]?|faux|expiré|oublié|sbagliat[ao]|scadut[ao]|errad[ao]|incorret[ao]|verlopen|onjuist|fout|błędne|złe|fel|feil|forkert|väärä)$/iu;
/** After `:` or `=` anything; after "is" what looks like a secret, or is all that is said. */
const isSaidToBe: SecretRule['isSecret'] = (value, { after, isAssigned }) => {
  if (looksSecret(value)) return true;
  if (ordinary.test(value)) return false;
  return isAssigned || (value.length >= 4 && /^\s*(?:$|[.,;!?)\n"”“]|(?:and|und|y|et)\b)/iu.test(after));
};

export const secretRules: readonly SecretRule[] = [
  // Keys that tell what they are.
  { pattern: /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g },
  { pattern: /\bgh[pousr]_[A-Za-z0-9]{30,255}|\bgithub_pat_\w{22,255}/g },
  {
    pattern:
      /\bglpat-[\w-]{20,255}|\bglsa_\w{20,255}|\bnpm_[A-Za-z0-9]{30,255}|\bpypi-[\w-]{30,255}|\bhf_[A-Za-z0-9]{20,255}/g,
  },
  { pattern: /\bsk-[\w-]{16,255}|\b(?:sk|rk)_(?:live|test)_\w{8,255}|\bwhsec_[\w+/=-]{8,255}/g },
  {
    pattern: /\bxox[abeoprs]-[\w-]{10,255}|\bxapp-[\w-]{10,255}|hooks\.slack\.com\/services\/[\w/]{20,100}/g,
  },
  { pattern: /\bAIza[\w-]{30,60}|\bya29\.[\w-]{20,255}|\bGOCSPX-[\w-]{20,60}/g },
  { pattern: /\bSG\.[\w-]{16,100}\.[\w-]{16,100}|\b(?:AC|SK)[0-9a-f]{32}\b/g },
  {
    pattern:
      /\bATATT[\w=-]{20,255}|\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{20,64}|\bdop_v1_[0-9a-f]{40,64}|\bdckr_pat_[\w-]{20,64}/g,
  },
  { pattern: /(?<![\w~.-])[\w~.-]{3}[78]Q~[\w~.-]{28,36}/g },
  { pattern: /(?<!\d)\d{8,10}:AA[\w-]{30,40}/g },
  // JSON Web Tokens, bearer tokens.
  { pattern: /\beyJ[\w-]{5,4000}\.[\w-]{5,8000}(?:\.[\w-]{0,2000})?/g },
  {
    pattern: /\b(?:bearer|basic)\s{1,3}(?<value>[\w.~+/=-]{16,8000})/gi,
    isSecret: (value) => /[\d=+/]|\p{Ll}\p{Lu}/u.test(value),
  },
  // Passwords in addresses, and in connection strings.
  { pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@]{0,100}:(?<value>[^\s/@[]{1,200})@/gi },
  {
    pattern:
      /\b(?:AccountKey|AccessKey|SharedAccessKey|SharedAccessSignature|SharedSecret|Password|Pwd)\s{0,2}=\s{0,2}(?<value>[^\s;"',[]{3,500})/gi,
  },
  {
    pattern:
      /[?&](?:sig|code|key|token|access_token|api_key|apikey|secret|password)=(?<value>[^\s&"'<>[]{8,500})/gi,
  },
  // What people say.
  {
    pattern: new RegExp(
      `${start}(?:${passwords})\\s{0,3}${about}?${copula}\\s{0,3}${quote}?(?<value>[^\\s"“”„«»\`\\[•]{1,200})`,
      'giu',
    ),
    isSecret: isSaidToBe,
  },
  {
    pattern: new RegExp(
      `${start}(?:${keys})\\s{0,3}${copula}\\s{0,3}${quote}?(?<value>[^\\s"“”„«»\`\\[•,;]{8,500})`,
      'giu',
    ),
    isSecret: looksSecret,
  },
  {
    pattern: new RegExp(
      `(?<!${plainCodes}[ -]?)${start}(?:${codes})(?![\\p{L}])(?:\\s(?:for|für|de|pour|para|per)\\s[^\\d\\n[•]{1,30})?[\\s:=#：-]{0,3}(?:\\s?${copula})?[\\s:=#："'“„-]{0,4}(?<value>(?:[A-Za-z]-)?\\d{3}[ -]\\d{3}|(?:[A-Za-z]-)?\\d{4,8}|(?=[A-Z]{0,5}\\d)[A-Z\\d]{6,8})(?![\\p{L}\\d]|[-.,]\\d)`,
      'giu',
    ),
  },
  {
    pattern:
      /(?<![\d.,-])(?<value>(?:[A-Za-z]-)?\d{4,8}|\d{3}[ -]\d{3})(?![\d]|[-.,]\d)\s{1,3}(?:is|ist|es|est|è|é)\s{1,3}(?:your|my|the|ihr|dein|votre|ton|su|tu|il tuo|o seu)\s[^\n.]{0,40}?(?:code|pin|password|tan|passcode|código|codice)\b/giu,
  },
  // The three or four digits on a card.
  {
    pattern:
      /(?<![\p{L}\d])(?:cvv2?|cvc2?|cvn|cid|csc|card (?:verification|security) (?:code|number|value)|security (?:code|number)|(?:karten)?pr(?:ü|ue)f(?:ziffer|nummer|zahl)|kartenpr(?:ü|ue)fnummer|sicherheitscode|cryptogramme|code de s(?:é|e)curit(?:é|e)|c(?:ó|o)digo de seguridad|codice di sicurezza|c(?:ó|o)digo de seguran(?:ç|c)a)(?![\p{L}\d])[^\d\n[•]{0,25}(?<value>\d{3,4})(?!\d)/giu,
  },
];
