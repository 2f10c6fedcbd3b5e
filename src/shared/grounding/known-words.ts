import { foldWord, stemOf } from './read-words.ts';

const setOf = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/u).map(foldWord));
const stemsOf = (text: string): ReadonlySet<string> => new Set([...setOf(text)].map(stemOf));

/** Capitalised, and no names: a day can be told from another word ("tomorrow"). */
export const calendarWords = setOf(`
  monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
  october november december montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag januar jänner februar
  märz april mai juni juli august september oktober november dezember lunes martes miércoles jueves viernes sábado domingo
  enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre lundi mardi mercredi jeudi
  vendredi samedi dimanche janvier février mars avril juin juillet août septembre octobre novembre décembre lunedì martedì
  mercoledì giovedì venerdì sabato domenica gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre segunda
  terça quarta quinta sexta janeiro fevereiro março maio junho julho setembro outubro novembro dezembro maandag dinsdag
  woensdag donderdag vrijdag zaterdag zondag januari februari maart mei juni juli augustus oktober am pm utc gmt ok mr mrs
  ms dr herr frau`);

/** Words that German has and others have not: two of them, and its nouns are no names. */
export const germanMarks = setOf(`
  der die das und ist nicht ein eine einen einem einer mit von zu den dem wird hat auf für im sich des wurde haben sind aus
  bei zum zur nach über sie er es dass auch noch bittet fragt sagt möchte soll kann`);

/** Words of which English sentences are made: two of them, and the list below applies. */
export const englishMarks = setOf(`
  the a an and of to in is are was were be been has have had that this with for on at by from it they he she his her their
  will would not but about as who which when what how if they there than or some should could can do does did up off because`);

/** Grammar that may be capitalised within a sentence, after a bracket or in a title. */
export const grammarWords = setOf(`
  i you he she it we they this that these those the a an and but or if of in on at to for from with by as than then so
  because after before while when where who what which how why not no about into over during both all some any each other
  another is was are were be been being has have had will would can could should may might must does did do their them his
  him her its our us your my me mine there here also however finally therefore since until whether yes person participant
  user customer agent sie er es wir ihr ich der die das und`);

/** What summaries say of any conversation, by stem: words of speaking, wanting, feeling, and for people and things. */
export const summaryStems = stemsOf(`
  person people participant participants user customer client agent speaker someone something somebody anyone anything
  everyone everything conversation discussion dialogue message messages chat call talk speak say tell ask answer reply
  respond response explain describe discuss mention state report announce inform notify remind suggest recommend propose
  advise offer invite request require demand order urge persuade convince encourage promise agree agreement disagree refuse
  deny reject accept accepts decline confirm admit apologize apology complain complaint argue insist claim doubt wonder
  question inquire enquire thank thanks greet greeting greetings welcome comfort congratulate praise praises compliment blame
  blames criticize warn threaten discover find learn know realize understand believe think thought consider decide decision
  choose choice prefer preference plan plans intend intention hope wish want need like love hate enjoy dislike feel feeling
  feelings happy unhappy sad glad pleased satisfied dissatisfied disappointed angry annoyed upset worried anxious afraid
  surprised shocked excited thrilled interested impressed confused curious sorry grateful pity proud tired willing unwilling
  ready able unable help assist assistance support give provide get gets take bring send receive make have let keep put show
  introduce introduction share teach teaches look see seeing watch hear listen wait waiting try start begin finish end
  continue change changes return returns leave go come arrive meet join use using work working works live happen become turn
  exchange follow following different same similar reason reasons problem problems issue issues situation detail details
  information idea ideas opinion opinions advice view views topic matter matters thing things way ways time times experience
  experiences result results purpose advantage advantages disadvantage disadvantages condition conditions good bad better
  best worse new old other another more most less least very strongly finally eventually later first second next last
  together both several many much few some various specific certain general unreasonable reasonable important necessary
  possible impossible wonders refuses denies also however because since while although despite instead besides due able according regarding about
  through toward towards without within between among during before after doing being done having going gonna made get got off up won didn
  doesn isn aren wasn weren don hasn haven hadn couldn wouldn shouldn`);
