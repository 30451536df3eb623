"""How the words around a title mean it: liked, disliked, seen, "like this", or dated by it.

Works on folded text and spans; which items a message names is found in
:mod:`chatrec.conversation.mentions`.
"""

from __future__ import annotations

import re

from chatrec.conversation.opinions import BAD, BAD_DEED, INTENSE, NOT, NOT_FOND, REFUSED, TOO
from chatrec.conversation.titled import Meaning, dated_by
from chatrec.conversation.utterance import CUE_REACH, Span, left_of

_Q = r"[\s\"'(*:,]*$"
_PRE = (
    r"(?:really |quite |very much |absolutely |also |just |all |both |the (?:films?|"
    r"movies?) |films? |movies? |already |of |any of |either )*"
)
_THE = r"(?:(?:the|any|those|these) )?"
_SEEN = re.compile(
    r"(?:\b(?:i|we|i've|we've|ive|have|having|already|just|he's|she's|"
    r"they've)\s+)*\b(?:seen|watched|rewatched|saw|read|played|finished|own|gesehen|kenne|gelesen|"
    r"gespielt|vu|lu|joue a|visto|vi|lei|leido|jugue a|already know|know already|"
    rf"(?<!you )(?<!to )(?<!more )(?:i|we) know|last (?:\w+ )?(?:i|we) (?:saw|watched|read|played) "
    rf"(?:was|is))\s+{_PRE}{_THE}{_Q}|(?:我)?(?:已经)?(?:看|玩|读|"
    rf"听)过(?:了)?\s*{_Q}"
)
_UNSEEN = re.compile(
    r"\b(?:haven'?t'?|have not|never|not yet|not|didn'?t|did not|hasn'?t|have yet to|still "
    r"(?:need|have) to|nie|"
    r"noch nicht|jamais|"
    r"nunca) (?:actually |really |even |yet |ever |gotten to |got (?:a)?round to |gotten around "
    r"to )?(?:seen|saw|watched|see|watch|"
    r"read|played)\s+"
    rf"(?:either (?:of )?)?{_PRE}{_Q}|没看过\s*$"
)
_SEEN_BUT_NOT = re.compile(
    r"\b(?:seen|saw|watched|read|played)\b[^.!?;]*\bbut (?:i )?(?:have )?(?:not|"
    r"never)(?: seen)? [\"']*$"
)
_HEARSAY = re.compile(
    r"\b(?:heard|hear|hoping|hope|if|whether|told|guess|bet|will|would|might|could|looks?|"
    r"sounds?)\b"
    r"[^.!?;,]*$"
)
BAD_NEWS = (  # "heard bad things about"
    r"\b(?:heard|hear|read|seen|got)(?: \w+){0,3}? (?:bad|awful|terrible|horrible|poor|negative) "
    r"(?:things?|reviews?|stuff|ratings?) (?:about|of|on|for)"
)
_DISLIKED = re.compile(
    r"(?:\b(?:i|we|he|she|they|and|but|really|absolutely)\s+)*(?:\b(?:(?:least favou?rites?|"
    r"worst(?: (?:film|movie|one|thing)s?)?(?: (?:i|we|ever|that|i've|have|saw|seen|watched|"
    r"recently|lately))*)"
    r"(?: \w+(?:'s)?)?(?: (?:is|are|was|were|would be|has to be|would have to be|must be))?|"
    + BAD_DEED
    + r"|(?:do|did|does)"
    + NOT
    + r" get|"
    r"could(?:n'?t| not) care less (?:about|for)|sick of|tired of|hasse|hasste|deteste|ai deteste|"
    r"je n'aime pas|n'ai pas aime|je n'ai pas aime|odio|odie|no me gusto|no me gusta|"
    rf"no me gustaron)|讨厌|不喜欢|恨)\s*{_PRE}{_THE}{_Q}"
    rf"|(?:\b(?:i|we|he|she|they|was|were|am|are|i'm|really)\s+)*(?:{NOT_FOND}|{BAD_NEWS}|"
    r"\b(?:not (?:so|as|that|very) much|(?:most|all|every\w*|both)\b[^.!?;]{0,60}\bbesides?)"
    r"(?: (?:in|of|about|on|with))?)\s+"
    rf"(?:(?:the|any|those|that|this)\s+)?(?:(?:sequ[ea]l|prequel|remake|original)\s+)?{_PRE}{_Q}"
)
_BLAMED = re.compile(  # "not for me, the second one"
    rf"\b(?:(?:was|is|were|are|it'?s){NOT}|not) (?:really |quite |so )?(?:for me|my (?:thing|"
    rf"taste|type|style|cup of tea|kind))\s*,\s*{_THE}{_Q}"
)
_RHETORICAL = re.compile(  # "who doesn't love Heat?"
    rf"\bwho (?:does|would|did|could){NOT} (?:just )?(?:love|like|enjoy|adore)\s+{_PRE}{_Q}"
)
_BESIDE = re.compile(  # "what other films besides Heat": known, and no more is said of it
    r"\b(?:other(?! than)|else|any|more)\b[^.!?;]*\b(?:besides?|other than|apart from|except(?: "
    r"for)?)\s+"
    rf"{_PRE}{_Q}"
)
_ALL_SEEN_BUT = re.compile(  # "I've seen all of those except Heat"
    r"\b(?:seen|saw|watched|read|played)\b[^.!?;]*\b(?:all|every\w*|most|both|them|those|others?)\b"
    rf"[^.!?;]*\b(?:but|except(?: for)?|besides?|apart from|other than)\s+{_PRE}{_Q}"
)
_UNWANTED = re.compile(  # "don't show me Heat", "I'd rather die than watch Heat"
    r"\b(?:(?:(?<!why )don'?t|do not|never|stop|quit) (?:ever |just |please )?(?:show|recommend|"
    r"suggest|offer|propose|mention)(?:ing)?(?: (?:me|us))?|(?:rather|sooner) (?!watch\b|see\b)\w+"
    rf"(?: \w+)?? than (?:watch|see|sit through|endure))\s+{_PRE}{_THE}{_Q}"
)
_EXCEPTED = re.compile(  # "no musicals except Grease" rules out the others, not this one
    rf"\b(?:no|not|none|nothing|never|hate|avoid|dislike|without|\w+n't|keine?|nicht|pas de|"
    rf"ningun\w*)\b"
    r"(?:(?!\b(?:any\w*|every\w*|all|whatever)\b(?! (?:of|before|after|from)\b))[^.!?;])*?"
    r"(?P<cue>\b(?:except(?: for)?|apart from|other than|ausser|sauf|excepto|salvo)\s+)"
    rf"{_PRE}{_THE}{_Q}"
)
_WATCHED = re.compile(r"\b(?:seen|saw|watched|read|played)\b")
_UNREAL = re.compile(r"\b(?:if|in case|whether|unless)\b[^.!?;,]*$")  # "in case I don't like it"
_GRANTED = re.compile(r"\b(?:even though|even if|although|though)\s+[\"']?$")
_AS_MUCH = re.compile(r"\s*as (?:much|well)\b")  # "didn't like Heat as much" liked it, only less
_BUT_I = re.compile(  # "my wife hates Heat but I do like it"
    r"\W*but (?:i|we) (?:(?:do|did)(?= (?:like|love|enjoy)? ?(?:it|that|them)\b|\W*$)|(?:\w+ "
    r")?(?:lov|"
    r"lik|enjoy)\w* (?:it|that|them)\b|(?:do|did)(?:n'?t| not)\W*$)"
)
_BUT_ME = re.compile(r"\W*(?:but|except)(?: for)? me\b")  # "everyone loves Heat but me"
_UNSEEN_AFTER = re.compile(
    rf"\W*i (?:did{NOT}|have{NOT}|never) (?:see|saw|seen|watch|watched|read|play|played)\b"
)
_NO_FAN = re.compile(
    r"\b(?:not|never|no|wasn'?t|isn'?t|aren'?t) (?:really |exactly |much |such |of )*(?:an? )?"
    r"(?:big |huge |great |real )?$"
)
_FAN = re.compile(r"['\"]?(?: \w+)? fans?\b")
_UNLIKE = re.compile(
    r"(?:\b(?:(?:(?<!why )not|nothing|no(?! one\b| other\b)|don'?t|didn'?t|isn't|never(?! "
    r"(?:thought|heard|"
    r"knew|seen|saw))|"
    r"nicht|"
    rf"nichts|pas|rien|nada|no quiero)(?: (?!(?:i|we|did|do|but|expect|think|mind|"
    rf"know)\b)[\w']+){{0,4}}? "
    r"(?:like|similar to|wie|ahnlich wie|comme|como)|unlike|"
    r"(?:anything|everything) but|except(?: for)?|besides|other than|apart from|"
    r"rather than|instead of|without|(?<!why )not|no|avoid|skip|minus|less like|remove|ausser|sauf|"
    rf"excepto|nicht|pas|no como)|不要|除了|别像|不像)\s+{_PRE}{_Q}|(?:不要|除了|别像|不像)\s*{_Q}"
)
_ISNT = re.compile(  # "a messenger that isn't Facebook"
    r"\b(?:that|which|who|it|they|these|those)\s?(?:is|are|was|were|'s|'re)(?:n't| not)\s+"
    rf"{_PRE}{_Q}"
)
_WOULD = re.compile(rf"\b(?:would|'d|i'd) (?:also )?(?:like|love)(?: to (?:see|watch))? {_PRE}{_Q}")
_LIKED = re.compile(
    r"(?:\b(?:i|we|he|she|they|my \w+|who|kids|and|also|i've|always|really|absolutely|"
    r"quite)\s+)*(?:(?:(?<!may )(?<!might )(?<!will )(?<!'ll )(?<!could )\b(?:loved|liked|loves|"
    r"enjoyed|enjoys?|adore[ds]?|enjoying|appreciated|worships?|worshipped|swears? by|"
    r"raves? about|raved about|(?:mad|crazy|nuts|wild) about|hooked on|"
    r"(?:loved|liked|enjoyed|adored?|enjoy|love) (?:(?:the|every|all the|how|that) [\w' -]{1,24} "
    r"(?:of|in|from|by)|how|every (?:minute|second|bit) of)|"
    r"fan of|fans of|(?<!look )(?<!looking )(?<!get )(?<!got )(?<!not )(?<!too )into|obsessed with|"
    r"(?<!something )(?<!anything )(?<!films )(?<!movies )(?<!film )(?<!movie )(?:i|we|"
    r"you|he|she|they|and|who|kids|really|also|do|did|always) (?:love|like|likes)|love|"
    r"(?<!least )favou?rites?(?: \w+)?(?: (?:films?|movies?|games?|"
    r"books?))?(?: of all time)?(?: ever)?(?: (?:is|are|was|were|include|includes))?|mag|"
    r"mochte|liebe|liebte|fand|"
    r"j'aime|j'adore|j'ai (?:bien |beaucoup )?(?:aime|adore)|me (?:gusta|gusto|encanta|"
    rf"encanto)(?:n|ron)?|lieblingsfilme?(?: ist| sind)?)|喜欢|爱看|最爱)\s*{_PRE}{_Q})"
)
_NEAR = re.compile(
    r"(?:\b(?:(?:something|anything|somthing|more|films?|movies?|games?|books?|stuff|"
    r"ones?|some|just|but|a lot|much|else|mehr|etwas|so etwas|so was|filme|quelque chose|"
    r"des films?|un film|algo|peliculas?)\s+)*(?:(?:exactly|just|much|a bit|kind of|"
    r"sort of)\s+)?"
    r"(?:like|similar to|akin to|in the (?:vein|spirit|style|mood|manner) of|"
    r"along the lines of|reminiscent of|reminds? me of|comparable to|close to|"
    r"resembl(?:es|ing)|the same (?!director|author|actor|actress|creator)(?:\w+ )?as|"
    r"such as|a la|as (?:good|funny|scary|dark|\w+) as|"
    r"based on|inspired by|wie|ahnlich(?: wie)?|im stil von|comme|semblables? a|"
    r"dans le (?:genre|style) de|du (?:genre|style) de|como|parecid[oa]s? a|similar a|"
    r"al estilo de|more|mehr von|related to|after watching|equivalent (?:of|"
    rf"to)))\s+{_PRE}{_Q}|(?:类似于?|像|跟|和)\s*{_Q}"
)
_BAD_AFTER = re.compile(
    r"['\"]?\s*,?\s*(?:(?:was|is) (?:ok|okay|fine|alright),? but )?(?:which )?"
    r"(?:(?:was|is|were|are|seems?|seemed|looks?|looked|sounds?|felt|got|war|ist|fand ich|etait|"
    r"est|fue|"
    rf"es)\s+)?(?:(?:{INTENSE}|zu|sehr|tres|muy)\s+)*"
    r"(?:did nothing for me|left me cold|put me to sleep|sucked|sucks|bored me|langweilig|schlecht|"
    r"ennuyeux|nul|aburrid[oa]|mal[oa]|mag ich nicht|mochte ich nicht|hat mir nicht gefallen|"
    rf"no me gusto|{BAD}|{TOO})(?!\w)|\s*(?:太)?(?:无聊|难看|不好看)"
)
_WASNT = re.compile(
    rf"['\"]?\s*(?:just |really |simply )?(?:was|is|were|did){NOT} (?:\w+ ){{0,2}}(?:good|great|"
    r"funny|scary|interesting|"
    r"exciting|impressive|my (?:thing|taste|type|style|cup of tea|kind|favou?rites?)|for me|work|"
    r"one of my (?:\w+ )?(?:favou?rites?|faves?|favs?)|do (?:it|anything|much) for me|live up)\b"
    rf"|['\"]?\s*(?:is|was|are|were){NOT} what (?:i|we)(?:'m| am|'re| are)? ?\w+\b(?!.*good way)"
)
_WHEN = (
    r"(?:(?:yesterday|recently|again|lately|today|last (?:night|week|month|year)|"
    r"the other (?:day|night))\s*,?\s*)?(?:(?:and|it'?s|it is|it was|still|that was)\s+)*"
)
_GOOD_AFTER = re.compile(
    rf"['\"]?\s*,?\s*{_WHEN}"
    r"(?:(?:was|is|were|are|looks?|sounds?|war|ist|fand ich|etait|est|fue|"
    r"es)\s+)?(?:(?:so|very|really|quite|just|pretty|absolutely|sehr|tres|muy|both|all|my|"
    r"one of my)\s+)*"
    r"(?:(?:great|good|nice|perfect)(?! (?:bye|night|day|evening|luck|time|weekend|suggestions?|"
    r"ideas?|choices?|"
    r"recommendations?|thanks?)\b)|amazing|brilliant|awesome|fantastic|excellent|wonderful|"
    r"superb|funny|hilarious|fun|cute|favou?rites?|masterpieces?|a masterpiece|interesting|toll|"
    r"super|klasse|"
    r"genial|hat mir gefallen|gefallt mir|mag ich|me plait|m'a plu|j'ai (?:beaucoup )?(?:adore|"
    r"aime)|"
    r"mochte ich|me gusto|"
    r"me encanto)\b|\s*(?:很|非常)?(?:好看|不错)"
)
_ENDS = r"(?=\s*(?:$|[.,!?;]|\b(?:but|and|though|to (?:bits|death)|so|very|a lot|more|most|too)\b))"
_WHO = r"\s*,?\s*(?:which |that )?(?:i|we|she|he|they|my \w+|everyone|the kids)(?:'ve| have|'d)? "
_LOVED_AFTER = re.compile(  # "the last one I adore", "Jaws we enjoyed"
    rf"['\"]?{_WHO}(?:(?:really|absolutely|always|just|all|both|also|quite|did|do) )*(?:loved?|"
    rf"loves|"
    rf"adore[ds]?|liked?|likes|enjoy(?:ed|s)?)\b{_ENDS}|['\"]?(?:'s|\s+(?:is|was))? (?:the |my |"
    rf"one of "
    r"(?:the|my) )?(?:\w+ )?(?:best|greatest|finest) (?:film|movie|thing|one|game|book)s?\b|"
    rf"['\"]?\s+(?:both |all )?(?:loved|adored|enjoyed)(?=\s*(?:$|[,.!;]))|"
    r"['\"]?\s*[,:]\s*(?:wow|whoa|amazing|love it|loved it|perfection|masterpiece|what a film|"
    r"yes please)"
    r"(?=\s*(?:$|[.,!;]))|"
    r"['\"]?\s+(?:i|we)(?:'d| would| could) watch (?:any ?(?:day|time)|again)"
)
_HATED_AFTER = re.compile(
    rf"['\"]?{_WHO}(?:(?:really|absolutely|just|all|both|also|quite) )*(?:hate[ds]?|loathe[ds]?|"
    r"despised?|(?:can(?:'?t|not)|could(?:n'?t| not)) (?:stand|finish|get (?:in ?to|through)|bear)|"
    r"(?:did|do|does)(?:n'?t| not) (?:really |much )?(?:like|enjoy|get|care for)|walked out of|"
    rf"fell asleep (?:in|during)|don't want(?: to (?:see|watch))?)\b{_ENDS}|"
    r"['\"]?\s*(?:,|:|\.\.\.?|\?)?\s*(?:not so much|no thanks|no thank you|no way|(?:oh )?(?:god|"
    r"hell|lord) no|nope|nah|(?:hard )?pass|ugh|yuck|meh|not for (?:me|us)|overrated)"
    r"(?=\s*(?:$|[.,!;]))"
)
_FINE_AFTER = re.compile(  # seen, without an opinion to go by
    r"['\"]?\s*,?\s*(?:was|is|were|are|war|etait|fue|estuvo)\s+(?:(?:just|only|kind of|pretty|"
    r"quite|"
    r"sort of|ganz|so|assez)\s+)*(?:ok|okay|fine|alright|all right|so-so|decent|average|watchable|"
    r"readable|playable|nothing special|not bad|meh|in ordnung|correct|pasable)\b"
    r"(?! (?:for|with|to|by)\b)"
)
_NOT_AFTER = re.compile(
    r"['\"]?\s*(?:no(?:,? (?:por favor|gracias))?\s*[.!]*\s*$|(?:nicht|non|nein)"
    r"(?:,? (?:merci|danke|bitte))?\s*(?:$|[.!,]))"
)  # "eso no", "den nicht", "Heat non merci"
_SEEN_AFTER = re.compile(
    r"['\"]?\s*,?\s*(?:(?:i|we|they|i've|we've|they've|ive) (?:have )?(?:already |all |both "
    r")*(?:seen|watched|"
    r"read|played|know)|(?:is|are) (?:done|finished|read|seen)|"
    r"(?:already |i've |have )?(?:seen|read|watched|played) (?:it|that|this|them|those)|"
    r"(?:both |all |already )*(?:seen|watched)(?=\s*(?:$|[,.!;]|and\b|but\b|already\b))|"
    r"already|schon gesehen|kenne ich(?: schon)?|"
    r"habe ich (?:schon )?gesehen|je l'ai (?:deja )?vu|deja vu|ya la (?:vi|he visto)|"
    r"ya la vi)\b|\s*(?:我)?(?:已经)?看过"
)
_YOU = re.compile(
    r"\b(?:have|do|did|could) you (?:ever |already )?(?:seen|watched|see|watch|have|know|"
    r"got|like)\s+[\"']?$"
)
_ASKED = re.compile(r"(?:^|[\s,])(?:is|are|was|were|ist|est|es)\s+[\"']?$")
_BOUNDARY = re.compile(
    r"[.!?;。！？；，]\s*|\b(?<!anything )(?<!everything )but\s|\baber\s|\bmais\s|\bpero\s"
)


