"""Set phrases by which people say that they did not like a film, or do not want one.

Patterns for the folded text of one clause. ``BLAMING`` holds of what was seen, ``REFUSING`` also
of what wasn't, ``GRUDGING`` only where nothing good is said beside it. Whom a clause means is
decided in :mod:`chatrec.conversation.opinions`. English only.
"""

from __future__ import annotations

import re

_IT = r"(?:it|that|this|those|them|these|him|her)(?: (?:one|movie|film|show)s?)?"
_THE = (
    r"(?:it|that|this|the (?:\w+ )?(?:movie|film|series|franchise|story|book|original|whole thing))"
)
_ADV = r"(?:really |even |ever |quite |just |actually |fully |always |personally |honestly )*"
_CANT = r"(?:(?:could|ca|would)n'?t|(?:could|can|would) ?(?:not|never))"
_DONT = r"(?:do|does|did)(?:n'?t| ?not)"
_WONT = r"(?:(?:wo|would)n'?t|(?:will|would) ?(?:not|never))"
# A word that denies what follows it; "want" and "another" hold none.
_NOT = r"(?:not|never|(?:is|was|are|were|do|does|did|ai|would|could|ca|have|has|had)n'?t)"

_GIVEN_UP = (  # not finished, not borne, slept through, regretted
    rf"{_CANT} {_ADV}(?:finish|stand|get (?:in ?to|through|thru|past|over|behind)|sit (?:through|"
    r"thru)|make it (?:past|through|thru|to)|take it|bear|deal with|handle|stay awake|keep "
    r"watching|connect|follow (?:it|that))(?! my (?:eyes|breath))",
    r"(?:gave|give|given) (?:it |that |that one )?up(?= (?:on|after|half|within|part|in)\b|\W*$)|"
    r"(?:i|we|and|just) quit\b",
    rf"(?:turn|turned|turning|shut|switched) (?:{_IT} )?off(?! (?:my|your) brain)|walked out|"
    rf"stopped (?:watching (?:{_IT}|half|part|after \d)|half|{_IT})|(?:had|have) to (?:stop|"
    rf"leave)\b",
    r"(?:fell|fall|fallen|falling) asleep|dozed off|slept through|(?:sleep|slept) (?:in|during|"
    r"through) (?:it|the)|puts? (?:me|us|him|her|everyone) (?:right )?to sleep",
    r"\b(?:bailed|noped|tapped) (?:out|after|halfway|on it|on that)\b|\bbailed\W*$|"
    r"\bnever again\b(?! (?:will|did|have) (?:i|we) (?:see|find))|"
    r"lost (?:me|us|interest|my (?:interest|attention))|(?:check|look)(?:ed|ing) (?:at )?(?:my|"
    r"the) "
    r"(?:watch|time|phone|clock)",
    r"wish(?:ed)? (?:i|we) (?:had(?:n'?t| not| never| skipped)|did(?:n'?t| not)|never|skipped)\b"
    r"(?! (?:wait|hear|known))|regret(?:ted)?\b(?! not)|(?:my|our) (?:money|time) back|"
    r"never get (?:that|those|it|them|the (?:time|money)) ?(?:time |hours? )?back|"
    r"(?:hours?|minutes) of my life|(?:waste|wasted) (?:of|my|our|\d|two|an)\b|"
    rf"{_NOT} (?:really )?worth",
    r"(?:made|forced|dragged) (?:me|us) (?:to )?(?:watch|see|sit|go)\b|(?:had to |)(?:suffered|"
    r"suffer|"
    r"endure|struggled|sit|forced? myself) (?:through|thru|to (?:watch|finish))",
)
_FAILED = (  # what it did not do
    r"neither of us (?:\w+ )?(?:cared|liked|enjoyed|loved)|forgot (?:about )?it (?:the next|right|"
    r"as soon|by|"
    r"immediately)|puts? (?:[\w']+ ){1,4}to sleep|hard time (?:staying|getting|following|"
    r"finishing|sitting)|"
    rf"{_DONT} laugh|made my skin crawl|makes my skin crawl|kept waiting for|let (?:me|us) down|"
    r"disappointed (?:me|us)\b|can(?:'?t|not) say (?:that )?(?:i|we) (?:really )?(?:liked?|loved?|"
    r"enjoyed?|"
    rf"cared?)\b|\b{_NOT} one of (?:the|their|his|her) (?:better|best|good|great|funnier|"
    rf"stronger)\b|"
    rf"{_DONT} {_ADV}(?:get|see) what (?:was|is|made)\b",
    rf"{_DONT} {_ADV}(?:do (?:it|anything|much|a thing|a lot) for|hold (?:my|our)|keep (?:my|our|"
    rf"me|"
    r"us)|grab|hook|click|work for|impress|interest|entertain|engage|move|excite|land\b|amuse|"
    r"resonate|live up|deliver|tickle|catch my|draw me|capture|cut it|strike me|sit (?:right|well)|"
    r"make (?:me|us) laugh)",
    r"(?:did|does|do) (?:absolutely |literally )?nothing for (?:me|us)|lea?ve?s? (?:me|us) cold|"
    r"left (?:me|us) (?:cold|flat|wanting|unsatisfied|disappointed|feeling (?:bad|empty|sick|"
    r"gross))|"
    r"\bbor(?:ed|es|e) (?:me|us|him|her)\b|rub(?:s|bed)? (?:me|us) the wrong|turn(?:s|ed) (?:me|"
    r"us) "
    r"off|missed the mark|(?:fell|falls) (?:flat|short)|(?:no|zero|any) (?:real |actual |good |"
    r"clear )?"
    r"(?:plot|story|storyline|substance|chemistry)\b|lack(?:s|ed) (?:\w+ )?(?:plot|story|substance|"
    r"depth|heart|originality)|tr(?:y|ies|ied|ying) (?:way |just |so )?too hard|(?:nothing|not "
    r"much) "
    r"(?:really |ever |much )?happen(?:s|ed)|full of (?:plot )?holes|style over substance",
    r"\bnever (?:really |quite |fully |been able to )*(?:appealed|interested|grabbed|warmed|"
    r"get in ?to|got in ?to|got the|gotten in ?to|clicked|did it for|cared)\b(?! more)",
    rf"{_DONT} {_ADV}(?:get|find) (?:that|this|his|her|their) (?:[\w']+ ){{0,3}}?humou?r|"
    rf"\bnot {_ADV}(?:liking|enjoying|loving|caring for)|{_DONT} {_ADV}make (?:any |much |a lot "
    rf"of |a lick of |a whole lot of )?sense|"
    r"ma(?:kes?|de) (?:no|zero|absolutely no|little) sense|no (?:idea|clue) what (?:was|is|it was|"
    r"it is|"
    r"happened|they)",
    r"(?:expected|expecting|hoped|hoping|wanted it to be) (?:for )?(?:it to be )?(?:a |so |much |"
    r"way |lot |alot |something )*"
    r"(?:more|better|funnier|scarier)\b|\b(?:higher|such high|high) (?:hopes|expectations)|"
    r"(?:want(?:ed)?|really tried|tried) to (?:like|love|enjoy|get in ?to) (?:it|that|this|them)|"
    r"supposed to (?:like|love) (?:it|that)|gave (?:it|that|that one) a (?:shot|try|chance)",
    rf"(?:{_DONT}|never) {_ADV}(?:get|got|see|saw|understood|understand) (?:all )?(?:the|what|why) "
    r"(?:all )?(?:the )?(?:\w+ )?(?:hype|fuss|appeal|big deal|point|attraction|fascination|humou?r|"
    r"(?:everyone|everybody|people|so many|they) )|what (?:all )?the (?:hype|fuss)|"
    rf"{_DONT} (?:really )?(?:think (?:it|they) )?deserved?\b|not sure why (?:everyone|people|so "
    rf"many)",
    rf"(?:ruin(?:s|ed)?|butcher(?:ed)?|killed) {_THE}|(?:they|he|she|it|\w+ing) (?:just |really |"
    rf"totally |"
    r"completely )*(?:ruined|butchered|messed (?:it )?up|screwed (?:it )?up)\b|should(?:'ve| have|"
    r" of|a)"
    r"(?: just)? (?:stopped|left|quit|ended|never)|cash ?grab",
    r"(?:gets?|got|getting) on my (?:\w+ )?nerves|(?:gave|gives|give) (?:me|us) (?:a|the) "
    r"(?:headache|"
    r"migraine|ick)|ma(?:de|kes) (?:me|us) (?:feel )?(?:sick|ill|nauseous|angry|cringe|gag|barf|"
    r"uncomfortable|want to "
    r"(?:leave|sleep|vomit|puke))|bored to (?:tears|death)|creep(?:s|ed) me out",
    r"(?:too|so|was|is|pretty|really) (?:hard|difficult|painful|tough|rough) to (?:watch|sit|"
    r"finish|get)",
    r"(?:good|great|works?|like|watch) (?:if|for) (?:falling asleep|insomnia)",
)
_NOT_MINE = (  # not one's own sort of thing
    rf"\b{_NOT}(?: [\w']+){{0,4}}? my (?:\w+ )?(?:thing|tastes?|type|style|cup|kind|kinda|"
    rf"favou?rites?|faves?|"
    r"favs?|genre|bag|speed|jam|scene|sort|vibe|idea of|sense of|alley|forte)\b",
    rf"\b{_NOT}(?: (?!only\b|just\b)[\w']+){{0,3}}? for (?:me|us|my (?:taste|liking|family|wife|"
    rf"husband))\b",
    r"\b(?:could(?:n'?t| not) care less|(?:(?:was|is|were|are)(?:n'?t| not)|not) all "
    r"that)"
    r"(?=\W*(?:$|for\b|about\b))",
    rf"\b{_NOT} (?:[\w']+ ){{0,3}}?what (?:i|we)(?:'m| am|'re| are| usually| really| would)? "
    rf"?(?:like|enjoy|"
    r"want|into|look|looking|go for|watch)\b",
    rf"\b{_NOT}(?: (?!only\b|just\b)[\w']+){{0,4}}? (?:enamou?red|happy with (?:it|that|how)|"
    rf"wowed|amused|"
    r"blown away|thrilled|impressed)\b",
    rf"\b(?:nothing|{_NOT} (?:really )?(?:something|anything|one|a movie)) (?:i'?d |i would |"
    rf"we'?d |to )+"
    r"(?:recommend|watch again|rewatch|write home)",
    r"\b(?:everyone|everybody|people|they) (?:\w+ ){1,3}(?:it |that |movie |one )*(?:but|except) "
    r"me\b|"
    r"\bnot me\b(?! either)",
    r"\b(?:(?:[0-3](?:\.\d)?|zero|one|two|three) ?(?:/|out of|outta) ?(?:10|ten)\b|"
    r"(?:[01](?:\.5)?|zero|one|"
    r"half a) stars?\b|thumbs? (?:way )?down)",
)
_UNWANTED = (
    r"driv(?:es|e|ing) (?:me|us) (?:nuts|crazy|insane|mad|up)\b|"
    rf"never (?:have|want|need) to (?:see|watch) (?:{_IT} )?again|never again|once (?:was|is) "
    rf"(?:more than )?enough|"
    rf"(?:{_WONT}|{_DONT}|{_CANT}) {_ADV}(?:want to |care to |need to |be )*(?:re-?watch\w*|"
    rf"(?:watch|"
    rf"watching|see|seeing) (?:{_IT} )?(?:again|twice))|"
    rf"{_DONT} think (?:i|we)(?:'?ll| will| would|'?d|d| could)? {_ADV}(?:be )?(?:watch|watching|"
    rf"see) "
    rf"(?:{_IT} )?again|no desire to (?:re-?)?watch",
    rf"\b{_NOT} (?:[\w']+ ){{0,3}}?interested(?= in (?:{_IT}|(?:see|watch)ing)\b|\W*$| at all| "
    rf"though)|\b(?:no|zero|not much|little|any) (?:interest|"
    rf"desire)\b",
    rf"\b{_DONT} {_ADV}want(?: it)?\W*$|\b{_DONT} {_ADV}(?:want to(?= (?:see|watch) "
    rf"(?:{_IT})?(?!\w)|\W*$)|appeal|interest me|"
    rf"sound (?:\w+ )?(?:like (?:my|"
    r"something i'?d?|a movie i)|good|appealing|interesting|great|fun))",
    rf"\b{_WONT} {_ADV}(?:be (?:watching|seeing)|watch|see|bother|go see|recommend|pay)\b|"
    r"\b(?:probably|definitely|most ?likely) (?:wo n'?t|won'?t|will not|wouldn'?t|would not|"
    r"not)\b(?! (?:be))",
    r"\b(?:i'?ll|i will|gonna|going to|have to|i|i'?d) (?:just |probably |definitely |gonna |"
    r"rather |have to )*"
    r"(?:pass|skip)\b(?! (?:out|the time|ahead))|"
    rf"^(?:\W|please|maybe|lets|let's|just|probably|no|nah|so)*(?:skip|pass on|avoid) (?:{_IT})?|"
    rf"hard pass",
    r"\b(?:i'?d|would|rather|we'?d) (?:much |really )?(?:rather|prefer) (?:not|to not|(?:have |"
    r"see |watch |try )?"
    r"(?:something|another|anything))|\brather not\b|\bprefer not\b",
    r"\b(?:live|do) without(?: (?:it|that|them)\b|\W*$)|^\W*(?:hard )?pass\W*$|\b(?:do not|"
    r"don'?t) bother\b|\b(?:stay away|steer "
    r"clear) (?:from|"
    r"of)\b|\b(?:so|totally|kind of|kinda|pretty) over (?:it|those|that|the|all|superhero)",
    r"\b(?:sick|tired|fed up) (?:of|with) (?:it|that|this|those|them|these|him|her|the)\b",
)
_GRUDGED = (  # blame of a part, or beside something better
    rf"\b{_NOT} (?:as|so|nearly as|quite as|anywhere near as|near as) (?:good|great|funny|scary|"
    r"interesting|exciting|enjoyable|strong) as\b",
    r"\b(?:hated|hate|disliked|did(?:n'?t| not) (?:really )?(?:like|care for|get|enjoy|understand|"
    r"love|"
    r"appreciate)) (?:how|that|the|all|any|much|half|a lot|most|what|when)\b"
    r"(?! (?:i|we|to see|chance|opportunity|it ended|it's over)\b)",
    r"\b(?:book|books|novel|original|first|first one|other|others|old one|show|second|sequel|"
    r"first two|1st) "
    r"(?:\w+ ){0,2}?(?:is|was|were|are) (?:\w+ ){0,2}?(?:better|funnier|scarier|superior|the "
    r"best)\b|"
    r"\bonly (?:really )?(?:liked?|loved?|enjoyed?) the (?:first|original|beginning|end|ending|"
    r"music|old|one|book)|"
    r"\bprefer(?:red)? the (?:original|first|book|old|other)\b",
    r"\b(?:think|find) (?:[\w']+ ){1,3}?(?:is |are )?(?:\w+ )?(?:annoying|boring|dull|unfunny|"
    r"irritating|obnoxious|stupid|silly|"
    r"weird)\b|"
    rf"\b{_DONT} (?:really )?find (?:[\w']+ ){{1,3}}?(?:appealing|funny|interesting|attractive)\b|"
    rf"\b{_DONT} compare\b|\b(?:went|going|goes|gone) downhill\b|\b(?:had|seen) enough\b|"
    rf"\b{_DONT} (?:really )?(?:like|love|enjoy) it as much as (?:i|we|everyone|people)\b",
    r"\b(?:hard|difficult) to (?:follow|understand|get into)|\b(?:unfortunately|sadly|regrettably|"
    r"regretfully)\W*"
    r"(?:yes|i (?:have|did|do)|we did|yeah)\b|\b(?:yes|yeah|have|did)\W+(?:unfortunately|sadly|"
    r"regrettably)\W*$",
    r"\b(?:the )?(?:acting|plot|story|story ?line|ending|humou?r|jokes|characters?|script|"
    r"dialogue?|effects|cgi|"
    r"pace|pacing|premise|writing|villain|people in it|actors) (?:\w+ )?(?:was|were|is|are|felt|"
    r"seemed|made) "
    r"(?:(?:\w+ly|so|too|a|bit|little|kinda|just|very|all|pretty|not|that|the) )*(?:bad|terrible|"
    r"awful|horrible|"
    r"stupid|dumb|annoying|lame|weak|boring|good|great|funny|cheesy|silly|slow|predictable|poor|"
    r"worst|"
    r"believable|no sense)\b",
)


def _any(*groups: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for group in groups for pattern in group))


BLAMING = _any(_GIVEN_UP, _FAILED, _NOT_MINE)
REFUSING = _any(_UNWANTED)
GRUDGING = _any(_GRUDGED)
