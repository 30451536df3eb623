"""What people say of an item that was just spoken of, without naming it: praise, blame, whose.

"It was okay, but way too silly for me" is blame, "who doesn't love it" is praise, "my husband hated
it" counts where the speaker has no opinion of their own. A message is read clause by clause and the
last opinion counts. Works on folded text in which titles are masked; which item is meant is decided
in :mod:`chatrec.conversation.replies`. English only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal

from chatrec.conversation.praise_sayings import PRAISING
from chatrec.conversation.utterance import MASK, Span
from chatrec.conversation.valence import LOVED, Tone, tone_of
from chatrec.conversation.verdict_sayings import BLAMING, GRUDGING, REFUSING

Opinion = Literal["liked", "disliked"]
Told = Literal["liked", "disliked", "mild", "fine"]  # "fine": good words that are no verdict

NOT = r"(?:n'?t| not)"
# "Not a fan of", "was never much into", "not such a big fan of", "not interested in".
NOT_FOND = (
    r"\b(?:not|never|no|wasn'?t|weren'?t|isn'?t|ain'?t)(?: (?!only\b|just\b|i\b|but\b)[\w']+){0,4}?"
    r" (?:fans?|keen|into|interested|crazy|wild|impressed|enthused|thrilled|big(?= on)|huge(?= "
    r"on)|fond|"
    r"sold(?= on)|happy(?= with)|person)"
    r"(?: (?:of|on|in|about|by|with))?"
)
# What an item is called that was not liked, after "was" and the like.
BAD = (
    r"(?:slog|drag|bore|snooze(?:fest)?|waste(?: of (?:my |our )?(?:time|money))?|let ?down|"
    r"disappointment|mess|train ?wreck|flop|dud|stinker|lousy|lame|stupid(?! funny)|dumb(?! funny)|"
    r"boring|terrible|awful|bad(?! ass| idea| choice| suggestion)|horrible|horrid|dreadful|"
    r"atrocious|over-?rated|over-?hyped|disappointing|underwhelming|dull|crap|crappy|rubbish|"
    r"garbage|trash|trashy|meh|unwatchable|unfunny|pointless|ridiculous|corny|cringe\w*|"
    r"annoying|gross|tedious|forgettable|mediocre|pathetic|hard to (?:watch|sit through|finish)|"
    r"(?:just|plain|really|so|too) (?:weird|strange|odd|silly)|(?:one of )?the worst|(?:one of "
    r")?(?:my|the) least favou?rites?|no good|"
    r"not (?:worth|so much(?! (?:in|of|about|on|with)\b))|could(?:'ve| have) been (?:\w+ "
    r")?(?:better|funnier|scarier|shorter)|"
    r"(?:not|n't) (?:(?!as\b)\w+ ){0,2}?(?:(?:good|great|funny|impressive|interesting|exciting|"
    r"enjoyable)"
    r"(?! enough to)|my (?:thing|taste|type|style|cup of tea|kind|favou?rites?|faves?|genre|bag|"
    r"speed)|for me|one of my (?:\w+ )?(?:favou?rites?|faves?|favs?)))"
)
TOO = (  # "too silly"; "too funny!" and "me too" are none
    r"(?:too (?!(?:often|many|much(?! for)|it|i|but|and|we|they|so|was|is|were|are|had|have|has|"
    r"funny|cute|good|great|cool|hilarious|adorable|awesome|late|busy|tired|bad|long ago|"
    r"at|in|on|to|with|if|because|thanks?|please|lol|omg|haha\w*|yes|yeah|no|what|how|when|where|"
    r"who|"
    r"he|she|you|any|maybe|that|this|or|a|an|the|my|do|did|can|could|will|would|for|of|as|"
    r"by)\b)\w+|too much(?= for\b|\W*$)|"
    r"(?:too|a little|a bit) (?:[\w']+ ){1,3}?for (?:me|us|my tastes?))"
)
INTENSE = (
    r"(?:so|very|really|quite|just|a bit|a little|kind ?of|kinda|sort of|pretty|rather|far|way|"
    r"much|"
    r"absolutely|actually|honestly|simply|totally|both|all|easily|by far|definitely|super|also|a|"
    r"an|such a|total|complete|kind "
    r"of a)"
)
_IS = r"(?:was|is|were|are|looks?|looked|sounds?|sounded|seems?|seemed|felt|got|'s)"
_NT = r"(?:n't|\b(?:do|does|did|is|was|are|were|ca|could|wo|would|have|has|had)nt)"
REFUSED = (
    re.compile(  # so that blame after it is none: "never lets me turn it off", "didn't hate it"
        rf"(?:\b(?:never|not|no one|nobody|hardly|without|who (?:could|can|would|does))|{_NT})\b"
        r"(?: (?!(?:i|we|but|and)\b)[\w']+){0,2}\s*$"
    )
)
# What somebody did, or didn't do, who did not like something.
BAD_DEED = (
    r"(?:hate|hated|hates|dislike|disliked|loathed?|despised?|detest(?:ed)?|"
    r"(?:(?:could|ca)n'?t|(?:could|can)(?: ?not| never)) (?:really |even |quite |ever )?(?:stand|"
    r"finish|get (?:in)?to|"
    r"get through|sit through|make it through|stomach|bear|bring myself to)|"
    r"fell asleep(?: (?:during|in|watching))?|"
    r"walked out(?: of| on)?|turned (?:it|that) off|gave up on|regret(?:ted)?(?: (?:watching|"
    r"seeing))?|"
    rf"(?:did|do|does){NOT} (?:really |particularly |much |actually |even |much of |ever )*"
    r"(?:like|liek|love|enjoy|care (?:too much |much |too |all that |that much )?(?:for|about)|"
    r"get into|dig|"
    r"appreciate)|never (?:really |much |quite )*(?:liked|cared (?:much )?for|enjoyed|got into|"
    rf"(?:could )?get into)|(?:do|would){NOT} (?:\w+ )?(?:think|believe|know if|know that|know "
    r"whether) "
    r"(?:that )?(?:i|we)(?:'d|'ll|d| would| will|ll|'m gonna| am going to)? (?:really )?(?:like|"
    r"liek|"
    r"enjoy|be into)(?: the (?:sound|look)s? of)?|"
    r"not sure (?:if |that |whether )?(?:i|we)(?:'d|'ll|d| would| will|ll) (?:really )?(?:like|"
    r"enjoy)|"
    rf"would(?:n'?t| not) (?:really )?recommend|pass(?:ing)? on|underwhelmed by|"
    r"(?:was |were |am )?(?:really |so |pretty |a bit |kind of )?(?:bored|disappointed|let down)"
    r"(?: (?:by|with|in|at|of))?)"
)
_ELSE = (
    rf"did{NOT} (?:\w+ )?(?:do (?:it|anything|much) for (?:me|us)|hold (?:my|our) (?:attention|"
    r"interest)|live up|work for (?:me|us)|impress (?:me|us)|grab me|click|finish (?:it|that))|"
    r"did nothing for (?:me|us)|left me cold|put (?:me|us) to sleep|bored (?:me|us)|"
    r"expected (?:more|better|so much more)|(?:hoped|was hoping) for (?:more|better)|"
    r"(?:had )?higher hopes|hard pass|not (?:really |exactly |quite |so )?(?:for (?:me|us)|my "
    r"(?:thing|taste|type|style|cup of tea|kind|favou?rites?|faves?|genre|bag|speed))|"
    r"not one of my (?:\w+ )?(?:favou?rites?|faves?|favs?)|not (?:that|very|so|really|all that|"
    r"too) "
    r"(?:good|great|funny|impressed|exciting)|(?:it|that|this|they|one|movie|film) (?:really )?"
    r"(?:sucks?|sucked|stinks?|stunk)|^(?:\W|really|totally)*(?:sucks?|sucked)\b|"
    rf"(?:does|do|did){NOT} (?:look|sound|seem) (?:\w+ ){{0,2}}(?:good|great|interesting|funny|"
    r"appealing)|no{1,2}t? (?:too|so|very|really|that) (?:much )?into"
)
_GAP = rf"[^\w{MASK}]*"  # no word and no title
_OF_IT = (  # after a verb or "fan of": nothing more, or a word for the item
    r"(?: (?:it|that|those|them|this|the (?:movie|film|first|second|last|original|sequel))"
    r"(?: (?:one|movie|film|sequel)s?)?)?"
    rf"(?={_GAP}(?:$|(?:\w+ )?(?:either|as well|at all|though|very much|too much|that much|much|"
    rf"really|"
    r"enough|"
    r"as much|so much|when|because|cuz|since|maybe|too|sorry|lol|then)\b))"
)
# Of a kind that the item is of: "I don't like sci-fi", "not a Star Wars fan", "not into old films".
_OF_KIND = r"(?! (?:it|that|those|them|this|to|how|when|what)\b)(?: [\w'-]+){1,6}[^\w\x1f]*$"
_BLAME = re.compile(
    rf"(?:^\W*(?:(?:it|that|this|they|one|i thought|i found it|honestly|but|yeah|yes|and|no|"
    rf"probably|maybe|oh|well)\W+)*|\b{_IS}\s+|'s\s+|\b(?:thought|found) (?:it|that)(?: was)?\s+)"
    rf"(?:{INTENSE}\s+)*(?:{BAD}|{TOO})\b|"
    rf"\b(?:was|is|were|are){NOT} (?:all |that |so |too |very |really |exactly )*(?:good|great|"
    r"funny|"
    r"impressed|impressive|as good as (?:i|we|people|every\w+|expected|hoped)|interesting|"
    r"exciting|my (?:thing|type|taste|style|cup of tea|"
    rf"kind|favou?rites?)|for me|one of my (?:\w+ )?(?:favou?rites?|faves?|favs?)|worth)\b|"
    rf"(?:\b{BAD_DEED}|{NOT_FOND}){_OF_IT}|\b(?:{_ELSE})|"
    rf"\b(?:sounds?|looks?|seems?|seemed)(?: (?:\w+ )?(?:a bit|a little|kind of|way))?\W+too\W+\w+"
)
_JUDGING = re.compile(rf"{_IS}\b")
_DEED = re.compile(rf"\b{BAD_DEED}")
_KIND_BLAME = re.compile(
    rf"(?:\b(?!hated ){BAD_DEED}|{NOT_FOND}|\b(?:do{NOT}|never) (?:really |usually |normally |"
    rf"generally |ever )*(?:watch|do|go for|like|enjoy)|\bno{{1,2}}t? (?:too|so|very|really|that) "
    rf"(?:much )?into){_OF_KIND}"
)
_PRAISE = re.compile(
    r"\b(?:(?:so|very|really|pretty|such an?|an?|another|absolutely|truly) )*(?:great|good|awesome|"
    r"amazing|excellent|fantastic|wonderful|classic|brilliant|hilarious|fun|funny|cute|perfect)"
    r"(?: (?:old|classic|family|action|scary|horror|funny))? (?:movies?|films?|flicks?|ones?|"
    r"classics?|games?|books?|series)\b|\b(?:loved|liked|enjoyed) (?:it|them|that|those)\b|"
    r"\bit was (?:(?!not\b|never\b)\w+ ){0,2}(?:great|good|awesome|amazing|hilarious|funny|cute)\b|"
    r"\b(?:one of )?my (?:all[- ]time )?favou?rites?\b|\b(?:huge|big) fan of (?:it|that)\b|"
    rf"\bwho (?:does|would|did){NOT} (?:just )?(?:love|like|enjoy)\b|"
    rf"\b(?:do|did){NOT} (?:just|only|merely) (?:like|love)\b|\bso bad (?:that )?it'?s good\b|"
    rf"\b(?:can|could){NOT} (?:stop|get enough|wait|go wrong)\b"
)
_DENIED = re.compile(rf"(?:\b(?:not|never|no|nor|hardly)|{_NT})\b(?: [\w']+){{0,3}}\s*$")
NOT_YET = re.compile(
    r"\b(?:haven'?t|have not|not yet|not|didn'?t|did not|hasn'?t) (?:actually |really |"
    r"yet |ever |even |gotten to |got to )*(?:seen|watched|see|watch|read|played|heard)\b|"
    r"\bnever (?:actually |really |even |got to |gotten to )*(?:seen|saw|watched|read|played|heard|"
    r"see)\b|"
    r"\bnot yet\b|(?<!wish )\bi (?:have|had)(?:n'?t| not)\b(?! (?:liked|loved|enjoyed|cared|been))|"
    r"\b(?:will|i'?ll|gonna|going to|have to|want to|would) (?:\w+ )?(?:watch|check|see|try|look)\b"
)
_UNREAL = re.compile(  # what is supposed, asked or granted
    r"\b(?:heard|i hear|if|in case|whether|unless|even though|although|hope|hopefully|"
    r"supposed(?:ly)?|"
    rf"worried|(?<!i'm )(?<!im )afraid|did(?:n'?t| not) (?:think|expect)(?= (?:that )?(?:i|we|he|"
    rf"she|to|it(?:'d| would| could))\b)|can'?t say|cannot say|"
    r"won'?t|i(?:'m| am| was) (?:\w+ )?too|not as \w+ as|as much as(?! (?:i|we|everyone|"
    r"people)\b)|better than|worse than|who "
    rf"(?:(?:does|would|did){NOT}|could|can|would))\b"
)
_LITTLE = re.compile(r"\b(?:a little|a bit|kinda|kind of|somewhat|slightly|sort of) too\b")
_PART_PRAISED = re.compile(
    r"\b(?:was|were|is|are) (?:(?!not\b|never\b)\w+ )?(?:great|awesome|amazing|hilarious|good|"
    r"excellent)\b"
)
_OTHER_PART = re.compile(  # "the second was bad" says nothing of the third
    r"\b(?:first|second|third|original|others?|1st|2nd|3rd|sequels)(?: (?:ones?|two|movies?|"
    r"films?))?"
    r" (?:\w+ )?$"
)
_OWN_THING = re.compile(r"\b(?:my|his|her|our|your) (?:\w+ )?\w+\W*$")
_MERELY = re.compile(
    r"\b(?:it|that|this|they|these|those|movie|film|flick|one|ones|show|which|i|thing)\W*$"
)
_OTHERS = re.compile(
    r"\b(?:my (?:\w+ )?\w+|he|she|they|everyone|everybody|people|critics|friends?|kids)(?: (?:\w+ "
    r")?)"
    r"(?:hates?|hated|dislikes?|disliked|thinks?|thought|did|does|didn'?t|doesn'?t|don'?t|dont|"
    r"fell|"
    r"was|wasn'?t|can'?t|couldn'?t|cannot|finds?|found)\b"
)
_OWN = re.compile(r"\b(?:i|me|we|us)\b")
_THE_OTHERS = re.compile(
    r"\W*(?:but |and |though )?(?:those|the (?:others?|rest|sequels?|other \w+))\b"
)
_HARMLESS = re.compile(r"\b(?:not (?:gonna|going to) lie|can'?t lie|don'?t get me wrong|no lie)\b")
_WILLING = re.compile(
    r"\b(?:i'?ll|i'?d|i (?:will|would|might|may|should)|we'?ll|might|gonna|going to|have to|want "
    r"to|need to) "
    r"(?:\w+ )?(?:give (?:it|that) a|check|try|watch (?:it|that)|look)\b"
)
_TOLD: Mapping[Tone, Told] = {"good": "fine", "bad": "disliked", "mild": "mild"}
_BUT_NOPE = re.compile(r"\W*but (?:nope|no|nah)\W*")
_HOPED = re.compile(r"\b(?:gonna|going to|would|might|supposed to|wanted|hoped|looked|seemed)\b")
_MORE_THAN_I = re.compile(r"\b(?:lik|lov|enjoy)ed it (?:\w+ ){0,2}?(?:more|better) than (?:i|me)\b")
_LIKING = re.compile(r"\b(?:lik|lov|enjoy|ador)(?:e|es|ed|s)?\b")
_I_DID_NOT = re.compile(
    r"\b(?:i|we|me) (?:(?:really|personally|just|certainly|definitely|sure) )*(?:did|do)(?:n'?t| "
    r"not)"
    r"(?: (?:really|so much|at all|much|personally|though|tho|lol))*\W*$|"
    r"^\W*(?:but |just |except |and )*(?:not )?me(?: though| tho| lol)?\W*$"
)
_BREAK = (  # also where nobody typed a full stop
    r"\b(?:but|any (?:other|more)|(?:do|can|could|would|have) you|(?:what|how) about|"
    r"(?:is|are) there)\b"
)
_CLAUSE = re.compile(rf"(?:{_BREAK}|[^.,;!?…])(?:(?!{_BREAK})[^.,;!?…])*[?]?")


def opinion_of_it(
    folded: str, *, kinds: bool = True, mild: bool = True
) -> tuple[Opinion, Span] | None:
    """The opinion that a message gives of what was just spoken of, and the words that give it.

    None where it gives none. Of several the last counts, one's own before that of others; mild
    blame ("it was predictable") only where nothing good is said. With ``kinds`` blame of a kind
    ("I don't like sci-fi") is blame of the item too; without ``mild`` no mild blame counts.

    >>> opinion_of_it("i liked the start, but it was way too silly")
    ('disliked', (26, 43))
    """
    told = told_of_it(folded, kinds=kinds, mild=mild)
    if told is None or told[0] == "fine":
        return None
    return ("liked" if told[0] == "liked" else "disliked"), told[1]


def told_of_it(folded: str, *, kinds: bool = True, mild: bool = True) -> tuple[Told, Span] | None:
    """As :func:`opinion_of_it`, but "fine" where good words come last that are no verdict."""
    folded = _HARMLESS.sub(lambda match: " " * len(match[0]), folded)
    own: tuple[Told, Span] | None = None
    reported: tuple[Told, Span] | None = None
    unseen = NOT_YET.search(folded) is not None
    kinds &= "?" not in folded
    for start, clause in _clauses(folded):
        found = _shortened(folded, start, clause) or _opinion(
            clause, praised=not unseen, kinds=kinds
        )
        if found is None:
            praised = own is not None and own[0] == "mild" and _PART_PRAISED.search(clause)
            own = ("fine", own[1]) if praised and own is not None else own
            continue
        opinion, (first, last) = found
        if own is not None and own[0] != "disliked" and _THE_OTHERS.match(clause):
            continue
        if opinion == "mild" and (own is not None or not mild):
            continue
        told: tuple[Told, Span] = opinion, (start + first, start + last)
        if _is_reported(clause, last):
            reported = told
        else:
            own = told
    return own or reported


def _is_reported(clause: str, end: int) -> bool:
    """Whether the opinion that ends there is somebody else's: the last who is named before it."""
    others = [m.start() for m in _OTHERS.finditer(clause) if m.start() < end]
    own = [m.start() for m in _OWN.finditer(clause, 0, end)]
    return bool(others) and (not own or own[-1] < others[-1])


