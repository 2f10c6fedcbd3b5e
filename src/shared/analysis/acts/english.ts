import { type ActRules, anywhere, atStart } from './act-rules.ts';

const you = '(?:you|u|someone|somebody|anyone|one of you)';
const soft = '(?:please |pls |kindly |also |just |maybe |possibly |perhaps |at least )*';
const wh = '(?:what|where|when|which|who|whose|why|how)';
const be =
  "(?:is|are|was|were|do|does|did|can|could|will|would|should|shall|has|have|had|may|must|isn't|aren't|don't|doesn't|didn't|can't|won't|haven't|hasn't)";
const tell = '(?:tell me|tell us|let me know|let us know|say|explain|confirm|advise|clarify|check|find out)';
/** What a business is asked for, as a verb. */
const deed =
  '(?:get|have|speak|talk|book|order|cancel|change|move|return|exchange|replace|reschedule|rearrange|postpone|update|add|remove|swap|switch|upgrade|transfer|arrange|reserve|register|renew|reset|report|claim|apply|request|make an?|schedule|borrow|rent|hire|correct|amend|delete|close|open|stop|unsubscribe|pause|extend|see an?|collect|pick up)';
const orders =
  '(?:send|resend|forward|cancel|change|move|add|remove|update|check|confirm|book|reserve|put|make|give|show|help|bring|take|leave|deliver|refund|replace|return|fix|repair|keep|hold|switch|transfer|connect|reset|unlock|block|close|delete|charge|contact|arrange|schedule|reschedule|order|renew|print|issue|provide|register|excuse|call|ring|phone|text|email|mail|message|get|pass|correct|swap|collect|drop|tell|ask|let|count|sign|remind)';
const thing =
  '(?:me|us|my|our|it|this|that|these|the|an?|him|her|them|one|two|three|both|all|any|some|another|more|someone|back|up|everything|[0-9]+)';
const while_ = '(?:hours?|days?|weeks?|months?|minutes?|mins?|ages|years)';
const many = '(?:an|[0-9]+|two|three|four|five|six|seven|eight|ten|twenty|thirty|forty|several|many)';

