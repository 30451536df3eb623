"""The catalogue: every item that can be recommended, in a fixed order.

It knows nothing about files other than the built-in films, nor about users or models.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache, cached_property
from importlib import resources
from typing import Any

from chatrec.data.adults_only import is_adults_only
from chatrec.errors import DataError, RequestError
from chatrec.types import Item

LONGEST_FACT = 60  # characters; longer facts say little about what an item is like
_FILM_FIELDS = {"directors": "creators", "logline": "description"}
_NO_WORDS = re.compile(
    r"(?:^|[^a-z])(?:ids?|ur[il]s?|links?|images?|pictures?|posters?|covers?|photos?|thumbnails?|"
    r"isbn|raw|date)$|Id$",
    re.I,
)
_LISTS = frozenset({"genres", "creators", "cast", "countries", "keywords"})


class Catalog:
    """An immutable collection of items with unique ids and non-empty titles.

    Raises DataError for no items at all, an empty or repeated ``item_id``, or an empty title.
    """

    def __init__(self, items: Sequence[Item], domain: str = "film") -> None:
        if not items:
            raise DataError("the catalogue has no items; at least 1 is needed: check the file")
        self.items: tuple[Item, ...] = tuple(items)
        self.domain = domain
        self._index = {item.item_id: index for index, item in enumerate(self.items)}
        if len(self._index) < len(self.items):
            raise DataError(_repeated_id(self.items))
        for item in self.items:
            if not item.item_id or not item.title.strip():
                raise DataError(
                    f"item {item.item_id!r} has the title {item.title!r}; "
                    "an id and a title are needed: fill them in or leave the item out"
                )

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)

    def __contains__(self, item_id: object) -> bool:
        return item_id in self._index

    def __repr__(self) -> str:
        return f"Catalog({len(self)} items, domain={self.domain!r})"

    def get(self, item_id: str) -> Item:
        """The item with this id; RequestError where there is none."""
        return self.items[self.index_of(item_id)]

    def index_of(self, item_id: str) -> int:
        """The item's position in ``items``, from 0; RequestError for an unknown id."""
        index = self._index.get(item_id)
        if index is None:
            raise RequestError(
                f"unknown item_id {item_id!r}; the catalogue has {len(self):,} ids such as "
                f"{self.items[0].item_id!r}: use one of those"
            )
        return index

    @cached_property
    def checksum(self) -> str:
        """sha256 (64 hex digits) over the domain and every field of every item, in order."""
        digest = hashlib.sha256(json.dumps(self.domain).encode())
        for item in self.items:
            digest.update(json.dumps(item_fields(item), sort_keys=True).encode())
        return digest.hexdigest()

    @cached_property
    def adults_only(self) -> frozenset[str]:
        """Ids of what a genre or an age rating says is for adults only."""
        return frozenset(item.item_id for item in self.items if is_adults_only(item))


def item_fields(item: Item) -> dict[str, Any]:
    """The item as plain JSON values, one entry a field."""
    record: dict[str, Any] = {f.name: getattr(item, f.name) for f in fields(item)}
    record["facts"] = dict(item.facts)
    return record


def item_text(item: Item) -> str:
    """What retrieval and item vectors read of an item, as plain sentences, best known first.

    Parts without a value are left out; so are facts that are longer than LONGEST_FACT characters,
    numbers, ids and addresses, or the title again.

    >>> item_text(Item("1", "Moon", 2009, ("Sci-Fi",), ("Duncan Jones",), ("Sam Rockwell",)))
    'Moon (2009). Sci-Fi. by Duncan Jones; with Sam Rockwell.'
    """
    people = [f"by {', '.join(item.creators)}"] if item.creators else []
    if item.cast:
        people.append(f"with {', '.join(item.cast)}")
    facts = [f"{k}: {v}" for k, v in item.facts.items() if _tells(k, v, item)]
    parts = (
        item.label,
        ", ".join(item.genres),
        "; ".join(people),
        ", ".join(item.keywords),
        item.description,
        "; ".join(facts),
    )
    return " ".join(part if part[-1] in ".!?" else f"{part}." for part in parts if part)


@cache
def builtin_films() -> Catalog:
    """The film catalogue that comes with the package; the same object at every call."""
    source = resources.files("chatrec.data") / "builtin" / "films.jsonl"
    lines = source.read_text(encoding="utf-8").splitlines()
    return Catalog([_film(json.loads(line)) for line in lines if line], domain="film")


def names_words(column: str) -> bool:
    """Whether a column's name promises something to read: no id, address, picture or date.

    >>> names_words("publisher"), names_words("image_url"), names_words("poster")
    (True, False, False)
    """
    return _NO_WORDS.search(column) is None


def _tells(name: str, value: str, item: Item) -> bool:
    """Whether a fact says in words what an item is like."""
    worded = any(letter.isalpha() for letter in value) and len(value) <= LONGEST_FACT
    return worded and item.title not in value and names_words(name)


def _film(record: Mapping[str, Any]) -> Item:
    values: dict[str, Any] = {}
    for key, value in record.items():
        name = _FILM_FIELDS.get(key, key)
        values[name] = tuple(value) if name in _LISTS else value
    return Item(**values)


def _repeated_id(items: Sequence[Item]) -> str:
    first: dict[str, Item] = {}
    for item in items:
        if item.item_id in first:
            titles = f"{first[item.item_id].title!r} and {item.title!r}"
            return f"item_id {item.item_id!r} stands twice, for {titles}; ids must be unique"
        first[item.item_id] = item
    raise AssertionError("called without a repeated id")
