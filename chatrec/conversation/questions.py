"""Recognises a question about an item: which fact it asks for.

The kinds are those that :mod:`chatrec.conversation.answers` answers. Mentions must be blanked
(``MASK``) in the text, so that a title's words ask nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from chatrec.conversation.columns import LENGTHS
from chatrec.conversation.utterance import MASK
from chatrec.types import Item

_IT = rf"(?:{MASK}+|it|this|that|they|the film|the movie|these|those)"
_KINDS: Mapping[str, str] = {
    "compare": r"\bwhich (?:one )?(?:has|got|gets|had) (?:the )?(?:better|best|higher|highest) "
    rf"(?:ratings?|reviews?|scores?)\b|\bcompare\b|\bdifferences? between\b|\b{_IT} (?:vs\.?|"
    rf"versus|or) {_IT}\b|"
    r"\bwhich (?:one |of (?:them|these|those|the (?:two|three)) )?(?:is|was) (?:the )?(?:better|"
    r"funnier|scarier|best|funniest|scariest)"
    r"|\bvergleich\w*|\bcompare[rz]?\b|\bcompara\b|比较|区别",
    "creator": r"\bde qui\b|\bvon wem\b|\bby whom\b|"
    r"\bwho(?:'s| is| was) it by\b|\bwho (?:directed|made|wrote|created|developed|authored|"
    r"composed|is the (?:director|"
    r"author|writer|maker|creator))\b|\bwho's the (?:director|author)\b|"
    r"^(?:and )?(?:the )?director\??$|\bdirected by whom\b|\bwhose film\b"
    r"|\bwer (?:hat|ist der) .*(?:gedreht|regie|gemacht|regisseur|inszeniert)|"
    r"\bvon wem ist\b|\bqui (?:l'a|a|est le) .*(?:realis|fait|tourne)|\bquien (?:la |lo |"
    r"es el |es la )?(?:dirigio|hizo|director|dirige)|导演是谁|谁导演|谁拍的",
    "cast": r"\bwho(?:'s| is| does| did|'d)? (?:the )?(?:voices?|voiced|sings?|sang|singing)\b|"
    r"\bwhose voice\b|\bwho(?:'s| is| was)? (?:the |its )?(?:leading|main|lead) (?:lady|man|role|"
    r"part|actor|"
    r"actress|character)\b|\bwho(?:'s| is) that (?:actor|actress|guy|man|woman|girl)\b|"
    r"\bwho (?:plays?|played|stars?|starred|acts?|acted|is|'s|are|was) (?:in|"
    r"the (?:actors?|stars?|cast|lead))\b|\bwho(?:'s| is)? (?:in|starring)\b|"
    r"\bwho (?:plays|stars|acts)\b|\bwho(?:'s| is| was) the (?:\w+ )?(?:guy|man|woman|girl|actor|"
    r"actress|lead|star) (?:in|of)\b|\b(?:the )?cast\b(?: of)?|\bwhich actors?\b|"
    r"\bwer spielt\b|\bqui joue\b|\bquien (?:actua|sale|protagoniza)\b|谁演|主演|演员",
    "year": rf"{MASK}+\W*(?:is (?:it|that) |do you mean )?(?:the )?[\w' ]{{1,24}}?"
    rf"(?: (?:one|version|film|"
    r"movie))? or (?:is it )?(?:the )?[\w' ]{1,24}(?: (?:one|version|film|movie)|original|remake|"
    r"new|old|"
    r"classic|reboot)\W*\?|\b(?:the )?(?:original|remake|old one|new one|first one) or (?:the )?"
    r"(?:original|remake|old one|new one|sequel|reboot)\W*\?|"
    rf"\b(?:what|which) year\b|\bwhen (?:was|did|is) {_IT}|\bhow old is {_IT}|"
    r"\brelease (?:date|year)\b|\bwann (?:kam|ist|wurde)\b|\baus welchem jahr\b|"
    r"\bwelches jahr\b|\bquelle annee\b|\bde quand\b|\b(?:de )?que ano\b|"
    r"\bcuando (?:salio|es|se)\b|哪一年|哪年|什么时候",
    "runtime": rf"\bhow (?:long|many minutes)(?: is| are| does| was|'s|\?|$)|\bhow long\b.*{MASK}|"
    r"\b(?:runtime|running time|duration)\b|\bwie lang\w*\b|\bwas dauert\b|\bcombien de temps\b|"
    r"\bquelle duree\b|\bcuanto dura\b|多长|多久|片长",
    "genre": r"\b(?:what|which) (?:genres?|kind of (?:film|movie|game|book) is|sort of (?:film|"
    r"movie) is|type of)\b|\bwelches genre\b|\bquel genre\b|\bque genero\b|什么类型|"
    rf"\bwhat is {_IT}\?*$",
    "country": rf"\b(?:what|which) country\b|\bwhere (?:is|was|are|were) {_IT} (?:from|made|shot|"
    r"filmed|produced)\b|\bwelche[ms]? land\b|\bquel pays\b|\bde que pais\b|哪个国家|哪国",
    "language": r"\b(?:what|which) language\b|\bwelcher sprache\b|\bquelle langue\b|\bque idioma\b|"
    rf"什么语言|\bis {_IT} (?:dubbed|subtitled|in (?!black|colou?r|3d|the |a ))",
    "age_rating": r"\b(?:what|which)(?:'s| is)? (?:the |its )?(?:age )?(?:rating|certificate)\b|"
    rf"\b(?:age )?rating of\b|\bhow is {_IT} rated\b|\b(?:is|are|was) {_IT} (?:ok|okay|"
    r"suitable|appropriate|safe|good|fine|all right)? ?for (?:my |a |the |our |small |"
    r"young )?(?:kids?|children|child|\d+|family|son|daughter|teen)|\bkid friendly\b.*\?|"
    rf"\bis {_IT} (?:rated|r[- ]rated|pg)"
    r"|^\W*(?:(?:ok|and|so)\W+)*(?:what(?:'s| is) )?(?:the |its )?(?:age )?rating\W*$"
    r"|\baltersfreigabe\b|\bab welchem alter\b|\bquel age\b|"
    r"\bque edad\b|分级|适合.*(?:孩子|儿童|岁)",
    "price": r"\bhow much (?:is|does|do|are)\b|\bwhat does .* cost\b|\bwhat(?:'s| is) the price\b|"
    r"\bwas kostet\b|\bcombien coute\b|\bcuanto cuesta\b|多少钱",
    "description": rf"\bwhat(?:'s| is| are|s) {_IT} (?:about|like)\b|\bwhat happens in\b|\b(?:the |"
    r"its )?(?:plot|story(?:line)?|synopsis|summary)\b(?: of|\?|$)|\btell me (?:more |"
    rf"something |a bit |a little )?about {_IT}|\bdescribe {_IT}|\bmore (?:info|"
    r"information|details)\b|\bdetails (?:on|about|of)\b|\bknow more about\b|\b(?:do|"
    rf"have) you (?:have|got|know|seen)\b|\b(?:what|how) about {MASK}+"
    r"|\bworum geht\b|\bwovon handelt\b|\berzahl mir (?:mehr )?(?:uber|von)\b|"
    r"\bde quoi (?:parle|s'agit|ca parle)\b|\bde que (?:va|trata)\b|"
    r"讲什么|讲的是什么|说什么|关于什么|"
    r"介绍一下",
    "keywords": r"\b(?:what|which) (?:themes?|mood|topics?|keywords?)\b|"
    r"\bwhat(?:'s| is) the mood\b",
    "why": rf"\bwhy (?:did you|do you|this|that|these|{MASK}+|recommend|"
    rf"(?:is|are|was) {_IT}\b)|^\W*(?:and |but |so )*why\W*$|\b(?:warum|wieso|pourquoi) "
    rf"(?:{_IT}|das|den|die|ca|cela|le|la)|\bpor que (?:{_IT}|es[eao]|la|el)(?=\W|$)|"
    r"^\W*(?:warum|wieso|pourquoi|por que)\W*$|为什么",
}
_MOST: Mapping[str, str] = {
    "longer": "long(?:er|est)|langer|langste|plus longue?|mas larg[oa]|更长|最长",
    "shorter": "short(?:er|est)|kurzer|kurzeste|plus courte?|mas cort[oa]|更短|最短",
    "newer": "new(?:er|est)|more recent|most recent|later|latest|neuer|neueste|plus recente?|"
    "mas (?:nuev[oa]|reciente)|更新|最新",
    "older": "old(?:er|est)|earli(?:er|est)|alter|alteste|plus ancien(?:ne)?|mas antigu[oa]|更老|"
    "最老",
    "cheaper": "cheap(?:er|est)|billiger|billigste|moins chere?|mas barat[oa]|更便宜|最便宜",
}
_COMPARED = {
    direction: re.compile(
        rf"\b(?:which|welche\w*|le(?:quel|aquelle)|cual)\b[^,.;]*?\b(?:{words})\b"
        rf"|^\W*(?:and |ok |so )*(?:which is )?the (?:{words})(?: one)?"
        r"(?: of (?:them|these|those|the (?:two|three|four)))?\W*$"
        rf"|^\W*(?:{words})(?: one)? of (?:them|these|those|the (?:two|three|four))\W*$"
        rf"|\b(?:is|was|ist|est|es) {_IT} (?:{words}) (?:than|als|que) {_IT}"
        rf"|哪.*(?:{words})"
    )
    for direction, words in _MOST.items()
}
_SO = r"\W*(?:(?:and|so|ok|okay|but|then|hmm|hey|oh|wait|well|right|one (?:more )?question)\W+)*"
_GENERAL = re.compile(
    rf"{_SO}(?:what|how|where|when|who|whose|does|did|do|"
    r"can|could|has|have|had|is|are|was|were|will)\b"
)
_OF_IT = re.compile(  # also without a question mark: "did it win anything", "is it violent"
    rf"{_SO}(?:(?:does|did|do|has|have|is|are|was|were|will|isn't|wasn't|doesn't|didn't) "
    rf"(?:{MASK}+|it|that|this|they)\b|(?:who|what|where|when|how|why|whose)\b.*"
    rf"(?:\b(?:it|this one|that one)|{MASK})\W*$)"
)
_WISHED = re.compile(  # "could it be about a real person?" asks for another list
    rf"{_SO}(?:maybe )?(?:can|could|may|might|would|should) (?:{MASK}+|it|they|that|this one|"
    rf"these) "
    r"(?:\w+ )?(?:be|have)\b"
)
_SEQUEL = re.compile(
    rf"{_SO}(?:(?:what|how) about|what(?:'s| is)|how(?:'s| is| was)|is there|was there|are there|"
    rf"did (?:they|he|she) make|does it "
    rf"have|has it "
    r"got|do you (?:have|know)|have you got|tell me about|is it)?\s*(?:its|the|an?|any|their)?\s*"
    r"(?:sequel|prequel|follow[- ]?up|second part|part two|part 2|second one|remake|spin[- ]?off|"
    r"original)s?(?: (?:to|of|for) (?:it|that|this))?"
    r"(?: (?:called|named|about|like|any good|good|better|worth it|out|as good))?\W*\??\W*"
)
_ELLIPTIC = re.compile(r"\W*(?:and|or|but)\W+(?:is it\W+)?(?P<what>[^\W\d_]{3,})\W*\?\W*")
_CAN = re.compile(
    rf"^\W*(?:(?:and|so|ok) )*(?:can|could) (?:i|we|you|one) (?:play|read|watch|get|use|buy|"
    rf"run) {_IT} "
    r"(?P<what>(?:on|with|for)\b[^?!.,]+?)\W*$"
)
_YES_NO = re.compile(
    r"^\W*(?:and |so |but |ok |is |are )*(?:is|are|was|isn't|ist|est|es|"
    rf"c'est)\s+{_IT}\s*(?:(?:film|movie|a|an|the|very|too|really|that|so|any|at all|one|"
    r"sehr|tres|muy|un|une|una|ein|eine)\s+)*(?P<what>[^\W\d_][^?!.,]*)\W*$"
)
_HAS = re.compile(
    rf"^\W*(?:and |so )*(?:does|do|is there|are there|has|have)\s+(?:{_IT} (?:have|contain|"
    rf"feature|include)|there|{MASK}+)\s*(?:any |a |an |much |"
    rf"lots of )*(?P<what>[^?!.,{MASK}]+?)(?: in {_IT})?\W*$"
)
_FACTS = ("creator", "cast", "year", "runtime", "country", "language", "age_rating", "price")
_JOINED = r"\b(?:and|und|et|y)\b|,|和"
_SENTENCE_END = re.compile(
    r"(?<=[.!;])\s+|,\s+(?=(?:and |but |so )?(?:is|are|was|were|does|did|has|how|who|who's|what|"
    r"what's|"
    r"whats|when|where|which)\b)"
)


def question_in(masked_text: str, columns: Iterable[str]) -> str | None:
    """The kind asked for: one of _KINDS, "is:WORDS" (a yes-no question), "fact:COLUMN", or None.

    Two facts asked for at once are joined by "+" ("cast+runtime"). Of several sentences the last
    is asked, where the whole asks nothing.
    """
    *before, last = _SENTENCE_END.split(masked_text)
    return _asked(masked_text, columns) or (_asked(last, columns) if before else None)


def comparison_in(masked_text: str) -> str | None:
    """What items are compared by ("longer", "newer" ...); None where they aren't."""
    return next((d for d, pattern in _COMPARED.items() if pattern.search(masked_text)), None)


