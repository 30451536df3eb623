"""Links names of another source ("Jaws (1975 film)", "Jaws (1975)") to the items of a catalogue.

Every item takes the one name that fits it best; a name may have several items (the same film under
two ids) or none. Knows titles and years only.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from chatrec.data.catalog import Catalog
from chatrec.data.title_words import tokenise
from chatrec.types import Item

_BRACKETED = re.compile(r"\s*\(([^()]*)\)(?:,[^()]*)?$")
_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")
_NEVER = 99


@dataclass(frozen=True, slots=True)
class _Name:
    """A name's id, what stands in brackets at its end, and the year in it."""

    key: str
    bracketed: str
    year: int | None


def link_titles(names: Mapping[str, str], catalog: Catalog) -> dict[str, tuple[int, ...]]:
    """For each id of ``names`` the item_index of the items that its name means, rising.

    A year in a name may be one off the item's; a name without one fits any year, "film" in
    brackets before nothing, nothing before "TV series", "song" and the like. Items without a year
    rather take a name that no item with a year has taken.
    """
    by_title: dict[str, list[_Name]] = defaultdict(list)
    for key, name in names.items():
        entry, titles = _parsed(key, name)
        for title in titles:
            by_title[title].append(entry)
    links: dict[str, list[int]] = {key: [] for key in names}
    taken: set[str] = set()
    for index, item in sorted(enumerate(catalog), key=lambda pair: pair[1].year is None):
        fits = [n for n in by_title.get(_letters(item.title), []) if _misfit(n, item) < _NEVER]
        if item.year is None:
            best = min(fits, key=lambda n: (n.key in taken, _misfit(n, item)), default=None)
        else:
            best = min(fits, key=lambda n: _misfit(n, item), default=None)
            taken |= set() if best is None else {best.key}
        if best is not None:
            links[best.key].append(index)
    return {key: tuple(sorted(items)) for key, items in links.items()}


class TitleLookup:
    """Finds the one item that an id or a name means; any number of names may mean one item."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._by_title: dict[str, list[int]] = defaultdict(list)
        for index, item in enumerate(catalog):
            self._by_title[_letters(item.title)].append(index)

    def __call__(self, name: str) -> int | None:
        """The item_index of an item_id, else of a title, with a year or not; None for neither.

        Of several that fit, the one whose year is nearest, without a year in the name the latest.
        """
        if name in self._catalog:
            return self._catalog.index_of(name)
        entry, titles = _parsed(name, name)
        found = [index for title in titles for index in self._by_title.get(title, ())]
        items = self._catalog.items
        found = [index for index in found if _misfit(entry, items[index]) < _NEVER]
        return min(
            found,
            key=lambda i: (_misfit(entry, items[i]), -(items[i].year or 0), i),
            default=None,
        )


def _parsed(key: str, name: str) -> tuple[_Name, tuple[str, ...]]:
    """A name, and the letters of its titles: as it is, and without what stands in brackets."""
    found = _BRACKETED.search(name)
    bracketed = found[1] if found else ""
    year = _YEAR.search(bracketed)
    titles = (_letters(name), _letters(name[: found.start()]) if found else _letters(name))
    return _Name(key, bracketed, int(year[1]) if year else None), tuple(dict.fromkeys(titles))


def _misfit(name: _Name, item: Item) -> int:
    """How badly a name fits an item of the same title; 0 is best, _NEVER is another item."""
    if name.year is not None and item.year is not None:
        apart = abs(name.year - item.year)
        return apart if apart <= 1 else _NEVER
    if re.search("series|franchise", name.bracketed):
        return 4
    if re.search("film|movie", name.bracketed):
        return 2
    return 3 if not name.bracketed else 5


def _letters(title: str) -> str:
    return " ".join(token.word for token in tokenise(title))
