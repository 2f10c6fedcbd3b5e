const listsByLanguage: Readonly<Record<string, string>> = {
  en: `hi hello hey hiya hullo thanks thank you thx ty cheers yes yeah yep please pls plz sorry bye goodbye good morning
    afternoon evening night everyone there all nice great fine sure alright done got it asap still nothing what where when
    help again why how who now not for the is my this that`,
  de: `hallo hi hey moin servus guten gute tag morgen abend nacht mahlzeit danke dankeschön vielen dank schön bitte ja nein
    doch tschüss tschau ciao klar alles gut super passt genau zusammen grüß gott grüezi entschuldigung warum wann wo wie
    was wer nichts noch immer nicht hilfe bis bald liebe grüße ich`,
  es: `hola holaa holaaa buenas buenos buen días dias tardes noches día gracias muchas mil por favor porfa porfavor sí vale
    claro adiós adios hasta luego saludos perfecto perdón perdon cuándo cuando dónde donde qué que cómo por nada ayuda
    todavía listo estimados estimado`,
  fr: `bonjour bonsoir salut coucou merci beaucoup oui non svp stp plaît s'il vous te de rien d'accord ça va pardon quand où
    comment pourquoi bonne journée soirée au revoir toujours rien aide`,
  pt: `olá ola oi bom boa dia tarde noite obrigado obrigada muito sim não nao tchau até logo por favor desculpe quando onde
    quanto como combinado nada ainda ajuda tudo bem`,
  it: `ciao buongiorno buonasera buona sera salve grazie mille tante sì prego per favore scusi scusa quando dove come perché
    arrivederci niente ancora va bene aiuto`,
  nl: `hallo hoi hi hey dag goedemorgen goedemiddag goedenavond bedankt dank je wel u alstublieft alsjeblieft ja nee doei
    tot ziens sorry waar wanneer hoe waarom wat niks nog steeds prima oké help`,
  pl: `cześć dzień dobry dobry wieczór dziękuję dzięki proszę tak nie pa do widzenia`,
  sv: `hej hejsan tack så mycket ja nej snälla hej då god morgon`,
  da: `hej tak mange ja nej god morgen farvel goddag`,
  no: `hei takk tusen ja nei god morgen ha det`,
  fi: `hei moi moikka terve kiitos kyllä ei huomenta`,
  tr: `merhaba selam teşekkürler teşekkür ederim evet hayır günaydın iyi günler lütfen`,
  id: `halo hai terima kasih ya tidak selamat pagi siang sore malam tolong`,
};

const lists: readonly (readonly [language: string, words: ReadonlySet<string>])[] = Object.entries(
  listsByLanguage,
).map(([language, words]) => [language, new Set(words.trim().split(/\s+/u))]);

/** The one language in which people write all these words every day; undefined where there is none, or several. */
export function findEverydayLanguage(text: string): string | undefined {
  const words =
    text
      .toLowerCase()
      .normalize('NFC')
      .replace(/’/gu, "'")
      .match(/\p{L}[\p{L}\p{M}']*/gu) ?? [];
  if (words.length === 0) return undefined;
  const [only, ...others] = lists.filter(([, known]) => words.every((word) => known.has(word)));
  return others.length === 0 ? only?.[0] : undefined;
}
