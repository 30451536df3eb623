"""Which facts of an item a sentence names, and how many of the catalogue's items have them too.

Reads the evidence that came with a reason; knows nothing about whether the sentence is true.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from chatrec.data.catalog import Catalog
from chatrec.evaluation.rationale_faults import stands
from chatrec.generation.evidence import own_facts, split_link
from chatrec.generation.fact_words import columns_of, read_fact
from chatrec.generation.forms import adjective_of, slots_of
from chatrec.generation.title_words import titles_with
from chatrec.types import Evidence, Recommendation

QUOTED_WORDS = 5  # of a description in a row, which show that it is being told
_NO_FACTS = frozenset({"similar", "match", "together"})  # of the wish or of others, not of the item


class FactShares:
    """How common the facts of one catalogue's items are; counted once."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        columns = columns_of(catalog)
        self._counts = Counter(
            fact for item in catalog for fact in {_key(p) for p in own_facts(item, columns)}
        )

    def rarest(self, shown: Recommendation) -> float:
        """The share of items that have the rarest fact named in a reason; 1 where none is."""
        domain = self._catalog.domain
        named = (p for p in shown.evidence if names(shown.rationale, p, domain))
        return min((self._share(piece) for piece in named), default=1.0)

    def _share(self, piece: Evidence) -> float:
        name = split_link(piece)[0]
        if piece.kind == "shared_title":
            return titles_with(name, self._catalog) / len(self._catalog)
        return self._counts[_key(piece)] / len(self._catalog)


def names(sentence: str, piece: Evidence, domain: str) -> bool:
    """Whether ``sentence`` names the fact of the item that ``piece`` is, in any of its forms."""
    if piece.kind in _NO_FACTS:
        return False
    folded = sentence.casefold()
    if piece.kind == "shared_title":  # quoted; the title that it is shared with has it anyway
        return f"“{split_link(piece)[0]}”".casefold() in folded
    if piece.kind == "description":
        words = piece.text.casefold().rstrip(".!?").split()
        runs = (words[at : at + QUOTED_WORDS] for at in range(len(words)))
        return any(len(run) == QUOTED_WORDS and " ".join(run) in folded for run in runs)
    return any(stands(form.casefold(), folded) for form in _forms(piece, domain))


def _forms(piece: Evidence, domain: str) -> Iterator[str]:
    fact = read_fact(piece.text) if piece.kind == "fact" else None
    if fact is not None:
        yield fact.value
        return
    slots = slots_of(piece, domain)
    yield from {slots["name"], slots["theme"], slots["country"]} - {""}
    if piece.kind.endswith("genre"):
        yield from (slots["kind"], slots["kinds"])
        genre = Evidence("genre", split_link(piece)[0], piece.source)
        yield adjective_of(genre, "…", domain).removesuffix("…").strip() or slots["name"]


def _key(piece: Evidence) -> tuple[str, str]:
    return piece.kind.removeprefix("shared_"), split_link(piece)[0].casefold()
