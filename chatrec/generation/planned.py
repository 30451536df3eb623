"""Whether a sentence keeps to the plans: every three words in a row stand so in one of them.

For decoders that were not tuned to word a kind of catalogue: they copy facts, but join them into
English that a reader stumbles over. Knows the plans and the facts of one draft; knows no models.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from chatrec.generation.evidence import ASKED, split_link
from chatrec.generation.forms import adjective_of, slots_of, variant
from chatrec.generation.plans import LEADS
from chatrec.generation.tones import expanded
from chatrec.generation.wording import TAILS
from chatrec.types import Evidence

_TOKEN = re.compile(r"\w+(?:['’.&-]\w+)*|[^\w\s]")
_SENTENCES = re.compile(r"(?<=[.?!])\s+(?=[A-Z“])")
_MARKS = re.compile(r"[.!?:]")
_START, _END = "^", "$"

_Tokens = tuple[str, ...]


def keeps_to_plans(text: str, told: Sequence[Evidence], domain: str) -> bool:
    """Whether ``text`` could have been put together from the plans of the pieces ``told``.

    A question without its answer could not.
    """
    if text.endswith("?"):
        return False
    text = unmarked(text, told)
    leads = [
        _tokens(sentence)
        for said in _worded(told, domain, LEADS)
        for sentence in _SENTENCES.split(unmarked(said, told))
    ]
    tails = [_tokens(unmarked(said, told)) for said in _worded(told, domain, TAILS)]
    allowed = {run for said in (*leads, *tails) for run in _runs(said)}
    ends = {(*said[-2:], ",") for said in (*leads, *tails)}
    for said, link in product(tails, ((",",), (",", "and"))):
        allowed |= {(*link, *said)[at : at + 3] for at in range(len(link))}
        allowed |= {(end[1], *link, *said)[:3] for end in ends}
    allowed |= ends
    return all(run in allowed for said in _SENTENCES.split(text) for run in _runs(_tokens(said)))


def unmarked(text: str, told: Sequence[Evidence]) -> str:
    """``text`` with other letters for the marks in the titles that ``told`` names.

    So no sentence ends within "Help! Part 2". The text is as long as before.
    """
    titles = {split_link(piece)[1] or piece.text for piece in told if piece.kind != "description"}
    for title in sorted(titles, key=len, reverse=True):
        if _MARKS.search(title):
            text = text.replace(title, _MARKS.sub("_", title))
    return text


def _worded(
    told: Sequence[Evidence], domain: str, plans: dict[str, tuple[str, ...]]
) -> Iterator[str]:
    for piece in {form: None for given in told for form in _forms(given)}:
        slots = dict(slots_of(piece, domain))
        nouns = {slots["noun"]} | {adjective_of(other, slots["noun"], domain) for other in told}
        for plan in plans.get(variant(piece), ()):
            for said in expanded(plan.rstrip("~")):
                for noun in nouns if "{noun}" in said else {slots["noun"]}:
                    yield said.format_map({**slots, "noun": noun})


def _forms(piece: Evidence) -> Iterator[Evidence]:
    """The piece, and what it becomes beside another that names its title or the wish."""
    yield piece
    name, title = split_link(piece)
    if title:
        plain = piece.kind.removeprefix("shared_")
        yield replace(piece, kind=plain, text=name, source="catalogue")
    elif piece.source == ASKED:
        yield replace(piece, source="catalogue")


def _tokens(text: str) -> _Tokens:
    words = (word.casefold() for word in _TOKEN.findall(text.rstrip(".!? ")))
    return tuple("a" if word == "an" else word for word in words)


def _runs(tokens: _Tokens) -> Iterator[_Tokens]:
    padded = (_START, _START, *tokens, _END)
    return (padded[at : at + 3] for at in range(len(padded) - 2))