def is_general(masked_text: str) -> bool:
    """Whether a text asks anything at all about what stands masked in it, or about "it"."""
    if masked_text.rstrip().endswith("?"):
        return _GENERAL.match(masked_text) is not None
    return _OF_IT.match(masked_text) is not None


def wishes(masked_text: str) -> bool:
    """Whether what is put as a question asks for other items: "could it be shorter?"."""
    return _WISHED.match(masked_text) is not None


def asks_for_sequel(masked_text: str) -> bool:
    """Whether it asks for the sequel of what was talked of, and nothing else."""
    return _SEQUEL.fullmatch(masked_text) is not None


def elliptic(masked_text: str) -> str | None:
    """The yes-no question that "and sad?" asks of what was talked about, None for another text."""
    match = _ELLIPTIC.fullmatch(masked_text)
    return None if match is None else f"is:{match['what']}"


def is_comparison(question: str) -> bool:
    """Whether a question needs more than one item."""
    return question == "compare" or question.startswith("most:")


def by_question(question: str, items: Sequence[Item]) -> list[Item]:
    """The items, for "most:longer" and the like the one that is so first; unknown ones last."""
    if not question.startswith("most:"):
        return list(items)
    direction = question.removeprefix("most:")
    down = direction in ("shorter", "older", "cheaper")

    def key(item: Item) -> tuple[bool, float]:
        value = _measured(direction, item)
        return value is None, 0.0 if value is None else value if down else -value

    return sorted(items, key=key)


