"""What people say of an item that was just spoken of, without naming it: praise, blame, whose.

"It was okay, but way too silly for me" is blame, "who doesn't love it" is praise, "my husband hated
it" counts where the speaker has no opinion of their own. A message is read clause by clause and the
last opinion counts. Works on folded text in which titles are masked; which item is meant is decided
in :mod:`chatrec.conversation.replies`. English only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from chatrec.conversation.utterance import MASK, Span

Opinion = Literal["liked", "disliked"]

NOT = r"(?:n'?t| not)"
# "Not a fan of", "was never much into", "not such a big fan of", "not interested in".
NOT_FOND = (
    r"\b(?:not|never|no|wasn'?t|weren'?t|isn'?t|ain'?t)(?: (?!only\b|just\b|i\b|but\b)[\w']+){0,4}?"
    r" (?:fans?|keen|into|interested|crazy|wild|impressed|enthused|thrilled)"
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
    r"(?:just|plain|really|so|too) (?:weird|strange|odd|silly)|(?:one of )?the worst|no good|"
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
    r"absolutely|actually|honestly|simply|totally|also|a|an|such a|total|complete|kind of a)"
)
_IS = r"(?:was|is|were|are|looks?|looked|sounds?|sounded|seems?|seemed|felt|got|'s)"
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
    rf"(?={_GAP}(?:$|(?:\w+ )?(?:either|at all|though|very much|too much|that much|much|really|"
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
_KIND_BLAME = re.compile(
    rf"(?:\b{BAD_DEED}|{NOT_FOND}|\b(?:do{NOT}|never) (?:really |usually |normally |generally |"
    rf"ever )*watch|\bno{{1,2}}t? (?:too|so|very|really|that) (?:much )?into){_OF_KIND}"
)
_PRAISE = re.compile(
    r"\b(?:(?:so|very|really|pretty|such an?|an?|another|absolutely|truly) )*(?:great|good|awesome|"
    r"amazing|excellent|fantastic|wonderful|classic|brilliant|hilarious|fun|funny|cute|perfect)"
    r"(?: (?:old|classic|family|action|scary|horror|funny))? (?:movies?|films?|flicks?|ones?|"
    r"classics?|games?|books?|series)\b|\b(?:loved|liked|enjoyed) (?:it|them|that|those)\b|"
    r"\bit was (?:\w+ ){0,2}(?:great|good|awesome|amazing|hilarious|funny|cute)\b|"
    r"\b(?:one of )?my (?:all[- ]time )?favou?rites?\b|\b(?:huge|big) fan of (?:it|that)\b|"
    rf"\bwho (?:does|would|did){NOT} (?:just )?(?:love|like|enjoy)\b|"
    rf"\b(?:do|did){NOT} (?:just|only|merely) (?:like|love)\b|\bso bad (?:that )?it'?s good\b|"
    rf"\b(?:can|could){NOT} (?:stop|get enough|wait|go wrong)\b"
)
_DENIED = re.compile(r"(?:\b(?:not|never|no|nor|hardly)|n'?t)\b(?: [\w']+){0,3}\s*$")
NOT_YET = re.compile(
    r"\b(?:haven'?t|have not|not yet|not|didn'?t|did not|hasn'?t) (?:actually |really |"
    r"yet |ever |even |gotten to |got to )*(?:seen|watched|see|watch|read|played|heard)\b|"
    r"\bnever (?:actually |really |even |got to |gotten to )*(?:seen|saw|watched|read|played|heard|"
    r"see)\b|"
    r"\bnot yet\b|\bi (?:have|had)(?:n'?t| not)\b(?! (?:liked|loved|enjoyed|cared|been))|"
    r"\b(?:will|i'?ll|gonna|going to|have to|want to|would) (?:\w+ )?(?:watch|check|see|try|look)\b"
)
_UNREAL = re.compile(  # what is supposed, asked or granted
    r"\b(?:if|in case|whether|unless|even though|although|hope|hopefully|supposed(?:ly)?|"
    rf"worried|afraid|didn'?t (?:think|expect)|did not (?:think|expect)|can'?t say|cannot say|"
    r"won'?t|i(?:'m| am| was) (?:\w+ )?too|not as \w+ as|as much as|better than|worse than|who "
    rf"(?:does|would|did){NOT})\b"
)
_OTHERS = re.compile(
    r"\b(?:my (?:\w+ )?\w+|he|she|they|everyone|everybody|people|critics|friends?|kids)(?: (?:\w+ "
    r")?)"
    r"(?:hates?|hated|dislikes?|disliked|thinks?|thought|did|does|didn'?t|doesn'?t|don'?t|fell|"
    r"was|wasn'?t)\b"
)
_BREAK = (  # also where nobody typed a full stop
    r"\b(?:but|any (?:other|more)|(?:do|can|could|would|have) you|(?:what|how) about|"
    r"(?:is|are) there)\b"
)
_CLAUSE = re.compile(rf"(?:(?!{_BREAK})[^.,;!?…])+[?]?")


def opinion_of_it(folded: str, *, kinds: bool = True) -> tuple[Opinion, Span] | None:
    """The opinion that a message gives of what was just spoken of, and the words that give it.

    None where it gives none. Of several the last counts, one's own before that of others. With
    ``kinds`` blame of a kind ("I don't like sci-fi") is blame of the item too.

    >>> opinion_of_it("i liked the start, but it was way too silly")
    ('disliked', (26, 43))
    """
    own: tuple[Opinion, Span] | None = None
    reported: tuple[Opinion, Span] | None = None
    unseen = NOT_YET.search(folded) is not None
    kinds &= "?" not in folded
    for start, clause in _clauses(folded):
        found = _opinion(clause, praised=not unseen, kinds=kinds)
        if found is None:
            continue
        opinion, (first, last) = found
        told: tuple[Opinion, Span] = opinion, (start + first, start + last)
        if _OTHERS.search(clause):
            reported = told
        else:
            own = told
    return own or reported


def _clauses(folded: str) -> Iterator[tuple[int, str]]:
    for match in _CLAUSE.finditer(folded):
        if not match[0].endswith("?"):
            yield match.start(), match[0]


def _opinion(clause: str, *, praised: bool, kinds: bool) -> tuple[Opinion, Span] | None:
    """What a clause says; ``praised``: praise counts, ``kinds``: blame of a kind does."""
    praise = _PRAISE.search(clause)
    if praise is not None and not _DENIED.search(clause[: praise.start()]):
        return ("liked", praise.span()) if praised else None
    unseen = NOT_YET.search(clause)
    blame = None if unseen else _BLAME.search(clause)
    if blame is None and kinds:
        blame = _KIND_BLAME.search(clause, unseen.end() if unseen else 0)
    if blame is None or _UNREAL.search(clause[: blame.end()]):
        return None
    return "disliked", blame.span()
