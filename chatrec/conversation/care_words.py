"""How people say that they are in danger, or ask how to do harm: patterns.

Data only, in five languages, for folded text (:mod:`.utterance`). What is answered stands in
:mod:`.care_sayings`.
"""

from __future__ import annotations

from collections.abc import Mapping

from chatrec.conversation.lexicon import Language

# What sounds like danger and is a manner of speaking: blanked before anything is looked for.
FIGURATIVE = (
    r"\b(?:die|dying|died|dead|kill(?:ing|ed)? (?:me|myself)) (?:\w+ )?"
    r"(?:laughing|of (?:laughter|boredom|curiosity|embarrassment|cuteness|cringe|thirst|hunger)|"
    r"from (?:laughter|laughing|boredom|cringe|embarrassment)|on (?:this|that) hill)\b",
    r"\b(?:die|dying|kill) (?:for|to (?:see|watch|read|play|know|hear))\b",
    r"\b(?:die|dying|died) (?:\w+ )?(?:hard|another day|all the time|less|too often|"
    r"(?:again and again|\w+ times))\b",
    r"\bkill(?:ing)? (?:some |the |an? )?(?:time|hours?|evening|afternoon|boredom)\b",
    r"\b(?:kill|shoot|hang|hurt) myself (?:laughing|if (?:i|we) (?:have|had|must|need|see|saw|"
    r"hear|heard|watch|watched) )",
    r"\bmuerto? de (?:risa|hambre|sueno|ganas)\b|"
    r"\bmorir(?:me)? de (?:risa|ganas|aburrimiento|amor|verguenza)\b",
    r"\bmourir de (?:rire|faim|ennui|honte|froid)\b",
    r"\bsterben vor \w+|\bvor (?:lachen|langeweile|neugier|scham) sterben\b|\bvor lachen\b",
    r"想死你|笑死|累死|困死|饿死|无聊死|烦死|吓死|爱死|急死|可爱死|气死|热死|冷死",
)