def _clauses(folded: str) -> Iterator[tuple[int, str]]:
    for match in _CLAUSE.finditer(folded):
        if not match[0].endswith("?"):
            yield match.start(), match[0]


def _opinion(clause: str, *, praised: bool, kinds: bool) -> tuple[Told, Span] | None:
    """What a clause says; ``praised``: praise counts, ``kinds``: blame of a kind does."""
    praise = _PRAISE.search(clause) or PRAISING.search(clause)
    if praise is not None and not _DENIED.search(clause[: praise.start()]):
        return ("liked", praise.span()) if praised else None
    unseen = NOT_YET.search(clause)
    after = unseen.end() if unseen else 0
    blame = _BLAME.search(clause, after) or (None if unseen else BLAMING.search(clause))
    blame = blame or REFUSING.search(clause)
    if blame is not None:
        return _blamed(clause, blame, after if blame.re is _BLAME else 0)
    kind = _KIND_BLAME.search(clause, after) if kinds else None
    if kind is not None and not _UNREAL.search(clause[: kind.end()]):
        return "mild", kind.span()
    if (willing := _WILLING.search(clause)) is not None:
        return "fine", willing.span()
    if _UNREAL.search(clause):
        return None
    grudge, tone = GRUDGING.search(clause), tone_of(clause)
    if tone is None and (loved := LOVED.search(clause)) is not None and grudge is None:
        return "fine", loved.span()
    if unseen or not praised:  # "sounds good" is no verdict, and what is good of the unseen neither
        return ("fine", tone[1]) if tone is not None and tone[0] == "good" else None
    if tone is not None and (tone[0] != "good" or grudge is None):
        return _TOLD[tone[0]], tone[1]
    return None if grudge is None else ("mild", grudge.span())


