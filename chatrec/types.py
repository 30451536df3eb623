"""The value objects that travel between the layers (see docs/architecture.md for the words).

Frozen dataclasses only: nothing here loads files, runs models or knows about a user interface.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LedBy = Literal["item_head", "labels", "fusion"]
RationaleBy = Literal["model", "template"]
NO_FACTS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that can be recommended. Empty means unknown, never "none".

    ``creators`` are directors, authors, artists, developers; ``cast`` the performers;
    ``description`` a logline or blurb; ``facts`` holds every column without a field of its own.
    """

    item_id: str
    title: str
    year: int | None = None
    genres: tuple[str, ...] = ()
    creators: tuple[str, ...] = ()
    cast: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    language: str = ""
    runtime_min: int | None = None
    age_rating: str = ""
    keywords: tuple[str, ...] = ()
    description: str = ""
    price: float | None = None
    facts: Mapping[str, str] = field(default_factory=lambda: NO_FACTS)

    @property
    def label(self) -> str:
        """Title with the year where known, on one line: ``Moon (2009)``."""
        title = " ".join(self.title.splitlines())
        return title if self.year is None else f"{title} ({self.year})"


@dataclass(frozen=True, slots=True)
class Interaction:
    """One user meeting one item. ``weight`` is the rating as given, or 1.0 where there is none;
    ``timestamp`` is seconds since 1970 UTC, or a position that only orders, or None (unknown).
    """

    user_id: str
    item_id: str
    timestamp: float | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Constraints:
    """Hard limits: an item that breaks one is never shown. Empty or None means no limit.

    Years are inclusive. ``genres_all`` and ``people_all`` must all be present, of ``genres_any``
    and ``people_any`` one; text comparison ignores case. ``max_age`` is the age in years of the
    youngest viewer: an item whose age rating asks for more, or is unknown, is refused;
    ``ratings_any`` are the age ratings that may stand, as the catalogue spells them.
    ``keywords_none`` refuses themes. ``facts`` limit columns without a field of their own, each
    written as ``column=value``, ``column<=number`` or ``column>=number``.
    """

    year_min: int | None = None
    year_max: int | None = None
    genres_all: tuple[str, ...] = ()
    genres_any: tuple[str, ...] = ()
    genres_none: tuple[str, ...] = ()
    people_all: tuple[str, ...] = ()
    people_any: tuple[str, ...] = ()
    people_none: tuple[str, ...] = ()
    countries_any: tuple[str, ...] = ()
    countries_none: tuple[str, ...] = ()
    languages_any: tuple[str, ...] = ()
    languages_none: tuple[str, ...] = ()
    keywords_none: tuple[str, ...] = ()
    runtime_min: int | None = None
    runtime_max: int | None = None
    price_max: float | None = None
    max_age: int | None = None
    ratings_any: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """A history and the choice that followed it, put into the prompt (few-shot without tuning)."""

    history: tuple[str, ...]
    choice: str


@dataclass(frozen=True, slots=True)
class Query:
    """What one turn asks for. Ids are item ids of the catalogue, oldest first.

    ``text`` is the wish in the user's words; ``history`` what they had before this session,
    ``liked`` and ``disliked`` what they named, ``seen`` what must not be shown; ``near`` are the
    items that this wish is relative to ("like X"), which lead retrieval. ``proposed`` are items
    that replies proposed one by one and that weren't turned down: the talk went by them.
    """

    text: str = ""
    history: tuple[str, ...] = ()
    liked: tuple[str, ...] = ()
    disliked: tuple[str, ...] = ()
    seen: frozenset[str] = frozenset()
    near: tuple[str, ...] = ()
    constraints: Constraints = Constraints()
    examples: tuple[Example, ...] = ()
    proposed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A fact that supports an item. ``kind`` is one of EVIDENCE_KINDS, ``text`` the fact in plain
    words, ``source`` where it comes from ("catalogue", "your words", "dense", "lexical" ...).
    """

    kind: str
    text: str
    source: str


EVIDENCE_KINDS = (
    "genre",  # text: "Sci-Fi"
    "creator",  # text: "Denis Villeneuve"
    "cast",  # text: "Amy Adams"
    "year",  # text: "2016"
    "country",  # text: "USA"
    "language",  # text: "English"
    "runtime",  # text: "116 minutes"
    "age_rating",  # text: "PG-13"
    "keyword",  # text: "first contact"
    "description",  # text: the item's own description
    "price",  # text: "9.99"
    "fact",  # text: "column: value", a column without a field of its own
    "shared_creator",  # text: "Denis Villeneuve | Arrival" (name | the liked title)
    "shared_cast",  # text: "Amy Adams | Arrival"
    "shared_genre",  # text: "Sci-Fi | Arrival"
    "shared_keyword",  # text: "first contact | Arrival"
    "shared_title",  # text: "Mega Man | Mega Man X", words of both titles
    "similar",  # text: "Arrival", an item the user named whose text is close
    "match",  # text: words of the wish found in the item's text
    "together",  # text: "Arrival | 3.1": people had both so many times as often as by chance
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where one part of the system put an item: ``place`` from 1 among the ``of`` that it ordered.

    ``by`` is a retriever's name, "fusion" for the pool or "ranker" for the final order.
    """

    by: str
    place: int
    of: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that a retriever or ranker proposes; a higher ``score`` is better.

    ``places`` are where the branches of a fusion had it, in their order; empty for a single one.
    """

    item_id: str
    score: float
    source: str
    evidence: tuple[Evidence, ...] = ()
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One shown item; ``rank`` starts at 1.

    ``places`` are where the branches, the pool and the ranker had it, for who asks why.
    """

    item: Item
    rank: int
    score: float
    rationale: str
    rationale_by: RationaleBy
    evidence: tuple[Evidence, ...]
    places: tuple[Place, ...] = ()


class Retriever(Protocol):
    """Finds candidates for a query."""

    name: str

    def retrieve(self, query: Query, k: int) -> list[Candidate]:
        """At most ``k`` candidates, best first; empty where the query gives nothing to go by."""
        ...


class Ranker(Protocol):
    """Orders a pool of candidates."""

    def rank(self, query: Query, pool: Sequence[Candidate]) -> tuple[list[Candidate], LedBy]:
        """The same candidates, best first, and what led the order."""
        ...


class Similarity(Protocol):
    """Tells how alike items are."""

    def similarity(self, item_ids: Sequence[str]) -> NDArray[np.float32]:
        """Cosines between the items, (n, n)."""
        ...