export const english: ActRules = {
  leadIn: atStart(
    'hi(?: there| all| guys| team| again)? | hello(?: there| all| again)? | hey(?: there| guys| team)? | hiya | good (?:morning|afternoon|evening|day) | dear [a-z]+ | ok | okay | so | well | and | also | then | oh | sorry | excuse me | thanks | thank you | yes | yeah | guys | anyway | actually | by the way | btw | just | now | plus | roughly | about | again | one more thing',
  ),
  joint: /\s(?:but|because|however|so)\s/g,
  asks: atStart(`
    (?:what|where|when|why|how)(?:'?s|'?re|'?ll)? ${be} | (?:what|where|when|how)'?s | where (?:my|our)
    (?:what|which|whose) (?!i |you |we |it |they |he |she |an? |the |is |was |are |were )(?:[a-z]+ ){1,3}${be}
    (?:who|(?:to|with|from|for|at|in|on|until|by) (?:what|which|whom|who)) (?:can|do|should|will|does|is) | how (?:much|many|long|far|often|soon|late|old|big|come|to) | what (?:time|about|if|happens) | which one
    any (?:update|updates|news|idea|word|progress|luck)(?! (?:you|u) could) | any(?:one|body) (?:know|knows|there|here)
    (?:(?:i'm|i am|i was|was|we were|we are) )?(?:just )?(?:wondering|curious|asking|checking|enquiring) (?:if|whether|about|${wh})
    (?:i |we )?wonder(?:ed)? (?:if|whether|${wh})
    (?:(?:i|we)(?:'d| would| should)? )?(?:just )?(?:like|love|want|need|wanted) to (?:know|ask|find out|check|understand|hear)
    (?:(?:can|could|would|will|may) (?:i|we|${you}) ${soft})(?:ask|${tell})(?: me| us)? (?:if|whether|about|${wh})
    (?:please |pls )*${tell} (?:if|whether|what|where|which|who|why|how)
    (?:do|does|would) (?:you|u|anyone|anybody|someone)(?: guys| all)?(?: happen to)? know
    (?:i'm |i am |we're )?not (?:quite )?sure (?:if|whether|${wh}) | (?:i |we )?(?:don't|do not|dont) (?:know|understand) (?:if|whether|${wh})
    (?:i have an? |i've got an? |an? |one |another )?(?:quick |short |small )?question
    is (?:anyone|anybody|it (?:normal|ok|okay|true|correct|right|safe|allowed))
    (?:u|you)(?: guys)? still (?:got|have|open|sell|do)`),
  grievance: anywhere(`
    still (?:no|nothing|not|none|waiting|broken|down|missing|hasn't|haven't|isn't|aren't|doesn't|don't|didn't|can't|cannot|won't)
    (?:${be}n't|not) still | yet again | once again | (?:broken|down|late|wrong|gone|missing|failed|crashed|offline|closed|leaking|this) again
    (?:second|third|fourth|fifth|2nd|3rd|4th|5th|umpteenth) (?:time(?! i visit)|e?-?mail|message|call|letter|request|reminder|attempt)
    (?:nobody|no one|no-one|noone) (?:ever |has |have |is |was |can |could |will |seems to |even |bothered to )*(?:answer[a-z]*|repl[a-z]+|respond[a-z]*|react[a-z]*|call[a-z]*|c[ao]m[a-z]+|show[a-z]*|turn[a-z]*|pick[a-z]*|help[a-z]*|told|tells?|inform[a-z]*|warned|kn[eo]ws?|contact[a-z]*|cares?|listens?|there|let us|seems) | no (?:reply|response|answer|explanation|apology|sign of|callback)(?! needed| necessary)
    (?:never|not|(?:did|does|do|has|have|was|were)(?:n't| not)) (?:yet |even |actually |been |once )*(?:arrived?|c[ao]me|delivered|received?|show(?:n|ed)?(?: up)?|turn(?:ed)? up|called|repl(?:y|ied)|respond(?:ed)?|answer(?:ed)?|refunded|repaired|fixed|resolved|happy|satisfied|pleased|impressed|acceptable|good enough|as (?:described|promised|agreed|advertised|ordered)|what (?:i|we) (?:ordered|asked|paid|booked))
    why (?:has|have|did|does|do|is|are|was|were|hasn't|haven't|didn't|doesn't|isn't) (?:no|nobody|no one|it always|it still|you not|you never|you keep|you still) | how (?:is it|can it be) (?:even )?possible | how (?:can|could|dare) you
    disappoint(?:ed|ing|ment) | unacceptable | terribl[ey] | awful | horribl[ey] | worst | disgust(?:ed|ing) | disgrace(?:ful)? | appall(?:ed|ing) | ridiculous | shameful | shambles | rude | unprofessional | useless | (?:what|such|is|'s)(?: an?| an absolute| a complete) joke | nightmare | scam | rip-?off | frustrat(?:ed|ing) | annoy(?:ed|ing) | angry | furious | fed up | sick of | had enough | upset | unhappy | dissatisfied | complain(?:t|ing)? | outrageous | pathetic | incompetent | unreliable | waste of (?:time|money) | let (?:me|us) down
    (?:poor|bad|terrible|shocking|slow) (?:service|quality|experience|communication|attitude|treatment) | money back | compensation | lost patience
    overcharged | (?:charged|billed|debited|paid)(?: me| us)? (?:twice|double|again|too much)
    (?:waiting|waited|on hold|queuing|stuck)(?: here)?(?: for)?(?: over| more than| nearly| almost| about| around| at least)? (?:${many} ${while_}|hours|days|weeks|months|ages|forever|so long|all (?:day|morning|week))
    (?:was|were|been) (?:promised|assured|guaranteed) | you (?:promised|told (?:me|us)) | you said (?:[a-z]+day|.*(?:would|will|within|by|days?|week|refund|free))
    (?:took|taking|takes) (?:ages|forever|(?:far |much )?too long|so long) | keeps? (?:on )?(?:crash|freez|fail|dropp|cutt|disconnect|break|stopp|charg|send|los|ignor)ing
    (?:twice|(?:three|four|five|several|many|[0-9]+) times) (?:now|already|and) | (?:asked|called|written|wrote|emailed|rung|phoned|complained|chased)(?: you| them| about this)? (?:twice|(?:three|four|five|several|many|countless|[0-9]+) times|repeatedly)
    wasted | for nothing | in vain | (?:even though|although|when|yet) (?:i|we) (?:had |have |already )?(?:paid|booked|ordered|cancelled|asked|reserved) | (?:was|were) (?:supposed|meant|due) to | should have (?:been|arrived|come|had) | (?:there is|there's|there was|it's|it is|is|are) (?:no|not|nothing)(?: [a-z]+)? here | (?:why|what) am i paying | in tears | (?:was|were|been) (?:so |very |really )?(?:rude|unfriendly|short|unkind|nasty|aggressive) (?:to|with) | claims? (?:that )?(?:he|she|it|they|to have)
    (?:you|they) (?:are |have |'re |'ve )?(?:still )?(?:taking money|charging|ignoring|ignored|refus(?:e|ed|ing)|forgot|forgotten|lost|ruined|broke|damaged|messed)
    (?:three|four|five|six|several|many|[0-9]+) times (?:today|this week|this month|in a row|over) | driv(?:es|ing) (?:me|us) (?:mad|crazy|nuts|insane) | nowhere (?:to be (?:seen|found)|near) | no trace | (?:i|we) (?:have |had )?paid (?:extra )?for .* and (?:was|were|got|had|did|never|still|it|there) | ^(?:two|three|four|five|six|seven|eight|ten|[0-9]+) (?:hours|days|weeks|months) (?:and|now|later|already|without)`),
  fault: anywhere(`
    broken | damaged | (?:has|have|had|with|is|are|was|were|found|there's)(?: an?| some| several)?(?: big| huge| deep| small| long)? (?:stains?|scratch(?:es)?|holes?|cracks?|dents?|tears?|mould|mold|bugs) | sour | rancid |  smashed | cracked | shattered | faulty | defective | torn | ripped | dented | leak(?:s|ed|ing)? | soaked | ruined | scratched | rotten | mou?ldy | stale | burnt | dirty | filthy | stained | smell[sy]? | out of order | missing
    (?:internet|wi-?fi|site|website|app|system|server|connection|line|network|page)(?: is| was| has been| went)?(?: completely| all)? (?:down|dead|offline|out|slow|crash(?:es|ed|ing)?) | (?:crash|freez)(?:es|ed|ing)
    (?:won't|wont|will not|would not|wouldn't) (?:start|open|load|turn on|switch on|let|connect|charge|work|print|close|accept) | stopped working | not (?:working|responding) | (?:doesn't|doesnt|does not|didn't|isn't|isnt) work(?:ing)?
    tast(?:es|ed) (?:burnt|bad|off|awful|sour|old) | (?:went|goes|gone) (?:black|blank|dead|dark) | (?:cuts?|drops?|cutting|dropping) (?:out|off|every)
    no (?:internet|hot water|heating|signal|power|electricity|connection)
    (?:can't|cannot|can not|cant|couldn't|unable to|not able to) (?:even )?(?:log ?in|log on|access|sign in|pay|connect|reach|get (?:through|in|into|hold)|check ?out)
    (?:wrong|incorrect) (?!with)[a-z]+
    (?:bill|invoice|charge|price|amount|total|fee) (?:is|was) (?:way |much |far )?(?:higher|wrong|too (?:high|much)|incorrect|more than)
    (?:food|shower|water|coffee|soup|pizza|meal|room|it) (?:was|is|came|arrived) (?:stone |freezing |ice )?cold
    (?:${many} ${while_}|hours|days|weeks|very|far too|so) late | (?:came|arrived) late
    (?:was|were|got|been) (?:cancelled|canceled|delayed|lost|stolen|overbooked|double-booked|refused|ignored)
    (?:lose|losing) (?:my|our|the|an?) (?:luggage|suitcases?|bags?|parcel|package|order|documents|booking) | (?:came|fell|comes|falls) (?:off|apart)`),
  sound: anywhere(`
    (?:nothing|none|never|isn't|wasn't|aren't|weren't|not|no) (?:[a-z]+ ){0,2}(?:wrong|broken|damaged|missing|faulty|dirty|complaints?|problems?|rude|angry|upset|bad)
    no (?:need|rush|hurry) | (?:i|we)(?:'ve| have)? (?:accidentally )?(?:typed|entered|gave|given|chose|picked|selected|put|dropped|broke|lost|forgot(?:ten)?)
    my (?:own )?(?:fault|mistake) | you (?:look|seem|sound) | feel(?:ing)? (?:terrible|awful|horrible) | (?:works?|working|fixed|sorted|solved|arrived) (?:now|again|fine) | in case`),
  supposes: atStart('if | in case | unless | whether'),
  requests: anywhere(`
    (?:can|could|would|will) ${you} ${soft}(?!be )[a-z]+ | (?:can|could|may) (?:i|we) ${soft}${deed}
    (?:i|we)(?:'d| would) (?:really |also )*(?:like|love|prefer|need)(?! (?:it|your|this|that)$)(?! to (?:thank|say|tell|know|ask|find out|check|hear))
    (?<!(?:do|did|should|would|what|which|that|when) )(?:i|we) (?:really |also |still )*(?:want|wanted|need|require)(?! to (?:thank|say|know|ask|tell|find|check|understand|be|leave|go))
    (?:i'm|i am|we're|we are) (?:writing|calling|looking|hoping|trying) (?:to (?:ask for|request|${deed})|for) | (?:i|we)(?:'d| would) (?:rather|prefer) | would you mind | any (?:chance|way) (?:you|u|i|we|of)
    (?:would|is) it (?:be )?(?:possible|ok|okay|alright) (?:to|if|for) | (?:appreciate|grateful|glad) (?:it )?if you | (?:i|we) (?:hereby )?request
    refund me | (?:get|call|ring|text|email|phone|write) (?:me |us )?back`),
  orders: atStart(`
    (?:kindly )?${orders} ${thing} | (?:need|want|would like|looking|hoping|trying) (?:to ${deed}|for an?|an?|some) | looking (?:to|for)
    (?:reply|respond|unsubscribe|sort (?:this|it)|look into|get in touch|make it|do not (?:call|send|contact)|don't (?:call|send|contact))
    (?:an?|one) (?:table|room|ticket|appointment|haircut|taxi|copy|refund) for`),
  please: anywhere(
    "please | pls | plz | kindly | if (?:that's |that is |it's )?(?:possible|ok|okay|alright)",
  ),
  declines: atStart(
    "yes please | please (?:find|see|note|accept|don't (?:worry|hesitate|mind)) | no (?:please|thanks|thank you) | don't worry | no worries | let me (?:see|think|check|look|ask) | take (?:your time|care) | have a (?:nice|good|great|lovely) | never mind | thanks for | thank you for",
  ),
  inverts: atStart(`
    (?:is|are|was|were|do|does|did|can|could|will|would|should|shall|may|has|have|had|isn't|aren't|don't|doesn't|didn't|can't|won't|haven't|hasn't) (?:i|you|u|we|they|he|she|it|there|this|that|any|anyone|anybody|someone|these)
    (?:is|are|was|were|do|does|did|can|will|would|should|has|have) (?:the|my|your|our|his|her|an?|one|both|all|children|kids|dogs|pets|[a-z]+ (?:still|included|open|free|available|allowed|ready))`),
};
