"""Finds slips of a written reason that the facts alone do not show: mix-ups, repeats, misquotes.

A person where a title belongs, a theme where a person belongs, a maker said to perform, a title
called liked that was only met, a phrase said twice, a description quoted with other words, orders
or roles, which a decoder may repeat from an item's text, and advice. Reads English; knows nothing
about who wrote the sentence. Whether its facts hold is grounding's task.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from chatrec.data.machine_talk import speaks_to_machines
from chatrec.generation.evidence import ASKED, HISTORY, LIKED, NAMED, split_link, subject
from chatrec.generation.words import words_of
from chatrec.types import Evidence, Item

REPEATED_WORDS = 4
QUOTED_RUN = 3  # words in a row that show that a description is being quoted
QUOTED_WORDS = 6  # quoted in all before a misquote counts

# What the sentence says the user did, and the sources of evidence that make it true.
_TIES: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = (
    (re.compile(r"\byou (?:liked|enjoyed|loved)\b|\byour liking\b"), frozenset({LIKED})),
    (re.compile(r"\byou (?:named|mentioned)\b"), frozenset({NAMED, LIKED, ASKED, "similar"})),
    (re.compile(r"\byou (?:know|have met|have seen)\b"), frozenset({HISTORY, LIKED})),
    (re.compile(r"\byou (?:asked|wished|wanted)\b|\byour wish\b"), frozenset({ASKED})),
)
_TITLE_PLACE = (
    r"(?:\byou (?:liked|enjoyed|loved|know|named|mentioned),?|\blike|\bafter|\bas in|\bcame to|"
    r"\bclose to|\bnext to|\bbeside|\b(?:genre|theme|mood|tone)s? (?:with|of)|\bin common with)"
)
_PERSON_PLACE = (
    r"(?:\bcast (?:is|has|includes)|\bin the cast (?:is|are)|\b(?:directed|written|made|developed|"
    r"recorded) by|\b(?:director|author|writer|developer|artist)(?: here)? is)"
)

_DONE_BY = r"(?:directed|wrote|made|developed|recorded|created|plays|stars|appears|is in it)"
_ROLES = r"(?:director|author|writer|developer|artist|maker|studio|teacher)"
_SAID_MAKER = re.compile(rf"\bwith ([^,;:]+?) as (?:its |the )?{_ROLES}\b")

_TITLED = frozenset(
    {"similar", "shared_creator", "shared_cast", "shared_keyword", "shared_genre", "shared_title"}
)
_ADVISES = re.compile(  # a reason says what an item is, not what anybody should do
    r"\byou (?:should|must|ought to|need to)\b|\b(?:cur|heal|treat|reliev|help|fix|doubl|grow|sav|"
    r"su|invest|manag)(?:e|s|es|ed|ing)?\b(?: \w+){0,3} your\b"
)
# "with the years it asks for", "the years you asked for (2011, within your years)"
_ODD_WISH = re.compile(
    r"\b(?:it|this|that) asks? for\b|"
    r"\bwith the (?:years?|time|length|running time) (?:you|it)\b|"
    r"\byou (?:asked for|named|set|gave)\b[^.;:]{0,20} within your (?:years|time)\b"
)


def slips(text: str, item: Item, evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """What is wrong with ``text`` as a sentence about ``item``; empty where nothing is.

    What stands in quotation marks as the evidence has it is left out.
    """
    for piece in evidence:
        text = text.replace(f"“{piece.text}”", "“”") if piece.kind == "description" else text
    folded = " ".join(text.casefold().replace("’", "'").split())
    return (
        *_false_ties(folded, evidence),
        *_misplaced(folded, item, evidence),
        *_repeats(folded, evidence),
        *_twice_named(folded, item, evidence),
        *_misquotes(text, item.description),
        *(["speaks to a machine"] if speaks_to_machines(text) else []),
        *(["advises"] if _ADVISES.search(folded) else []),
        *(f"speaks oddly of the wish: {m.group()!r}" for m in _ODD_WISH.finditer(folded)),
    )


def _false_ties(folded: str, evidence: Sequence[Evidence]) -> Iterator[str]:
    sources = {piece.source for piece in evidence}
    spoken = any(piece.kind == "similar" and piece.source != HISTORY for piece in evidence)
    sources |= {"similar"} if spoken else set()
    sources |= {ASKED} if any(piece.kind == "match" for piece in evidence) else set()
    for pattern, allowed in _TIES:
        found = pattern.findall(folded)
        if found and not allowed & sources:
            yield f"{found[0]!r} does not hold"
        if len(found) > 1:
            yield f"{found[0]!r} is said twice"


def _misplaced(folded: str, item: Item, evidence: Sequence[Evidence]) -> Iterator[str]:
    titles = {split_link(piece)[1].casefold() for piece in evidence}
    for name in {name.casefold() for name in (*item.creators, *item.cast)} - titles:
        if re.search(rf"{_TITLE_PLACE} {re.escape(name)}\b(?!'s| again| of| in)", folded):
            yield f"{name!r} stands where a title belongs"
    themes = {subject(p).casefold() for p in evidence if p.kind.endswith(("keyword", "genre"))}
    for word in themes:
        if re.search(rf"{_PERSON_PLACE} (?:an? |the )?{re.escape(word)}\b", folded):
            yield f"{word!r} stands where a person belongs"
    makers = {name.casefold() for name in item.creators}
    for name in _SAID_MAKER.findall(folded):
        if name not in makers:
            yield f"{name!r} is not known as its maker"
    for title in titles - {name.casefold() for name in (*item.creators, *item.cast)} - {""}:
        here = re.escape(title)
        if re.search(
            rf"\b{here} {_DONE_BY}\b|{_PERSON_PLACE} {here}(?!\w|'s)|"
            rf"\bwith {here} (?:in (?:the|its) cast|as {_ROLES})\b|\bstarring {here}\b|"
            rf", with {here}(?!\w|'s)|\b{here} is (?:an?|the|its) {_ROLES}\b",
            folded,
        ):
            yield f"{title!r} stands where a person belongs"
        if re.search(rf"\b(?:directed|wrote|made|is in|starred in) {here}: ", folded):
            yield f"the description is told of {title!r}"
    performers = {name.casefold() for name in item.cast}
    for name in {name.casefold() for name in item.creators} - performers:
        here = re.escape(name)
        if re.search(
            rf"\b{here},? (?:is|appears|plays|stars)(?: also| too| again)? in\b|"
            rf"\bcast (?:is|has|includes) {here}\b|\bwith {here} in (?:the cast|it)\b|"
            rf"\bpart for {here}\b|\bstarring {here}\b",
            folded,
        ):
            yield f"{name!r} is not known to perform"


def _repeats(folded: str, evidence: Sequence[Evidence]) -> Iterator[str]:
    words = words_of(folded)
    runs = [tuple(words[i : i + REPEATED_WORDS]) for i in range(len(words) - REPEATED_WORDS + 1)]
    for run in dict.fromkeys(run for run in runs if runs.count(run) > 1):
        yield f"{' '.join(run)!r} is said twice"
    for kind in re.findall(
        r"\b(?!this|that|another|other)(\w{3,} (?:film|book|game|song))\b", folded
    ):
        if len(re.findall(rf"\b{kind}\b", folded)) > 1:
            yield f"{kind!r} is said twice"
    for found in re.finditer(r"\bthis (\w{4,})\b[^.:]*\bit is an? \1\b", folded):
        yield f"{found[1]!r} is said twice"
    facts = " ".join(piece.text.casefold() for piece in evidence)
    for found in re.finditer(r"\b(\w{5,})\b(?: \w+){1,5} \1\b", folded):
        if found[1] not in facts:
            yield f"{found[1]!r} is said twice"
    for found in re.finditer(r"\b(\w{2,}) \1\b", folded):
        if found[1] != "that" and found.group() not in facts:
            yield f"{found[1]!r} is said twice"


def _twice_named(folded: str, item: Item, evidence: Sequence[Evidence]) -> Iterator[str]:
    """People whose whole name is said twice, but for one that a title or a description has."""
    titles = (split_link(piece)[1] or piece.text for piece in evidence if piece.kind in _TITLED)
    told = " ".join((item.title, item.description, *titles)).casefold()
    for name in sorted({name.casefold() for name in (*item.creators, *item.cast)}):
        said = re.findall(rf"(?<!\w){re.escape(name)}(?!\w)", folded)
        if len(said) > 1 and " " in name and name not in told:
            yield f"{name!r} is said twice"


def _misquotes(text: str, description: str) -> Iterator[str]:
    """Words that differ between the first and the last run quoted from the description."""
    told = words_of(description)
    for sentence in re.split(r"[.!?:] ", text):
        yield from _misquote(words_of(sentence), told)


def _misquote(said: Sequence[str], told: Sequence[str]) -> Iterator[str]:
    blocks = SequenceMatcher(None, said, told, autojunk=False).get_matching_blocks()
    runs = [block for block in blocks if block.size >= QUOTED_RUN]
    if sum(run.size for run in runs) < QUOTED_WORDS:
        return
    for one, other in pairwise(runs):
        written = said[one.a + one.size : other.a]
        meant = told[one.b + one.size : other.b]
        if written != meant:
            yield f"quotes {' '.join(meant)!r} as {' '.join(written)!r}"
