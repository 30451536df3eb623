"""Whether words before a mention rule it out, and how far such a word reaches.

Works on folded text and spans only; what is mentioned doesn't matter here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from chatrec.conversation.lexicon import Language
from chatrec.conversation.utterance import MASK, Span, left_of, split

REACH_WORDS = 6  # a negation rules out at most what follows within this many words

_NEGATIONS: Mapping[Language, str] = {
    "en": r"no|not|non|without|nothing|never|hates?|hated|dislikes?|disliked|avoid|skip|except|"
    r"excluding|exclude|minus|neither|nor|none|less|fewer|isn't|aren't|don't|dont|doesn't|didn't|"
    r"won't|wasn't|shouldn't|can't (?:do|face|handle|take|deal with|bear|watch)|could do without|"
    r"had enough of|can't stand|cannot stand|couldn't stand|sick of|tired of|enough|stop|"
    r"anything but|everything but|(?:anywhere|anyone|anybody|any(?: \w+)?) but|other than|"
    r"apart from|besides|instead of|rather than|"
    r"allergic to|scared of|afraid of|bored of|bored with|bored by|leave out|ban|hate",
    "de": r"kein|keine|keinen|keiner|keinem|keines|nicht|ohne|nichts|nie|niemals|ausser|hasse|"
    r"weniger|bloss nicht",
    "fr": r"pas|sans|aucun|aucune|jamais|sauf|deteste|hais|moins|rien|ni",
    "es": r"no|sin|excepto|salvo|odio|nada|nunca|menos|ni|detesto",
    "zh": r"",
}
_CUES = {
    language: re.compile(
        rf"\b(?:{'|'.join(filter(None, dict.fromkeys((_NEGATIONS['en'], words))))})\b"
    )
    for language, words in _NEGATIONS.items()
}
_CJK_NEGATION = re.compile(
    r"(?:不要|不想看?|(?<!有)没有|不含|别|除了|讨厌|不喜欢|不是|不看|无|不)[^,。，;；]{0,6}$"
)
_NO_NEGATION = re.compile(
    r"\b(?:(?:wouldn't|would not|won't|can't) say no(?: to)?|not (?:only|just|sure|bad|"
    r"necessarily|picky|fussy)|why not|no (?:idea|doubt|problem|"
    r"matter|preference|worries|rush|thanks)|(?:don't|dont|do not|didn't) (?:know|care|mind|have "
    r"to|need to)|can't (?:wait|get enough|find|remember|decide|think)|couldn't find|"
    r"(?:haven't|have not|never|not) (?:yet )?(?:seen|watched|read|played)|nothing but|no one|"
    r"why don't|isn't there|don't you|doesn't (?:matter|have to)|never (?:get tired|enough)|"
    r"nothing (?:better|beats)|nicht nur|pas seulement|no solo|could(?:n't| not) care|"
    r"no hay problema)\b"
    # "I'm not a robot" speaks of oneself, "I'm not a horror fan" of horror.
    r"|\b(?:i'm|im|i am|we're|we are) (?:not|no longer) an? (?=[\w-]+(?:\W*$|[.,!;]|"
    r" (?:any ?more|anymore|but|and|so|yet)\b))"
)
_BREAK = re.compile(
    r"[.!?;:。！？；，,()]|\b(?:(?<!anything )(?<!everything )(?<!nothing "
    r")(?<!anywhere )(?<!anyone )"
    r"(?<!anybody )but|just|only|"
    r"and an?|and some|"
    r"rather(?! than)|sondern|aber|mais|sino|pero|instead(?! of)|please|then|"
    r"(?<!nothing )(?<!anything )(?<!films )(?<!movies )(?<!not )(?<!nicht )(?<!pas )(?<!no )"
    r"(?<!filme )(?<!peliculas )(?<!nichts )(?<!nada )(?<!rien )(?:with|mit|avec|con))\b"
)
_FOR_WHOM = re.compile(
    r"\b(?:for|fur|pour|para)\s+(?:(?:my|the|our|all|whole|little|small|young|two|three|"
    r"die|das|mein\w*|unser\w*|ganzen?|kleinen?|mes|mon|ma|les|la|nos|des|toute|"
    r"mis?|los|las|toda)\s+)*"
    r"(?:kids?|child(?:ren)?|toddlers?|sons?|daughters?|famil\w+|kind(?:er|ern)?|sohn|tochter|"
    r"enfants?|fils|filles?|hij[oa]s?|nin[oa]s?)\b"
)
_NOT_FOR = re.compile(  # between a negation and "for kids" where it is that which is ruled out
    r"(?:\W|\b(?:an?|any|really|just|only|even|too|very|films?|movies?|games?|books?|stuff|ones?|"
    r"something|anything|suitable|made|meant|intended|appropriate|good|right|safe|ok|okay|"
    r"looking|want|need|like|show|me|recommend|eine?n?|filme|etwas|geeignet|gut|gemacht|une?|de|adapte\w*|faite?s?|bon\w*|"
    r"una|peliculas?|algo|apt[oa]s?|hech[oa]s?|buen[oa]s?)\b)*"
)
_LIST_JOINT = re.compile(
    r"\s*(?:,|/|&|、|或|和)?\s*(?:\b(?:or|nor|and|oder|und|ou|et|o|y|e|ni)\b)?"
    r"\s*(?:\b(?:any|too|very|anything|de|del)\b\s*)*"
)
_JOINT_WORD = re.compile(r"\b(?:or|nor|and|oder|und|ou|et|o|y|ni)\b|[/&、或和]")
_NOUNS = r"(?:films?|movies?|filme|peliculas?|games?|books?|stuff|ones?|things?|scenes?)"


def without_harmless(folded: str) -> str:
    """The text with phrases blanked that look like a negation and are none ("not only")."""
    return _NO_NEGATION.sub(lambda m: MASK * len(m.group()), folded)


def negation(folded: str, start: int, language: Language) -> Span | None:
    """The span of the word that rules out what stands at ``start``; None where none does."""
    left = without_harmless(left_of(folded, start))
    offset = start - len(left)
    cjk = _CJK_NEGATION.search(left)
    if cjk is not None:
        return offset + cjk.start(), start
    breaks = [m.end() for m in _BREAK.finditer(left)]
    begin = breaks[-1] if breaks else 0
    cues = list(_CUES[language].finditer(left, begin))
    last = cues[-1] if cues else None
    if last is None:
        too = re.search(r"\b(?:way |much |a bit |far )?(?:too|zu|trop|demasiado)\s+$", left)
        return None if too is None else (offset + too.start(), start)
    if len(split(left[last.end() :])) > REACH_WORDS or _for_others(
        folded, offset + last.end(), start
    ):
        return None
    return offset + last.start(), start


def _for_others(folded: str, cue_end: int, start: int) -> bool:
    """Whether what stands at ``start`` is an audience, and the negation rules out something else.

    "Not too long for the kids" is for them; "not suitable for kids" isn't.
    """
    audience = next((m for m in _FOR_WHOM.finditer(folded, cue_end) if start < m.end()), None)
    if audience is None or start < audience.start():
        return False
    return _NOT_FOR.fullmatch(folded, cue_end, audience.start()) is None


def carried_on(folded: str, before_end: int, start: int, later_joint: bool) -> bool:
    """Whether a mention goes on a list whose member ending at ``before_end`` is ruled out.

    A comma alone goes on only if the list has an "or" or "and" further on (``later_joint``).
    """
    between = folded[before_end:start]
    stripped = re.sub(rf"^\s*{_NOUNS}\b", "", between)
    if not _LIST_JOINT.fullmatch(stripped):
        return False
    return bool(_JOINT_WORD.search(stripped)) or later_joint


def is_joint(folded: str, before_end: int, start: int) -> str:
    """How two neighbours are joined: "or", "and", "," , "" (side by side) or "far"."""
    between = re.sub(rf"^\s*{_NOUNS}\b", "", folded[before_end:start])
    if re.fullmatch(r"[\s\-/的]*", between):
        return ""
    if re.fullmatch(
        r"\s*,?\s*(?:or|oder|ou|o|或者?|还是)\s*(?:an?\s+|eine?\s+|une?\s+|una?\s+)?", between
    ):
        return "or"
    if re.fullmatch(r"\s*,?\s*(?:and|und|et|y|e|&|和|but|yet)\s*(?:also\s+)?(?:an?\s+)?", between):
        return "and"
    if re.fullmatch(r"\s*[,，、]\s*(?:an?\s+)?", between):
        return ","
    return "far"


LIFT_AFTER = re.compile(
    r"\s*(?:films?|movies?|stuff)?\s*(?:(?:is|are|would be|'s|s)\s+)?(?:also\s+|"
    r"totally\s+|perfectly\s+)?"
    r"(?:fine|ok|okay|allowed|all right|alright|welcome|good too|acceptable)\b|"
    r"\s*(?:ist|sind|geht|gehen) (?:auch )?(?:ok|okay|in ordnung|auch)\b|\s*(?:me va|"
    r"va bien|esta bien)\b|也可以|也行"
)
LIFT_BEFORE = re.compile(
    r"(?:don't mind|do not mind|dont mind|(?:i'm|im|am) (?:fine|ok|okay|cool) with|allow|"
    r"bring back|"
    r"(?:remove|drop|lift|forget|delete|clear|undo|cancel|ignore)(?: about)?(?: the| that|"
    r" my)?(?: no)?|"
    r"(?:doesn't|does not|needn't|need not|don't) (?:have to |need to )?be(?: only)?(?: an?)?|"
    r"no longer(?: need| want)?(?: an?)?)\s*$"
)