def meaning_of(folded: str, start: int, end: int) -> tuple[Meaning | None, Span]:
    """How the words around ``folded[start:end]`` mean it, None without a cue, and their span."""
    left, right = left_of(folded, start), folded[end : end + CUE_REACH]
    breaks = [m.end() for m in _BOUNDARY.finditer(left)]
    left = left[breaks[-1] :] if breaks else left
    begin = start - len(left)
    if _YOU.search(left) or (left.endswith("without ") and folded[start:end] == "it"):
        return None, (start, end)
    if _SEEN_BUT_NOT.search(left_of(folded, start)):
        return "unseen", (start, end)
    if (dated := dated_by(left, right)) is not None:
        kind, first, length = dated
        return kind, (begin + first, end + length)
    before: tuple[tuple[re.Pattern[str], Meaning], ...] = (
        (_RHETORICAL, "liked"),
        (_ALL_SEEN_BUT, "unseen"),
        (_EXCEPTED, "liked"),
        (_UNSEEN, "unseen"),
        (_SEEN, "seen"),
        (_BESIDE, "seen"),
        (_UNWANTED, "disliked"),
        (_DISLIKED, "disliked"),
        (_BLAMED, "disliked"),
        (_WOULD, "near"),
        (_ISNT, "disliked"),
        (_UNLIKE, "disliked"),
        (_LIKED, "liked"),
        (_NEAR, "near"),
    )
    after: tuple[tuple[re.Pattern[str], Meaning], ...] = (
        (_HATED_AFTER, "disliked"),
        (_LOVED_AFTER, "liked"),
        (_BAD_AFTER, "disliked"),
        (_WASNT, "disliked"),
        (_FINE_AFTER, "seen"),
        (_NOT_AFTER, "disliked"),
        (_SEEN_AFTER, "seen"),
        (_GOOD_AFTER, "liked"),
    )
    found: tuple[Meaning | None, Span] = (None, (start, end))
    if _NO_FAN.search(left) and (fan := _FAN.match(right)) is not None:
        return "disliked", (start, end + fan.end())  # "not a Star Wars fan"
    for pattern, meaning in before:
        match = pattern.search(left)
        if match is not None and meaning == "disliked" and _UNREAL.search(left[: match.start()]):
            return None, (start, end)
        if match is not None and pattern is _DISLIKED:
            if REFUSED.search(left[: match.start()]):  # "nobody hates Heat"
                continue
            if (own := _BUT_I.match(right)) is not None:
                return "liked", (begin + match.start(), end + own.end())
        if match is not None and pattern is _EXCEPTED:
            told: Meaning = "seen" if _WATCHED.search(match[0]) else meaning
            found = told, (begin + match.start("cue"), end)
            break
        if match is not None:
            found = meaning, (begin + match.start(), end)
            if pattern is _LIKED and (but_me := _BUT_ME.match(right)) is not None:
                return "disliked", (found[1][0], end + but_me.end())
            if pattern is _DISLIKED and _AS_MUCH.match(right):
                return "seen", found[1]
            if pattern is _UNLIKE and _UNSEEN_AFTER.match(right):
                return "unseen", found[1]
            known = _SEEN_AFTER.match(right) if pattern is _UNLIKE else None
            worse = _BAD_AFTER.match(right) if meaning == "disliked" else None
            if known is not None:  # "not Gone Girl, seen it"
                return "seen", (found[1][0], end + known.end())
            if worse is not None:  # "couldn't finish it, way too long" asks for nothing shorter
                return meaning, (found[1][0], end + worse.end())
            break
    if _ASKED.search(left) or _HEARSAY.search(left) or _GRANTED.search(left):
        return found
    for pattern, meaning in after:
        match = pattern.match(right)
        if (
            match is not None
            and found[0] in (None, "near", "seen", "unseen")
            and not (found[0] == "seen" and meaning == "seen")
        ):
            return meaning, (found[1][0], end + match.end())
    return found
