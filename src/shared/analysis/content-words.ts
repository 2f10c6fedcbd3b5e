import { courtesies } from './recognise-pleasantry.ts';
import type { Word } from './sentence.ts';

const setOf = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/u));

// Words of grammar, and those of English that name nothing in particular. The lists of other languages hold only
// words of four letters and more: shorter ones are dropped by their length.
const functionWords: Record<string, ReadonlySet<string>> = {
  en: setOf(`
    i you he she it we they me him her us them my your his its our their mine yours this that these those there here
    a an the and or but if of in on at to for from with by as than then so just very too also only even still yet
    am is are was were be been being do does did done have has had having will would can could shall should may might
    must ca wo n't not no s t 's 'm 're 've 'd 'll d ll m re ve what when where who whom which how why all any some more
    most much many about up down out off over again get got getting go goes going gone come came know knew think
    thought say said says tell told see saw look make made take took give want let put well oh ok okay yes yeah really
    actually maybe please sorry thanks thank hello hi hey bye good nice great sure right fine gonna wanna im dont cant
    one two something anything everything nothing someone anyone everyone thing things stuff lot lots kind sort bit way
    ways time times day days today tonight tomorrow yesterday now guy guys sir madam mr mrs ms miss people person other others
    same such own else ever never always each every both few little none im ill ive its thats dont didnt doesnt isnt wont
    um uh eh ah hmm mm-hmm uh-huh huh mhm yep nope yup
  `),
  de: setOf(`
    aber alle allem allen aller alles also andere anderen auch auf beim bereits dann dass dein deine deinem deinen denn
    deren dich dies diese diesem diesen dieser dieses doch dort durch eben eine einem einen einer eines einfach einige
    etwas euch euer eure falls ganz gibt habe haben hast hatte hatten heute hier ihnen ihre ihrem ihren ihrer immer
    jede jeden jeder jetzt kann kannst kein keine keinen können könnte könnten lass machen mehr mein meine meinem
    meinen mich mir morgen muss müssen nach nicht nichts noch nochmal oder ohne schon sehr sein seine seit sich sind
    soll sollen sollte sollten sondern sonst über unser unsere unter viel viele vielen vielleicht wann waren warum
    weil weiter welche welchen wenn werde werden wieder will wird wirklich wollen wurde würde würden zwar zwischen
    bitte danke gerne hallo guten guter grüße okay
  `),
  fr: setOf(`
    ainsi alors après aussi autre autres avait avec avez avoir avons bien cela celle celui cette ceux chez comme comment
    dans déjà depuis donc elle elles encore entre était être faire fait faut ferai ici jamais juste leur leurs mais même
    mieux moins notre nous parce pas pendant peut peux plus pour pourquoi pouvez pouvons puis quand quel quelle quelles
    quels quelque quelques quoi sans sera serait sont sous suis sommes toujours tous tout toute toutes trop très une vais
    vers voici voilà vont votre vous voulez beaucoup bonjour bonsoir merci plaît salut oui
  `),
  es: setOf(`
    ahora algo algún alguien alguna algunas algunos ante antes aquí aunque cada como cómo cual cuál cuando cuándo cuanto
    desde después donde dónde ella ellas ellos entonces entre eran eres esta está estaba estamos están estar estas este
    esto estos estoy fuera fueron hace hacer hacia hasta hemos hola mejor menos mientras mismo mucha muchas mucho muchos
    nada nadie nosotros nuestra nuestro nunca otra otras otro otros para pero poco podemos porque puede pueden puedes
    puedo pues quien quién quiero sabe saber sería siempre sobre solo sólo somos también tanto tendría tenemos tener
    tengo tiene tienen tienes toda todas todavía todo todos unas unos usted ustedes vamos buenos buenas días tardes
    gracias favor vale claro perfecto genial
  `),
  pt: setOf(`
    agora ainda algo alguém algum alguma alguns antes aquela aquele aqui assim cada coisa como depois desde dela dele
    deles dessa desse desta deste disso dizer ela elas eles então entre era eram essa esse esta está estamos estão estar
    estava este estou fazer foram hoje isso isto mais mas melhor menos mesmo minha muito muita muitos nada nessa nesse
    nossa nosso nunca onde outra outro para pela pelo pode podem podemos porque posso pouco qual quando quanto quem quero
    sempre será seria sobre somos tambem também tanto temos tenho toda todas todo todos tudo vamos você vocês obrigado
    obrigada favor tarde noite
  `),
};

// Scripts without spaces between words; their words are short, and hiragana alone spells Japanese grammar.
const unspaced = /[\p{sc=Han}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\p{sc=Hangul}]/u;

/**
 * Whether a word can say what a sentence is about. Shortness marks grammar where the language has no list here,
 * and English words are left out of it, because short texts are often taken for another language.
 */
export function isContentWord({ text, kind }: Pick<Word, 'text' | 'kind'>, language: string): boolean {
  const word = text.toLowerCase().replace(/’/gu, "'").replace(/\.$/u, '');
  if ((functionWords[language] ?? functionWords.en)?.has(word) || !/\p{L}/u.test(word)) return false;
  if (language === 'en') return kind !== 'other' && (word.length > 2 || /^\p{Lu}{2}$/u.test(text));
  if (courtesies.has(word)) return false;
  if (unspaced.test(word)) return [...word].length >= 2;
  return [...word].length >= 4;
}
