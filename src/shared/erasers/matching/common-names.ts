import { foldWord } from './fold-word.ts';

const setOf = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/).map(foldWord));

/** Names that are English words, too, but have no capital there in the midst of a sentence. */
export const wordsAlike = setOf(`
  will mark bill grace hope joy faith rich frank grant rob sue pat drew chase wade dean art guy jack nick chip max miles
  ray rusty sandy sunny dawn eve ivy lily rose daisy olive violet holly heather iris jade ruby pearl amber crystal ginger
  honey melody harmony carol gene harry josh kit lance mason hunter carter cooper taylor baker cook fisher miller porter
  potter smith tanner turner walker weaver page price young long short strong white black brown green gray grey gold
  silver king knight pope bishop abbot major earl duke prince noble best good sharp swift stone wood woods hill hall park
  parks field fields rivers brook brooks bush banks marsh moss reed rice bean berry cherry bird fox lamb finch wren swan
  crane drake hawk nightingale love lovely power powers cash penny nickel trip rush ward church temple case chance cliff
  clay buck bud buddy angel justice victor victory constant spring day bell ball barber butler carpenter chandler dyer
  farmer gardener glover mercer sadler sawyer slater spicer taverner vicar wise moody savage gay merry blunt wild dark
  bright light high low peace true star sky summer winter autumn melissa bliss
`);

/** Names that have a capital wherever they stand: months, days, places, and nouns of German. */
export const capitalsAlike = setOf(`
  may april june august jan march january february july september october november december sunday monday tuesday
  wednesday thursday friday saturday avril juin mai juli paris london china india houston washington cleveland vienna
  kenya asia verona siena lourdes dakota montana carolina
  wolf könig kaiser fürst graf bauer richter jäger koch vogel hahn fuchs löwe bär stein berg wald feld bach brunnen haus
  hof sommer winter herbst frühling sonne stern engel ritter herr frau freund kind bruder schwester vater mutter tag nacht
  morgen abend zeit jahr geld preis ende anfang kraft lust lob freude liebe friede frieden blume baum blatt holz gold
  silber eisen stahl glas kohl kaufmann hauptmann schuster
`);

/** Words of languages without capitals that are names, too. */
export const caselessAlike = setOf(`
  أمل نور كريم جميل جميلة سعيد سعيدة سلام رجاء وفاء حسن خير صالح أمين عادل ناصر ماجد هدى منى ربيع نجاح إيمان إسلام
  دعاء شكر علي جديد كبير حبيب عزيز صادق مبارك رحيم شريف كامل عام
  אור גל טל חן ים שיר אלה נועם שלום אביב תמר ורד דביר רם רון גיל
`);

/** Words that stand where a name is expected and name nobody. */
export const rolesAlike = setOf(`
  support team service services customer customers client clients help desk helpdesk sales info admin administrator office
  me you user users guest guests visitor bot assistant agent agents operator noreply no reply mail email test unknown
  anonymous the our my contact billing accounts account hr it owner system kundenservice kundendienst vertrieb kunde gast
  benutzer invité utilisateur équipe soporte equipo cliente usuario invitado ventas お客様 サポート 客服 الدعم العميل
`);

/** Before and behind names, but not of them. */
export const titles = setOf(`
  mr mrs ms miss mx dr prof professor sir madam dame lord lady rev hon herr frau hr fr dipl ing mag monsieur madame
  mademoiselle mme mlle maître sr sra srta señor señora señorita don doña dott dottore signor signora sig jr phd md mba msc
  bsc esq pe cpa ii iii iv السيد السيدة الأستاذ الأستاذة الدكتور الدكتورة دكتور دكتورة الآنسة الشيخ المهندس
`);

/** Parts of names that nobody is known by. */
export const particles = setOf(`
  van von de del della di da dos das du der den ter ten la le les el al bin ibn ben bint abu y e zu zum zur af av
  and or of from for with in on by und oder aus bei für mit vom et ou avec pour chez con para por desde
  inc ltd llc gmbh corp co company group
`);