# A person about themselves: the wish to die or to hurt themselves, direct or veiled. What is wished
# for stands apart from the ways of wishing, so that they meet in any combination.
_DIE = (
    r"(?:die\b(?! (?:on the inside|a little|for))|dying\b|(?:be |better off )?dead\b(?! (?:inside|"
    r"tired|serious|funny|slow|end|than|poets|man))|"
    r"not be alive|(?:not|stop) (?:exist|existing|living)\b|(?:commit(?:ting)? )?suicide\b|"
    r"end(?:ing)? (?:it(?: all)?|things|everything|my (?:own )?life|this life)\b(?! with\b| "
    r"happily| well|"
    r" on )|tak(?:e|ing) my (?:own )?life|disappear(?:ing)? (?:forever|for good|from (?:this|the) "
    r"(?:world|earth))|(?:not|never) wak(?:e|ing) up\b|leav(?:e|ing) this (?:world|life|earth)\b|"
    r"(?:jump|jumping|throw myself) (?:off|from|in front of) (?:a|the|my|this) (?!cliff\w* "
    r"like)\w+|"
    r"(?:take an )?overdos(?:e|ing)\b|(?:sleep|be gone) forever|swallow(?:ing)? all|"
    r"(?:go to sleep|fall asleep|sleep) and (?:never|not) wake up)"
)
_WANT = (
    r"(?:want to|wanna|would like to|'d like to|(?:should|could|might|may|would) (?:just|as well|"
    r"rather)|wish (?:that )?i (?:could|was|were|had)|(?:easier|better|best) (?:to|if i|for me to)|"
    r"(?:think|thinking|thought|thoughts|dream|dreaming|fantasi[sz]\w+) (?:of|about)|"
    r"consider(?:ing)?|contemplat(?:e|ing)|(?:feel|feeling) like|(?:am|'?m) (?:going|about|ready) "
    r"to|"
    r"gonna|plan(?:ning)? (?:to|on|my)|ready to|hope (?:that )?i|hope to|'d rather|need to|"
    r"attempt(?:ed|ing)?|deserve to|(?:have |'ve )?decided to)"
)
_TAIL = r"(?: (?:like this|this way|any ?more|any longer|much longer|tbh|right now))"
_END_OF_IT = r"(?=\W*(?:$|[.,;!?]|and\b|but\b|so\b|because\b|anymore|any\b|tbh|please|lately))"
SELF_HARM: Mapping[Language, tuple[str, ...]] = {
    "en": (
        r"\b(?:kill|hang|drown|shoot|hurt|harm|cut|burn|starve|poison|unalive|off)(?:ed|t?ing)? "
        r"myself\b",
        r"\b(?:cut|cutting|slit|slitting|burnt?|burning) (?:open )?my (?:own )?(?:arms?|wrists?|"
        r"legs?|"
        r"thighs?|veins?|skin)\b|\bi self[- ]?harm(?:ed)?\b|\bi(?:'m|'ve| am| have| keep)(?: \w+)? "
        r"self[- ]?harm(?:ing|ed)\b|\bkms\b",
        rf"\b(?:i|i'd|i'm|i've|i'll|me|maybe)\b(?: [\w']+){{0,4}}?(?<!not)(?<!n't)(?<!never)(?: |"
        rf"(?='))"
        rf"{_WANT} (?:(?!watch|see|read|play|films?|movies?|some\w*)\w+ ){{0,2}}?{_DIE}",
        r"\b(?:am|'m|im|feel|feeling|been|makes me|get|so) (?:\w+ ){0,1}(?<!not )(?<!never "
        r")suicidal\b(?! squad)|"
        r"\b(?:my|having|have|had|get|getting|with) (?:\w+ )?suicidal (?:thoughts?|ideation|"
        r"feelings?)\b",
        rf"(?:\b(?:not|no longer|never|dont|didnt|cant|hardly)|n't) (?:\w+ )?(?:want to|wanna|"
        rf"wish to|deserve to|feel like|care to) (?:\w+ )?(?:live|living|be alive(?: tomorrow)?|"
        rf"being alive|exist|"
        rf"existing|be on this (?:earth|planet)|wake up{_TAIL}|wake up (?:again|tomorrow)|"
        rf"be here{_TAIL}){_END_OF_IT}",
        r"\b(?:hope|wish|pray) (?:that )?i (?:\w+ ){0,2}?(?:don't|never|won't|didn't|could fall "
        r"asleep "
        r"and never|could sleep and never|wasn't|weren't|hadn't|had never|was never|were never|was|"
        r"were) (?:been |ever )?(?:wake|woke|waking|dead|born|alive|exist)\b",
        rf"\b(?:can't|cannot|can not|cant|don't think i can) (?:go on|keep (?:going|living)|live|"
        rf"do this|do life|take (?:life|living)){_TAIL}|\bi (?:can't|cannot|cant) go on"
        r"(?=\W*$|[.,;!?]| living)",
        rf"\b(?:tired|sick|done|fed up) (?:of|with) (?:living|life|being alive|existing|this life|"
        rf"my life){_END_OF_IT}",
        rf"\b(?:no|any|no more|see (?:no|the|any)|what'?s the|what is the) (?:reason|point|sense|"
        rf"use)(?: left)? (?:to|in|of) "
        rf"(?:\w+ )?(?:liv(?:e|ing)|be(?:ing)? alive|go(?:ing)? on(?: living)?|exist(?:ing)?|"
        rf"stay(?:ing)? alive)\b"
        rf"{_END_OF_IT}(?! in \w+ form)|\b(?:no ?body|no one) cares (?:whether|if) i (?:live|die)|"
        r"\b(?:living|life|being alive|existing) hurts(?: too much| so much)?(?=\W*$|[.,;!?])|"
        r"\bnothing (?:left )?to live for\b|\bdon't see (?:a|any) future for (?:me|myself)\b|"
        r"\b(?:don't see|tell me|know) why i should (?:stay alive|live|go on living|keep living)\b|"
        r"\b(?:lost|losing|don't have|have no|without) (?:the|my|any) will to live\b|"
        r"\bi (?:\w+ )?hate (?:being alive|living)(?=\W*$|[.,;!?])|"
        r"\bshould i (?:just |maybe )?(?:end (?:it(?: all)?|my life)|die|kill myself)(?=\W*$|"
        r"[.,;!?])|"
        r"\b(?:dying|death|being dead) (?:sounds|would be|seems|feels|is) (?:\w+ )?(?:better|"
        r"easier|"
        r"nice|good|a relief|peaceful)\b|"
        r"\b(?:it's|it is|its) (?:not|no longer) worth living\b|"
        r"\b(?:my )?life (?:is not|isn't|isnt|is no longer|has become) (?:worth living|worth it|"
        r"unbearable)\b|\bcan't (?:bear|stand) (?:living|life|to live)\b",
        r"\b(?:better|happier)(?: off)? (?:without me|if i (?:was|were|wasn't|weren't|died|"
        r"disappeared|am|didn't exist))\b|\bbetter off dead\b(?=.*\b(?:i|me|my)\b)|"
        r"\b(?:i'd|i would|i'm|i am) (?:rather be |be |better off )+dead\b(?! than)",
        r"\b(?:would|will) (?:anyone|anybody|someone|you) (?:\w+ )?(?:notice|care|miss me|be sad) "
        r"if i "
        r"(?:died|was gone|were gone|disappeared|die)\b|"
        r"\bif i (?:\w+ )?(?:was|were|died|disappeared|die|was not|weren't|wasn't) ?(?:gone|dead|"
        r"here)?"
        r",? (?:nobody|no one|noone|who|everyone|everybody|they|people) (?:would|will|'d)\b|"
        r"\b(?:nobody|no one|noone) (?:would|will|'d) (?:\w+ )?(?:miss me|notice|care)\b.*\bif i\b|"
        r"\bi(?:'m| am) (?:just |only )?a burden (?:to|on|for)\b",
        r"\bbefore i (?:\w+ )?(?:end (?:it|things|my life|everything)|leave this (?:world|life)|"
        r"say goodbye to (?:this )?(?:life|world))|\b(?:my|one|the|a) last (?:film|movie|book|game|"
        r"night|evening|day|song|thing|one)(?: \w+){0,4} (?:on (?:this )?earth|before i (?:go|die)"
        r"(?=\W*$|[.,;!?])|alive)\b",
        r"\bi (?:won't|will not|wont) be (?:alive|around|here) (?:(?:for )?much longer|any ?more|"
        r"(?:for )?long)\b|\bgoodbye forever\b|\bthis is (?:my goodbye|goodbye forever|the end "
        r"for me)\b",
        r"\b(?:took|taken|take|swallow(?:ed)?|saved up) (?:\w+ ){0,2}(?:all (?:of )?my|too many|a "
        r"whole "
        r"\w+ of|a bottle of|the whole \w+ of) (?:\w+ )?(?:pills|tablets|meds|medication)\b|"
        r"\b(?:written|wrote|writing) (?:a|my) (?:suicide note|goodbye (?:letter|note))\b|"
        r"\b(?:which|what|how many) (?:pills|tablets) (?:\w+ ){0,4}to (?:die|kill)\b|"
        r"\bmy suicide note\b|\bi (?:have|made) a plan to (?:kill|end|die)\b",
        r"\bi (?:just |only )?want (?:the pain|it all|everything|this life|my life) to (?:stop|end|"
        r"be over)\b|\bwish (?:someone|somebody) would (?:\w+ )?(?:kill|shoot) me\b",
        r"\bmy (?:\w+ )?(?:friend|brother|sister|son|daughter|kid|child|mother|mom|mum|father|"
        r"dad|wife|husband|partner|girlfriend|boyfriend|roommate|classmate)(?: is|'s)? (?:\w+ )?"
        r"(?:suicidal|wants? to (?:die|kill (?:him|her|them)self|end (?:it all|(?:his|her|their) "
        r"life)))\b",
    ),
    "de": (
        r"\bmich (?:\w+ )?(?:umbringen|umzubringen|toten|erhangen|erschie(?:ss|ß)en|ritzen|geritzt|"
        r"selbst verletz\w+|vor (?:den|einen) zug (?:werfen|schmei(?:ss|ß)en))\b|"
        r"\bmich (?:vor|von) (?:den|einen|einer|der|dem|eine|einem) (?:zug|brucke|dach|hochhaus) "
        r"(?:zu )?(?:werfen|sturzen|schmei(?:ss|ß)en|springen)\b|\bich tue? mir (?:\w+ "
        r")?(?:selbst )?weh\b|"
        r"\b(?:mir|mich) (?:\w+ ){0,3}(?:in|an) (?:den arm|die arme|die beine|die handgelenke) "
        r"(?:ge)?schn(?:itten|eide\w*)\b|\bsehe (?:\w+ )?keinen ausweg mehr\b|"
        r"\bich bringe? mich (?:\w+ )?um\b|\bich (?:ritze|schneide) mich\b(?! (?:an|am|beim)\b)|"
        r"\bich verletze mich (?:selbst|wieder|absichtlich)\b",
        r"\bmir (?:\w+ )?(?:das leben (?:zu )?nehmen|etwas antun|was antun)\b|\bmeinem leben ein "
        r"ende\b|"
        r"\bmein leben (?:zu )?beenden\b|\bich springe? (?:\w+ )?(?:von|vor) (?:der|die|einer|"
        r"eine|dem|den|einen|einem) (?:brucke|zug|dach|hochhaus)\b",
        r"\b(?:ich (?:will|mochte|wollte|wurde|kann|mag|hab(?:e)?|denke|halte|werde)|und will|"
        r"will ich|mochte ich)"
        r" (?:(?!filme?n?\b|sehen\b|schauen\b)\w+,? ){0,4}?(?:sterben|tot sein|nicht mehr "
        r"(?:leben|aufwachen|da sein|sein|weiterleben)|"
        r"(?:keine?|null) (?:lust|kraft|bock) mehr (?:zu leben|am leben)|das leben nicht mehr aus|"
        r"(?:an|uber) (?:selbstmord|suizid)|weg sein fur immer|fur immer (?:weg sein|schlafen)|"
        r"(?:allem|alles) (?:ein ende (?:machen|setzen)|beenden)|schluss machen mit (?:allem|dem "
        r"leben|"
        r"meinem leben)|mit (?:allem|meinem leben) schluss machen)\b(?! vor\b| wie\b| in den\b)",
        r"\bich (?:\w+ )?(?:nicht mehr|nicht weiter) leben (?:will|mochte|kann)\b|\blebensmude\b|"
        r"\bsuizidal\b|"
        r"\b(?:selbstmord|suizid)gedanken\b(?=.*\b(?:ich|mein\w*|hab\w*)\b)|"
        r"\b(?:ich|hab\w*|mein\w*)\b.*\b(?:selbstmord|suizid)gedanken\b",
        r"\b(?:ware?|bin) ich (?:\w+ ){0,2}(?:lieber |besser )?tot\b|\bwenn ich tot ware\b|\bich "
        r"ware (?:\w+ ){0,2}(?:lieber |"
        r"besser )?(?:tot|nie geboren)\b|\bich nie geboren\b",
        r"\bwenn ich nicht mehr (?:da|hier|am leben) ware\b|\bkeinen lebenswillen\b|"
        r"\bwozu (?:soll|sollte) ich (?:\w+ )?(?:leben|weiterleben)\b|"
        r"\bohne mich (?:\w+ ){0,4}besser\b|\b(?:besser|leichter) (?:\w+ )?(?:dran )?ohne mich\b|"
        r"\bkeiner (?:wurde mich vermissen|vermisst mich)\b",
        r"\bmein leben (?:\w+ )?(?:keinen sinn|sinnlos|nichts mehr wert)\b|\b(?:keinen|kein) "
        r"(?:sinn|grund) (?:mehr )?(?:im leben|am leben zu|zu leben|weiterzuleben|mehr zu leben)\b|"
        r"\bsehe (?:\w+ )?keinen sinn mehr\b",
        r"^\W*ich (?:kann|mag|will) (?:einfach |das alles |so )*nicht mehr\W*(?:$|weiter\b)|"
        r"\bich (?:kann|mag|will) nicht mehr\b.{0,30}\bich (?:kann|mag|will) nicht mehr\b",
        r"\bmein letzter (?:abend|film|tag) (?:auf|im) (?:erden|der erde|leben)\b|"
        r"\bmit (?:dem|meinem) leben abgeschlossen\b",
    ),
    "fr": (
        r"\b(?:je (?:veux|voudrais|vais|souhaite|pense a|songe a)|j'ai envie de|envie de|"
        r"j'aimerais|autant) (?:(?!voir|regarder|lire)\w+ )?(?:mourir|me tuer|me suicider|en "
        r"finir(?! avec (?!la vie|ma vie|tout))|me pendre|etre morte?|"
        r"me faire (?:du )?mal|me foutre en l'air|disparaitre (?:pour toujours|a jamais|de ce "
        r"monde)|"
        r"ne plus (?:exister|vivre|me reveiller)|me jeter (?:sous|d'un|du|par))\b",
        r"\bj'ai envie d'en finir\b|\bje veux que tout s'arrete\b",
        r"\b(?:marre|assez|n'en peux plus|fatiguee?|lasse?) de (?:vivre|la vie)\b(?! (?:avec|dans|"
        r"a|"
        r"comme|en|chez)\b)",
        r"\bje (?:ne )?(?:veux|peux|souhaite|supporte) plus (?:de )?(?:vivre|exister|me reveiller|"
        r"etre la|la vie)\b(?! (?:avec|dans|a|comme|chez|sans)\b)|\bje ne veux pas (?:continuer a "
        r")?vivre"
        r"(?=\W*$|[.,;!?])|\bplus (?:le gout|l'envie|la force|envie|aucune envie) de vivre\b",
        r"\bmettre fin a (?:mes jours|ma vie)\b",
        r"\b(?:j'ai|mes|avec|des|eu) (?:des )?(?:idees|pensees) (?:suicidaires|de suicide)\b|"
        r"\bje (?:suis|me sens) (?:\w+ )?suicidaire\b|\bje (?:pense|songe) (?:\w+ )?au suicide\b",
        r"\bje me (?:scarifie|mutile|fais du mal|(?:coupe|suis (?:coupee?|ouvert\w*|taillad\w+)) "
        r"les (?:veines|bras|"
        r"poignets))\b|\bpense (?:\w+ )?a (?:la mort, a )?ma (?:propre )?mort\b",
        r"\bmieux sans moi\b|\bje (?:serais mieux|prefererais etre) morte?\b",
        r"\bvie (?:\w+ )?(?:ne )?vaut (?:plus|pas) la peine\b|"
        r"\bma vie (?:n'a|n'en a|ne vaut) (?:plus|pas|aucun)(?: de)? ?(?:sens|la peine)?\b|"
        r"\b(?:plus|aucune) (?:de )?raison de vivre\b|\ba quoi bon (?:vivre|continuer a vivre)\b",
        r"\bavant (?:d'en finir|de me tuer)\b(?! avec)|\bmon dernier (?:soir|film|jour) (?:sur "
        r"terre|"
        r"avant d'en finir)\b",
    ),
    "es": (
        r"\b(?:quiero|quisiera|gustaria|deseo|voy a|pensado en|pensando en|pienso en|pienso|"
        r"necesito|ganas de|"
        r"me quiero|me voy a) (?:(?!ver|leer|jugar|pelicula)\w+ )?(?:(?:en )?(?:suicidarme|"
        r"matarme)|morir(?:me)?|estar muert[oa]|matarme|suicidarme|suicidar|quitarme la vida|"
        r"(?:acabar|terminar) con (?:todo|mi vida)|hacerme dano|cortarme|ahorcarme|tirarme (?:de|"
        r"por|"
        r"al|desde)|desaparecer (?:para siempre|de este mundo)|dejar de (?:vivir|existir))\b"
        r"(?! de\b)|\bme (?:quiero|voy a) matar\b",
        r"\bno quiero (?:\w+ )?(?:(?:seguir )?(?:viviendo|existir|despertar(?:me)?(?= mas|\W*$))|"
        r"(?:estar|seguir) viv[oa]\b|"
        r"vivir(?= mas|\W*$|[.,;]))|\bno tengo (?:\w+ )?ganas de (?:seguir )?(?:vivir|viviendo)\b",
        r"\b(?:tengo|mis|con|tuve) (?:\w+ )?(?:pensamientos|ideas) (?:suicidas|de suicidio)\b|"
        r"\bpienso (?:\w+ )?en el suicidio\b|\bme siento (?:\w+ )?suicida\b",
        r"\bme (?:autolesiono|hago (?:dano|cortes)|corto (?:los|las|el|otra|de nuevo))\b",
        r"\bojala (?:\w+ )?(?:(?:estuviera|estuviese) muert[oa]|muriera|muriese)\b|\b(?:ojala|"
        r"quisiera) no (?:hubiera|"
        r"haber) nacido\b|\bpreferiria estar muert[oa]\b",
        r"\bnadie me (?:extranaria|echaria de menos|va a extranar)\b|\bmejor sin mi\b(?! \w)",
        r"\b(?:mi|la) vida (?:ya )?no (?:tiene sentido|vale la pena|merece la pena|vale nada)\b|"
        r"\bno (?:le veo|tiene|encuentro) (?:ningun )?sentido (?:a )?(?:la vida|mi vida|vivir|"
        r"seguir viviendo)\b|\b(?:razon|razones|motivos?) para (?:seguir )?(?:vivir|viviendo)\b",
        r"\bno (?:puedo|aguanto) (?:mas )?(?:seguir (?:viviendo|asi)|vivir asi|(?:mas )?(?:esta|"
        r"mi) vida|(?:mas )?vivir)"
        r"\b|\b(?:cansad|hart)[oa] de (?:vivir|la vida|mi vida)\b",
        r"\bantes de (?:matarme|suicidarme|acabar con todo|quitarme la vida)\b",
    ),
    "zh": (
        r"(?:^|[,，。！!？?\s]|我)(?:还是|真的|现在|好|只|就|也|已经|每天|有时候?|经常|一直|都|再|"
        r"觉得|"
        r"感觉|快|实在|最近|今天|昨天|总是|很|有点|可能|又|常常|已|刚刚?|自己|真){0,4}(?:想死|"
        r"想自杀|要自杀|"
        r"想轻生|不想(?:再)?活|活不下去|撑不下去|想结束(?:我的|自己的)?生命|想消失(?!在)|想自残|"
        r"在自残|"
        r"自残了|割腕|厌世|活够了|活腻了|想跳楼|想离开这个世界|想?一死了之|想一了百了|好想死|"
        r"应该去死|想杀(?:了|死)自己|(?:准备|打算|决定).{0,4}自杀|活着(?:真)?没(?:有|"
        r"什么)?意(?:思|义))"
        r"(?!的(?:电影|片|书|故事|人|时候))",
        r"我(?:死了|不在了)(?:算了|就好了|也没人|大家|会)|不如死了|死了算了|"
        r"(?:没人|谁)在乎我.{0,3}死|我在想怎么自杀|没有我(?:的话)?.{0,6}(?:更好|会好)|"
        r"再也不想醒来|不想醒过来|(?:我|有).{0,4}自杀的(?:念头|想法)|"
        r"了结(?:自己|生命|这一切)|我.{0,3}伤害自己|不想再活下去",
    ),
}  # fmt: skip

