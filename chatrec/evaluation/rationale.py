"""How good the shown reasons are: grounded, specific, how often worded plainly, how varied.

- **grounded**: neither the grounding check nor the independent check of facts finds anything false
  in the sentence, given its evidence, the catalogue and the conversation.
- **specific**: it names a fact of the item that most of the catalogue's items do not have; beside
  it the share with one that fewer than a tenth have. What it is close to is no such fact.
- **fallback**: the share that code worded, because the decoder's sentence did not pass or because
  there was nothing for a decoder to word.
- **openings**: different first three words in each block of 100 reasons; the worst block counts.

It asks a recommender as anybody would and reads what is shown; it knows nothing about decoders.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from chatrec.conversation.recommender import Recommender
from chatrec.data.catalog import Catalog
from chatrec.errors import RequestError
from chatrec.evaluation.rationale_facts import FactShares
from chatrec.evaluation.rationale_faults import FactCheck, Known
from chatrec.evaluation.rationale_requests import Ask
from chatrec.generation.evidence import own_facts
from chatrec.generation.fact_words import columns_of
from chatrec.generation.grounding import check
from chatrec.types import Evidence, RationaleBy, Recommendation

K = 5
BLOCK = 100
OPENING_WORDS = 3
RARE, MOST = 0.1, 0.5

_WORD = re.compile(r"[\w'’-]+")


@dataclass(frozen=True, slots=True)
class ShownReason:
    """One reason that was shown, for whom, and what was found in it.

    ``known`` are the titles that the conversation had. ``problems`` are the grounding check's,
    ``faults`` those of the independent one. ``share`` is the share of the catalogue's items that
    have the rarest fact named in it; 1 where it names none.
    """

    request: str
    known: tuple[str, ...]
    item: str
    reason: str
    by: RationaleBy
    evidence: tuple[Evidence, ...]
    problems: tuple[str, ...]
    faults: tuple[str, ...]
    share: float

    @property
    def grounded(self) -> bool:
        """Whether neither check found anything false."""
        return not (self.problems or self.faults)

    def record(self) -> dict[str, Any]:
        """For a JSON file, with an empty ``verdict`` for who reads it."""
        facts = [[piece.kind, piece.text, piece.source] for piece in self.evidence]
        return {**asdict(self), "evidence": facts, "share": round(self.share, 4), "verdict": ""}


def shown_reasons(
    recommender: Recommender, asks: Iterable[Ask], k: int = K
) -> Iterator[ShownReason]:
    """Every reason that ``recommender`` shows for ``asks``, in the order of the lists."""
    catalog = recommender.catalog
    facts, shares = FactCheck(catalog), FactShares(catalog)
    for ask in asks:
        reply = recommender.respond(ask.text, ask.begun(recommender), k)
        known = Known.of(reply.state)
        titles = tuple(catalog.get(i).title for i in sorted(known.ties) if i in catalog)
        for shown in reply.recommendations:
            yield ShownReason(
                ask.text,
                titles,
                shown.item.label,
                shown.rationale,
                shown.rationale_by,
                shown.evidence,
                problems_of(shown, catalog),
                facts.faults(shown, known),
                shares.rarest(shown),
            )


def problems_of(shown: Recommendation, catalog: Catalog) -> tuple[str, ...]:
    """What the grounding check finds in a shown reason."""
    evidence = shown.evidence or own_facts(shown.item, columns_of(catalog))
    return check(shown.rationale, shown.item, evidence, catalog).problems


def measure_reasons(
    recommender: Recommender,
    asks: Iterable[Ask],
    n: int,
    report: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """The figures of the first ``n`` reasons shown for ``asks``, with what is false in them.

    Raises RequestError for ``n`` below 1.
    """
    if n < 1:
        raise RequestError(f"{n} reasons were asked for; give at least 1")
    shown = []
    for reason in islice(shown_reasons(recommender, asks), n):
        shown.append(reason)
        if report is not None:
            report(len(shown), n)
    return figures(shown)


def figures(shown: Sequence[ShownReason]) -> dict[str, Any]:
    """All figures of these reasons, of which there is at least one."""
    n = len(shown)
    return {
        "reasons": n,
        "grounded": _share(reason.grounded for reason in shown),
        "specific": _share(reason.share < MOST for reason in shown),
        "with a fact of less than a tenth": _share(reason.share < RARE for reason in shown),
        "fallback": _share(reason.by == "template" for reason in shown),
        "openings in the worst 100": worst_openings([reason.reason for reason in shown]),
        "mean words": round(sum(len(reason.reason.split()) for reason in shown) / n, 1),
        "false": [
            [reason.item, reason.reason, [*reason.problems, *reason.faults]]
            for reason in shown
            if not reason.grounded
        ],
    }


def worst_openings(reasons: Sequence[str]) -> int:
    """How many different openings the block of 100 with the fewest has.

    A last block that is not full counts only where there is no other.

    >>> worst_openings(["It is a film.", "It is a book.", "Here is one."])
    2
    >>> worst_openings(["It is a film.", "It is a sad film."])
    1
    """
    openings = [tuple(_WORD.findall(reason.casefold())[:OPENING_WORDS]) for reason in reasons]
    blocks = [openings[start : start + BLOCK] for start in range(0, len(openings), BLOCK)]
    whole = [block for block in blocks if len(block) == BLOCK] or blocks
    return min((len(set(block)) for block in whole), default=0)


def _share(held: Iterable[bool]) -> float:
    found = list(held)
    return round(sum(found) / len(found), 4)