def _measured(direction: str, item: Item) -> float | None:
    if direction in ("newer", "older"):
        return item.year
    if direction == "cheaper":
        return item.price
    return length_of(item)


def length_of(item: Item) -> float | None:
    """Minutes, or else the number in a column of pages; None where neither is known."""
    if item.runtime_min is not None:
        return item.runtime_min
    pages = next((item.facts[c] for c in item.facts if c.lower() in LENGTHS), "")
    return float(pages) if pages.isdigit() else None


def _asked(masked_text: str, columns: Iterable[str]) -> str | None:
    kinds = [kind for kind, pattern in _KINDS.items() if re.search(pattern, masked_text)]
    facts = [kind for kind in kinds if kind in _FACTS]
    if kinds:
        joined = len(facts) > 1 and re.search(_JOINED, masked_text) is not None
        return "+".join(facts) if joined and kinds[0] in _FACTS else kinds[0]
    asked = masked_text.rstrip().endswith("?") or re.match(r"\W*(?:what|which|how)\b", masked_text)
    for column in sorted(columns, key=len, reverse=True):
        name = column.lower().replace("_", " ")
        if asked and len(name) > 2 and re.search(rf"\b{re.escape(name)}\b", masked_text):
            return f"fact:{column}"
    most = comparison_in(masked_text)
    if most is not None:
        return f"most:{most}"
    match = _YES_NO.match(masked_text) or _CAN.match(masked_text)
    if match is None and MASK in masked_text:
        match = _HAS.match(masked_text)
    return None if match is None else f"is:{match.group('what').strip()}"