def _blamed(clause: str, blame: re.Match[str], begin: int) -> tuple[Told, Span] | None:
    """What blame comes to in its clause: none where it is denied, supposed, or of another part."""
    before = clause[: blame.start()]
    reach = clause[: blame.end()] if blame.re is _BLAME else before
    if _UNREAL.search(reach) or REFUSED.search(before[begin:]):
        return None
    praise = None if _DEED.search(blame[0]) else tone_of(before)
    if LOVED.search(clause, blame.end()) or (praise is not None and praise[0] == "good"):
        return "fine", blame.span()
    if _LITTLE.search(blame[0]):
        return "mild", blame.span()
    if _JUDGING.match(blame[0]) is None or not before.strip():
        return "disliked", blame.span()
    if _OTHER_PART.search(before) or _OWN_THING.search(before):
        return None
    return ("disliked" if _MERELY.search(before) else "mild"), blame.span()


def _shortened(folded: str, start: int, clause: str) -> tuple[Told, Span] | None:
    """Blame that leaves its verb to what was said before: "the kids loved it, I didn't"."""
    nope = _BUT_NOPE.fullmatch(clause)
    if nope is not None and _HOPED.search(folded, 0, start):
        return "disliked", nope.span()
    more = _MORE_THAN_I.search(clause)
    if more is not None:
        return "mild", more.span()
    match = _I_DID_NOT.search(clause)
    if match is None or not _LIKING.search(folded, 0, start + match.start()):
        return None
    return "disliked", match.span()
