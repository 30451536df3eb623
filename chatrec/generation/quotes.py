"""Which sentence of a description can be quoted as it stands: short, plain, English, no shouting.

For things that are described and not told (apps, products, places): their texts are lists,
slogans and notices, of which one sentence has to be picked. Knows nothing about evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatrec.data.machine_talk import speaks_to_machines
from chatrec.generation.words import stem, word_set, words_of
from chatrec.types import Item

QUOTED_MIN, QUOTED_MAX = 4, 19  # words
LOOKED_AT = 12  # sentences from the start of each text
FIRST_FEW = 4  # later ones, often notices, are quoted only where the wish touches them
CUT_FROM = 70  # characters: a text this long that ends without a mark was cut off somewhere

_SPLIT = re.compile(
    r"(?<=[.!?])(?<!\b[A-Z]\.)(?<!\bDr\.)(?<!\bMr\.)(?<!\bSt\.)(?<!\be\.g\.)(?<!\bi\.e\.)\s+(?=\W*[A-Z])"
    r"|[\n\r•★✔●■►▪◆☆✓*|]+|\s[-–—]+\s|\s{3,}"
)
_PLAIN = re.compile(r"[A-Z][\w ,'’&()/%$+:;.-]*[\w)%]")
_TOLD_NAMES = re.compile(r"desc|summary|tagline|slogan|subtitle|blurb|about|synopsis", re.I)
_FUNCTION_WORDS = word_set(
    """the to of and for your you with in is on it from that this any all by or are an at as be
    can will not no but their its our we into over under up out more when where how what which"""
)
_SHOUT = re.compile(r"\b[A-Z]{4,}\b|\b[A-Z]{2,} [A-Z]{2,}\b")
_NO_QUOTE = re.compile(
    r"https?|\.-|for example|for instance| :|www\.|\w\.\w|__|[.!?]['’)]*\s|"
    r"\b(?:best|#1|no\.? ?1|number one|most|award\w*|acclaimed|"
    r"downloads?|facebook|twitter|reviews?|rated|ratings?|version|updates?d?|note|please|click|"
    r"copyright|trademark|requires?|warning|thanks?|sorry|problems?|bugs?|fix\w*|support us|"
    r"e-?mail|contact|permissions?|ads?|lite|full version|free trial|featured|users?)\b",
    re.I,
)
_NUMBERED = re.compile(r"^\d+[.)]|\s\d+$|\d[.)]\s")
_RUN_ON = re.compile(r"[a-z] (?:This|It|You|The|With|Your|We|In|Just|Get|If|For|And|A)\b")
_HANGS = re.compile(
    r"(?:It|He|She|They|This|These|That|Those|Also|But|And|So|Then|However|Plus|Or|Here|There|"
    r"Other|Another|Both|Such|We|I|Our|My|Now|New)\b"
)


def quotable(item: Item, wished: frozenset[str] = frozenset()) -> str:
    """The sentence of the item's texts to quote, without its full stop; empty where none will do.

    The first one that shares stems with ``wished``, those with most of them before others; else
    the first of all. Its texts are the description and columns that describe it in other words.
    """
    best, most = "", -1
    for sentence, early in _sentences(item):
        touched = len({stem(word) for word in words_of(sentence)} & wished)
        if touched > most and (early or touched):
            best, most = sentence, touched
    return best


def is_quote(text: str) -> bool:
    """Whether ``text`` is one sentence that can be quoted."""
    return _is_quotable(text, first=True)


def _sentences(item: Item) -> Iterator[tuple[str, bool]]:
    """Each sentence that could be quoted, and whether it stands near the start of its text."""
    others = [text for column, text in item.facts.items() if _TOLD_NAMES.search(column)]
    for text in (*others, item.description):
        cut_off = len(text) >= CUT_FROM and text.rstrip()[-1:] not in ".!?)”\"'"
        parts = _SPLIT.split(text)
        whole = parts[:-1] if cut_off else parts
        for number, part in enumerate(whole[:LOOKED_AT]):
            sentence = " ".join(part.split())
            if not sentence.endswith("?"):
                sentence = sentence.strip(" .!,;:-–—")
                if _is_quotable(sentence, first=number == 0):
                    yield sentence, number < FIRST_FEW


def _is_quotable(sentence: str, *, first: bool) -> bool:
    words = sentence.split()
    if not QUOTED_MIN <= len(words) <= QUOTED_MAX or not _PLAIN.fullmatch(sentence):
        return False
    if _SHOUT.search(sentence) or _NO_QUOTE.search(sentence) or sentence.count("(") > 1:
        return False
    if speaks_to_machines(sentence):
        return False
    if _NUMBERED.search(sentence):
        return False
    if _RUN_ON.search(sentence) or sentence.endswith(("...", "…", "etc")):
        return False
    if not first and _HANGS.match(sentence):
        return False
    if any(not word.isascii() and word.islower() for word in words):
        return False
    capitals = sum(word[:1].isupper() for word in words)
    told = sum(word.casefold().strip(",;:()") in _FUNCTION_WORDS for word in words)
    return capitals <= (len(words) + 1) // 2 and told >= (1 if len(words) <= 6 else 2)
