"""Which of a user's titles moved an item in the order it stands in: each of the last is left out.

Where the item head leads, what an item gains is told by the head alone, in one batch of prompts.
Everything else is ordered anew without the title, which tells by how many places the item moves.
Knows queries and orders; knows nothing about how either is worded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from chatrec.data.catalog import Catalog
from chatrec.generation.ranker import ItemHeadRanker, met_items
from chatrec.types import Candidate, LedBy, Query

LEFT_OUT = 8

Order = Callable[[Query], tuple[Sequence[Candidate], LedBy]]
Heard = Callable[[Query], Query]


@dataclass(frozen=True, slots=True)
class Moved:
    """What moved the items of a list that was ordered by ``led_by``.

    ``left_out`` are the ids of the titles that were left out, oldest first; none where the query
    names none. ``gains`` has for each listed item what it gained by each of them, below 0 where it
    lost: the difference of its log-probability where ``led_by`` is "item_head", of its place where
    it is "fusion" (an item that isn't found without a title counts as the last). ``share`` is the
    head's part in an order that it led, 0 to 1.
    """

    led_by: LedBy
    left_out: tuple[str, ...]
    gains: Mapping[str, tuple[float, ...]]
    share: float = 0.0


class Movers:
    """Tells what moved the items of a list, from the query that led to it; keeps nothing."""

    def __init__(
        self, catalog: Catalog, order: Order, heard: Heard, head: ItemHeadRanker | None = None
    ) -> None:
        """``order`` gives the final order of what is found for a query, and what led it.

        ``heard`` is the query as retrieval is asked it; ``head`` ranks by the item head, if there
        is one.
        """
        self._catalog = catalog
        self._order = order
        self._heard = heard
        self._head = head

    def of(
        self, query: Query, item_ids: Sequence[str], led_by: LedBy | None = None
    ) -> Moved | None:
        """What moved these items of the list that the query led to.

        ``led_by`` is what had led it, None for what would lead it now. None where this can't be
        told: labels led, or what had led isn't there any more. Ids that the catalogue lacks are
        passed over.
        """
        query = _within(query, self._catalog)
        led_by = self._order(query)[1] if led_by is None else led_by
        listed = [item_id for item_id in item_ids if item_id in self._catalog]
        left_out = _last_met(query, self._catalog)
        if led_by == "item_head" and self._head is not None:
            return self._by_chance(self._head, query, listed, left_out)
        if led_by == "fusion":
            return self._by_place(query, listed, left_out)
        return None

    def _by_chance(
        self, head: ItemHeadRanker, query: Query, listed: Sequence[str], left_out: tuple[str, ...]
    ) -> Moved:
        share = head.share(query)
        if not left_out:
            return Moved("item_head", (), dict.fromkeys(listed, ()), share)
        scores = head.scorer.scores_without(query, left_out)
        gains = scores[0] - scores[1:]  # (L, N)
        rows = {item_id: gains[:, self._catalog.index_of(item_id)] for item_id in listed}
        told = {item_id: tuple(row.tolist()) for item_id, row in rows.items()}
        return Moved("item_head", left_out, told, share)

    def _by_place(
        self, query: Query, listed: Sequence[str], left_out: tuple[str, ...]
    ) -> Moved | None:
        less = [_without(query, item_id) for item_id in left_out]
        if self._head is not None and left_out:
            asked = [self._heard(other) for other in less]
            self._head.scorer.foresee(self._heard(query), left_out, asked)
        ranked, led_by = self._order(query)
        if led_by != "fusion":
            return None
        with_all = _places(ranked, listed)
        orders = [_places(self._order(other)[0], listed) for other in less]
        gains = {i: tuple(float(o[i] - with_all[i]) for o in orders) for i in listed}
        return Moved("fusion", left_out, gains)


def _last_met(query: Query, catalog: Catalog) -> tuple[str, ...]:
    """The last LEFT_OUT different items that the query tells of, oldest first."""
    newest = (shown.item.item_id for shown in reversed(met_items(query, catalog)))
    return tuple(reversed(list(dict.fromkeys(newest))[:LEFT_OUT]))


def _without(query: Query, item_id: str) -> Query:
    """The query as if this item had never been met; it isn't shown all the same."""

    def less(ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(i for i in ids if i != item_id)

    return replace(
        query,
        history=less(query.history),
        liked=less(query.liked),
        disliked=less(query.disliked),
        near=less(query.near),
        proposed=less(query.proposed),
    )


def _within(query: Query, catalog: Catalog) -> Query:
    """The query less what the catalogue has no more."""

    def known(ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(i for i in ids if i in catalog)

    examples = (e for e in query.examples if all(i in catalog for i in (*e.history, e.choice)))
    return replace(
        query,
        history=known(query.history),
        liked=known(query.liked),
        disliked=known(query.disliked),
        near=known(query.near),
        proposed=known(query.proposed),
        examples=tuple(examples),
    )


def _places(ranked: Sequence[Candidate], listed: Sequence[str]) -> dict[str, int]:
    """The place of each listed item, from 1; one after the last for what isn't there."""
    places = {candidate.item_id: place for place, candidate in enumerate(ranked, start=1)}
    return {item_id: places.get(item_id, len(ranked) + 1) for item_id in listed}
