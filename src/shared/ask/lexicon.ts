/** Words that requests are made of, as far as rules read them. */
export const languages = ['en', 'de', 'fr', 'es', 'pt'] as const;
export type Language = (typeof languages)[number];

const cues: Record<Language, string> = {
  en: 'between with and about since the all summarize summarise summary my conversations messages emails what did me user last week',
  de: 'zwischen mit und über seit alle fasse zusammen zusammenfassung gespräche unterhaltungen nachrichten mir ich meine was hat letzte woche gestern der die das vom bis im dem den heute letzten diese',
  fr: 'entre avec et depuis résume résumer résumez toutes les mes messages conversations moi sur la le semaine dernière hier propos sujet du au dit ce que',
  es: 'entre con y sobre desde resume resumir resúmeme todas las mis conversaciones mensajes yo mí el la semana pasada ayer acerca del al dijo qué',
  pt: 'entre com e sobre desde resuma resumir todas as os minhas meus conversas mensagens eu mim o a semana passada ontem do da disse que ao',
};

const cueWords = languages.map((language) => [language, new Set(cues[language].split(' '))] as const);

/** The language that a request is most likely in: English where that cannot be told. */
export function tellLanguage(text: string): Language {
  const words = text.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? [];
  const counted = cueWords.map(([language, known]) => ({
    language,
    count: words.filter((word) => known.has(word)).length,
  }));
  return counted.reduce((best, each) => (each.count > best.count ? each : best)).language;
}

/** How people say that they mean themselves. */
export const meWords: Record<Language, readonly string[]> = {
  en: ['me', 'myself', 'i', 'my', 'mine'],
  de: ['mir', 'mich', 'ich', 'mein', 'meine', 'meinen', 'meiner', 'meinem'],
  fr: ['moi', 'je', 'mes', 'mon', 'ma'],
  es: ['mí', 'yo', 'mis', 'mi', 'conmigo'],
  pt: ['mim', 'eu', 'meus', 'minhas', 'meu', 'minha', 'comigo'],
};

/** What a name comes after. */
export const withWords = new Set('with between zwischen mit entre avec con com'.split(' '));
/** What a name that is written as one may come after. */
export const directionWords = new Set('to from by of von de an user users customer para por'.split(' '));
export const andWords = new Set('and & + und et y e'.split(' '));
/** What stands before a name and is no part of it. */
export const titleWords = new Set(
  (
    'user users customer client person contact colleague mr mrs ms dr mr. mrs. ms. dr. the a my our nutzer nutzerin benutzer kunde ' +
    'kundin kollege kollegin herr frau dem der den meinem meiner utilisateur utilisatrice client cliente m. mme monsieur madame ' +
    "l'utilisateur le la usuario usuaria usuário usuária señor señora sr sra sr. sra. el o"
  ).split(' '),
);
/** Whom nobody is called. */
export const everybodyWords = new Set(
  (
    'everyone everybody anyone anybody someone all them him her us we you people others else both other each jedem jeder allen alle ' +
    'uns ihm ihr euch tous toutes tout nous vous lui elle eux todos todas nosotros nós ele ela ellos'
  ).split(' '),
);
/** What ends a name. */
export const stopWords = new Set(
  (
    'about regarding concerning re on via by over in at for from to since until till before after during within please that which who ' +
    'whom where when what how is was were are have has had did do does said say says wrote write only just including ' +
    'across through over per auf über wegen bezüglich bitte seit bis im in am aus nach vor was hat haben ' +
    'sur par dans depuis au aux sujet propos concernant svp pour que qui sobre por en desde hasta acerca favor no na em até ' +
    'conversation conversations messages message emails email e-mails e-mail mails mail texts text chats chat sms whatsapp thread threads'
  ).split(' '),
);

/** What requests begin with and are full of, whatever they are about. */
export const askingWords = new Set(
  (
    'summarize summarise summarized summary summaries recap overview show give list find get tell me my i mine myself us all any every ' +
    'the a an of and what which conversation conversations discussion discussions talk talks exchange exchanges correspondence thread ' +
    'threads everything happened new news latest please can could would you be there between user customer ' +
    'fasse fass zusammen zusammenfassung zeige alle meine meiner meinen gespräche unterhaltungen nachrichten von und die der das ' +
    'résume résumer résumez résumé toutes tous les mes des du et conversations échanges messages ' +
    'resume resumir resúmeme resumen todas todos las los mis conversaciones mensajes resuma resumo as os minhas meus conversas mensagens e y'
  ).split(' '),
);

export const months: readonly string[] = [
  'january jan januar janvier enero janeiro',
  'february feb februar février fevrier febrero fevereiro',
  'march mar märz maerz mars marzo março marco',
  'april apr avril abril',
  'may mai mayo maio',
  'june jun juni juin junio junho',
  'july jul juli juillet julio julho',
  'august aug août aout agosto',
  'september sep sept septembre septiembre setembro',
  'october oct oktober okt octobre octubre outubro',
  'november nov novembre noviembre novembro',
  'december dec dezember dez décembre decembre diciembre dezembro',
];

export const units = {
  hour: 'hours? stunden? heures? horas?',
  day: 'days? tage?n? jours? días? dias?',
  week: 'weeks? wochen? semaines? semanas?',
  month: 'months? monate?n? mois mes(?:es)? mês',
  quarter: 'quarters? quartale?s? trimestres?',
  year: 'years? jahre?n? ans? années? años? anos?',
} as const;
export type Unit = keyof typeof units;

export const numbers: Readonly<Record<string, number>> = Object.fromEntries(
  [
    ['a an one ein eine einem einer un une una um uma', 1],
    ['two couple zwei deux dos dois duas', 2],
    ['three few drei trois tres três', 3],
    ['four vier quatre cuatro quatro', 4],
    ['five fünf cinq cinco', 5],
    ['six sechs seis', 6],
    ['seven sieben sept siete sete', 7],
    ['eight acht huit ocho oito', 8],
    ['nine neun neuf nueve nove', 9],
    ['ten zehn dix diez dez', 10],
    ['twelve zwölf douze doce doze', 12],
  ].flatMap(([words, value]) =>
    String(words)
      .split(' ')
      .map((word) => [word, Number(value)]),
  ),
);
