"""Finds what points at the last shown list: "the second", "the last two", "1 and 3", "that one".

Works on folded text and a list of ids in rank order; titles are read elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from chatrec.conversation.utterance import left_of, overlaps


@dataclass(frozen=True, slots=True)
class Reference:
    """A pointer ``folded[start:end]``; ``pronoun`` where it only says "it" or "that one"."""

    item_ids: tuple[str, ...]
    start: int
    end: int
    pronoun: bool = False
    kind: Literal["rank", "pronoun", "all"] = "rank"


_ORDINALS = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "fifth": 5,
    "5th": 5,
    "sixth": 6,
    "6th": 6,
    "seventh": 7,
    "7th": 7,
    "eighth": 8,
    "8th": 8,
    "ninth": 9,
    "9th": 9,
    "tenth": 10,
    "10th": 10,
    "last": -1,
    "final": -1,
    "previous": -1,
    "top": 1,
    "middle": 0,
    "erste": 1,
    "ersten": 1,
    "erster": 1,
    "zweite": 2,
    "zweiten": 2,
    "dritte": 3,
    "dritten": 3,
    "vierte": 4,
    "funfte": 5,
    "letzte": -1,
    "letzten": -1,
    "premier": 1,
    "premiere": 1,
    "deuxieme": 2,
    "troisieme": 3,
    "quatrieme": 4,
    "cinquieme": 5,
    "dernier": -1,
    "derniere": -1,
    "primero": 1,
    "primera": 1,
    "segundo": 2,
    "segunda": 2,
    "tercero": 3,
    "tercera": 3,
    "cuarto": 4,
    "quinto": 5,
    "ultimo": -1,
    "ultima": -1,
}
_COUNTS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "beiden": 2,
    "zwei": 2,
    "deux": 2,
    "dos": 2,
    "couple": 2,
    "2": 2,
    "3": 3,
    "4": 4,
}
_CJK_ORDINAL = re.compile(
    r"第([一二三四五六七八九十\d])(?:部|个|個|条|本)?(?:电影)?|最后(?:一)?(?:部|个)"
)
_CJK_DIGITS = {c: n for n, c in enumerate("一二三四五六七八九十", 1)}

_NOUN = (
    r"(?:ones?|films?|movies?|items?|titles?|picks?|suggestions?|games?|books?|filme?|peliculas?)"
)
_AFTER = (
    r"(?=\s*(?:$|[,.!?;:)]|'s\b|(?:and|or|but|is|was|are|were|looks?|sounds?|already|"
    r"please|instead|again|again|"
    r"gedreht|gemacht|ist|war|kenne|kennen|fand|auch|und|aber|oder|est|et|mais|es|y|pero|"
    r"too|though|on the list|in the list|"
    r"of (?:these|those|them|the list)|"
    r"with|without|which|who|about|have|has|seems?|from (?:the|your) list|except|not|i|we|"
    r"bitte)\b))"
)
_ORDINAL = re.compile(
    r"\b(?P<the>(?:the|der|die|das|den|le|la|el|number|your|those|these)\s+)?"
    rf"(?P<word>{'|'.join(sorted(_ORDINALS, key=len, reverse=True))})\b"
    rf"(?:\s+(?P<count>{'|'.join(_COUNTS)})\b)?(?P<noun>\s+{_NOUN}\b)?{_AFTER}"
    r"(?! (?:i|we)(?:'ve)? (?:saw|seen|watched|read|played)(?: \w+){0,2}? (?:was|were|is)\b)"
)
_ASKED_ORDINAL = re.compile(  # "is the first one scary?": anything may follow
    r"\b(?:is|are|was|were|does|did|has|ist|est|es)\s+(?P<what>(?P<the>the|der|die|das|le|la|el)\s+"
    rf"(?P<word>{'|'.join(sorted(_ORDINALS, key=len, reverse=True))})\b"
    rf"(?:\s+(?P<count>{'|'.join(_COUNTS)})\b)?(?P<noun>\s+{_NOUN}\b)?)"
    r"(?=(?:\s+[^\W\d_]+){1,5}\W*$)"
)
_MIDDLE = re.compile(r"\bthe (?:one|film|movie|game|book) in the middle\b")
_NUMBERED = re.compile(
    r"(?:#|\b(?:number|no\.|nr\.?|nummer|numero|num)\s*)"
    r"(\d{1,2}|one\b|two\b|three\b|four\b|five\b)(?!\d)"
)
_BARE_CUE = re.compile(
    r"(?:\b(?:seen|watched|read|played|liked?|loved?|hated?|compare|like|not|than|between|"
    r"skip|gesehen|vergleiche?|vu|"
    r"visto|about|know|remove)|看过)\s+(?:also |already |the )?$"
)
_BARE = re.compile(
    r"\d{1,2}(?:\s*(?:,|and|or|&|und|et|y|to|vs\.?|with|"
    r"和)\s*\d{1,2})*(?![\d:%])(?!\s*(?:hours?|h\b|min|years?|jahre|ans|anos|stars?|euros?|"
    r"dollars?|\+|[- ]?year))"
)
_PRONOUN = re.compile(
    r"\b(?:that|this) (?:one|film|movie|game|book)\b|"
    r"\b(?:that|this|it)(?=(?:'s| is| was) (?:\w+ ){1,3}(?:movie|film|flick|one|classic|game|"
    r"book)\b)|\bthat\b(?=\s*(?:$|[.!?,]| (?:too|as well|already|before|and|but|yet|either)\b))|"
    r"\bit\b|"
    r"\b(?:den|diesen|der) film\b|\bce film\b|\bcelui[- ](?:la|ci)\b|\b(?:esta|"
    r"esa) pelicula\b|\b(?:ese|esa|este|esta|eso|esto)\b(?= no\b|$|\?)|"
    r"(?<=\bno )(?:ese|esa|eso|esto)\b|"
    r"(?<=\bpas )(?:ca|cela)\b|(?<=\bnicht )(?:das|den|die)\b(?=\s*(?:$|[.!?,]))|"
    r"^\W*(?:das|den|die)\b(?= nicht\W*$)|(?<=\blike )(?:this|that)\b(?=\s*(?:$|[.!?,]))|"
    r"(?<=\bcomme )(?:ca|cela)\b|(?<=\bwie )(?:das|den|dies\w*)\b(?=\s*(?:$|[.!?,]))|"
    r"(?<=\bcomo )(?:eso|esto)\b|\bdiesen?r?\b(?=\s*(?:$|"
    r"[.!?,]| nicht))|\bihn\b|这部|那部|它|这个|那个|(?<=像)(?:这样|那样)|"
    r"(?<=\bnot )this\b|\b(?:her|"
    r"him)\b(?!\w)(?= (?:second|first))"
)
_ALL = re.compile(
    r"\b(?:all of (?:them|these|those)|(?:these|those|them) all|all (?:these|those|"
    rf"{_NOUN})|any of (?:them|these|those)|none of (?:them|these|those)|"
    rf"(?<!for )(?<!with )(?:these|those|them)(?: {_NOUN})?(?=\s*(?:$|[.!?,]| (?:all|already|"
    rf"please))))|"
    r"\ball (?:three|four|five)\b|\balle davon\b|\bkeine[rn]? davon\b|\baucun de ceux|这些|"
    r"都看过"
)
_PARTS = re.compile(
    r"\b(?:as|than|after|like|to|only (?:\w+ )?(?:liked|saw|seen|watched|enjoyed)|prefer(?:red)?|"
    r"with) $"
)
_THOSE = re.compile(r"\b(?:those|them)\b")
_BOTH = re.compile(
    r"(?<!\bwe )(?<!\bus )(?<!\byou )(?<!\bthey )\bboth\b(?: of (?:them|these|those))?(?! of us)"
    r"(?! (?:\w+ )?(?:enjoy|like|love|watch|see|want|laugh|have fun)\b)|"
    r"\bbeide\b|\bles deux\b|\bambas?\b"
)


def references(folded: str, shown: Sequence[str], focus: Sequence[str]) -> list[Reference]:
    """Every pointer in text order. "it" is ``focus``, else the top of the list."""
    if not shown:
        return [] if not focus else _pronouns(folded, focus)
    found: list[Reference] = []
    for m in _NUMBERED.finditer(folded):
        rank = int(m[1]) if m[1].isdigit() else _COUNTS[m[1]]
        _add(found, _ranks([rank], shown), m.span())
    for m in _MIDDLE.finditer(folded):
        _add(found, _ranks([0], shown), m.span())
    for m in _CJK_ORDINAL.finditer(folded):
        rank = -1 if m[1] is None else _CJK_DIGITS.get(m[1]) or int(m[1])
        _add(found, _ranks([rank], shown), m.span())
    for m in _ORDINAL.finditer(folded):
        if (
            len(shown) == 1
            and _ORDINALS[m.group("word")] >= 0
            and _PARTS.search(folded[: m.start()])
        ):
            continue  # "not as good as the first": no list to point at, so the first of its series
        if (
            m.group("the")
            or m.group("noun")
            or m.group("count")
            or len(folded.split()) <= 3
            or _listed(found, m, folded)
        ):
            _add(found, _ordinal_ids(m, shown), m.span())
    for m in _ASKED_ORDINAL.finditer(folded):
        _add(found, _ordinal_ids(m, shown), m.span("what"))
    for m in _BARE.finditer(folded):
        if _BARE_CUE.search(left_of(folded, m.start())) or m[0] == folded.strip(" .!?"):
            _add(found, _ranks([int(n) for n in re.findall(r"\d+", m[0])], shown), m.span())
    for m in _ALL.finditer(folded):
        several = len(focus) > 1 and _THOSE.search(m[0]) is not None
        _add(found, tuple(focus) if several else tuple(shown), m.span(), "all")
    for m in _BOTH.finditer(folded):
        _add(found, tuple(focus) if len(focus) == 2 else tuple(shown[:2]), m.span(), "all")
    for pronoun in _pronouns(folded, tuple(focus[:1]) or (shown[0],)):
        pointed = [r for r in found if r.kind == "rank" and r.end <= pronoun.start]
        if pointed:  # "the second one: how long is it?"
            pronoun = replace(pronoun, item_ids=pointed[-1].item_ids)
        _add(found, pronoun.item_ids, (pronoun.start, pronoun.end), "pronoun")
    return sorted(found, key=lambda r: r.start)


def _pronouns(folded: str, focus: Sequence[str]) -> list[Reference]:
    ids = tuple(focus[:1])
    return [Reference(ids, *m.span(), True, "pronoun") for m in _PRONOUN.finditer(folded)]


def _listed(found: list[Reference], m: re.Match[str], folded: str) -> bool:
    """Whether this ordinal goes on a list, as in "the first and second"."""
    return any(
        0 <= m.start() - r.end <= 8
        and re.fullmatch(r"\s*(?:,|and|or|und|et|y|the|\s)+", folded[r.end : m.start()])
        for r in found
    )


def _ordinal_ids(m: re.Match[str], shown: Sequence[str]) -> tuple[str, ...]:
    rank = _ORDINALS[m.group("word")]
    count = _COUNTS.get(m.group("count") or "one", 1)
    if m.group("count") == "one":
        count = 1
    if count == 1:
        return _ranks([rank], shown)
    if rank == -1:
        return tuple(shown[-count:])
    return tuple(shown[rank - 1 : rank - 1 + count]) if rank == 1 else _ranks([rank], shown)


def _ranks(ranks: Sequence[int], shown: Sequence[str]) -> tuple[str, ...]:
    ids = []
    for rank in ranks:
        if rank == -1:
            ids.append(shown[-1])
        elif rank == 0:
            ids += shown[len(shown) // 2 :][: len(shown) % 2]  # the middle, where there is one
        elif 1 <= rank <= len(shown):
            ids.append(shown[rank - 1])
    return tuple(ids)


def _add(
    found: list[Reference],
    item_ids: tuple[str, ...],
    span: tuple[int, int],
    kind: Literal["rank", "pronoun", "all"] = "rank",
) -> None:
    if item_ids and not overlaps(span, [(r.start, r.end) for r in found]):
        found.append(Reference(item_ids, *span, pronoun=kind == "pronoun", kind=kind))