# Where such words belong to a film or another's story: "a film whose hero says 'I want to die'".
TOLD_OF = (
    r"\b(?:film|movie|book|novel|song|game|series|character|hero|heroine|protagonist|story|line|"
    r"quote|scene|titled|called|named)s? (?:\w+ ){0,4}(?:says?|said|saying|thinks?|titled|called|"
    r"named|goes)\b[^.!?]*$",
    r"\"[^\"]*\"",
)

# How to do harm. With "a film about", it is a theme; with "how to", "teaches me", a request.
_WEAPON = (
    r"(?:pipe |car |dirty |nail |fertili[sz]er |home ?made )*(?:bombs?|explosives?|grenades?|"
    r"molotov(?: cocktails?)?|napalm|poison(?: gas)?|nerve (?:gas|agent)|ricin|sarin|anthrax|"
    r"bioweapons?|silencers?|ghost guns?|(?:untraceable|3d[- ]printed) guns?|meth(?:amphetamine)?|"
    r"fentanyl|crack|heroin)"
)
_WHOM = (
    r"(?:someone|somebody|anyone|people|a (?:man|woman|person|child|cop|colleague)|him|her|them|"
    r"my \w+(?: \w+)?|the (?:president|neighbou?rs?)|others|children|kids)"
)
_HOW = (
    r"(?:how (?:to|do (?:i|you|we)|can (?:i|you|we)|would (?:i|one|you)|could i|does one|i can|"
    r"i could|i might)|(?:step[- ]by[- ]step |exact |detailed |clear )*(?:instructions?|steps|"
    r"directions|tutorials?|manuals?|recipes?|guides?)"
    r"(?: \w+)? (?:to|for|on|of|how to)|(?:teach|teaches|teaching|show|shows|showing|"
    r"tell|tells|help|helps|learn|explain|explains)(?: me| us)?(?: how)? to|"
    r"(?:explains?|shows?|tells?(?: me)?) how to|ways? to|(?:best|easiest) way to|where (?:can i|"
    r"to))"
)
HARM: Mapping[Language, tuple[str, ...]] = {
    "en": (
        rf"\b{_HOW} (?:\w+ ){{0,2}}(?:make|making|build|building|assemble|construct|cook|"
        rf"synthesi[sz]e|buy|get|produce|mix|detonate|plant) (?:an? |my own |some |the "
        rf")?{_WEAPON}\b",
        rf"\b{_HOW} (?:\w+ ){{0,2}}(?:kill|murder|poison|strangle|stab|shoot|rape|drug|kidnap|"
        rf"torture|stalk|blackmail|groom|hurt|beat up|get rid of) {_WHOM}\b",
        rf"\b{_HOW} (?:\w+ ){{0,2}}(?:get away with (?:murder|killing|rape)|hide a (?:dead )?body|"
        r"dispose of a (?:dead )?body|shoot up a|blow up (?:a|the|my)|set fire to|burn down|"
        r"commit (?:murder|suicide|arson|a (?:mass )?(?:murder|shooting|terror\w* attack)))\b",
        rf"\b(?:build|make|assemble|detonate|plant) (?:an? |my own |some )?{_WEAPON}"
        r"(?= at (?:home|school|work)| myself|$)(?<!film)",
        r"\bpainless(?:ly)? (?:way to|suicide|die|death for me)\b|\b(?:lethal|deadly) dose of\b"
        r"(?! (?:humou?r|comedy|fun|romance|suspense|charm))",
        r"\b(?:child porn\w*|kiddie porn|cp videos?|(?:naked|nude|sexy) (?:kids|children|minors|"
        r"little (?:girls?|boys?))|sex(?:ual)? (?:scenes? |videos? )?(?:with|of|between) "
        r"(?:minors|kids|children|underage\w*))\b",
    ),
    "de": (
        r"\b(?:wie (?:man|ich|baue ich|baut man|mache ich|macht man|bastle ich|kann ich|stelle "
        r"ich)|"
        r"anleitung(?:en)?|zeigt?,? wie man|erklart,? wie man)\b.{0,40}\b(?:bomben?|rohrbombe|"
        r"sprengs(?:atz|toff)|molotow\w*|gift(?:gas)?|crystal meth)\b",
        r"\bwie (?:man|ich|kann ich|kann man)\b.{0,40}\b(?:umbring\w*|ermord\w*|vergift\w*|totet?|"
        r"toten kann)\b|\bkinderporno\w*\b",
    ),
    "fr": (
        r"\b(?:comment (?:\w+ )?(?:fabriquer|faire|construire|fabrique)|(?:mode d'emploi|"
        r"instructions|recette) pour (?:fabriquer|faire))\b.{0,20}\b(?:bombes?|explosifs?|"
        r"cocktail molotov|poison|methamphetamine)\b",
        r"\bcomment (?:\w+ )?(?:tuer|assassiner|empoisonner) (?:quelqu'un|mon|ma|mes|des)\b|"
        r"\bpedopornograph\w*\b",
    ),
    "es": (
        r"\b(?:como (?:\w+ )?(?:fabricar|hacer|construir|hago|fabrico)|instrucciones para "
        r"(?:fabricar|hacer))\b.{0,20}\b(?:bombas?|explosivos?|coctel molotov|veneno|"
        r"metanfetamina)\b",
        r"\bcomo (?:\w+ )?(?:matar|asesinar|envenenar) a (?:alguien|mi|una persona)\b|"
        r"\bpornografia infantil\b",
    ),
    "zh": (
        r"(?:怎么|如何|怎样|教我)(?:自己|在家)?(?:做|造|制作|制造|自制)(?:一个|一颗|个)?"
        r"(?:炸弹|炸药|毒药|毒气|冰毒|土枪)",
        r"(?:怎么|如何|怎样)(?:才能)?(?:杀死?|杀害|毒死|谋杀)(?:一个人|人|我的?|别人|老公|老婆)|"
        r"儿童色情",
    ),
}  # fmt: skip
# What follows is a title, known here or not: "something like How to Get Away with Murder".
NAMED_BEFORE = (
    r"\b(?:like|loved|liked|seen|saw|watched|enjoyed|hated|read|called|titled|named|"
    r"similar to) \W*$"
)
# Threats are no wish either, where nothing to watch, read or play is asked for beside them.
THREAT = (
    r"\b(?:i|we) (?:really |just |will |'ll |am going to |want to |wanna |need to |gonna |"
    r"have to )+(?:kill|murder|stab|shoot|rape|strangle|poison) (?:him|her|them|you|someone|"
    r"somebody|people|everyone|my \w+)\b",
    r"\bich (?:will|werde|mochte) (?:\w+ ){1,3}(?:umbringen|toten|erstechen)\b",
)
