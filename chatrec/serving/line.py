"""Who is next: a bounded line in which every owner gets a turn in turn.

Within one owner the order is that of arrival; between owners it goes round, so that somebody with
twenty messages delays a newcomer by one. Knows nothing about threads, models or HTTP; whoever
shares a line between threads locks it.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class FullLineError(Exception):
    """There is no room; ``whole`` says whether in the whole line or for this owner alone."""

    def __init__(self, whole: bool) -> None:
        super().__init__("the line is full" if whole else "the owner's part of the line is full")
        self.whole = whole


class Line(Generic[T]):
    """At most ``most`` waiting things, at most ``most_each`` of one owner.

    >>> line = Line[str](most=9, most_each=9)
    >>> for owner, name in [("a", "a1"), ("a", "a2"), ("b", "b1")]:
    ...     line.join(owner, name)
    >>> [line.next() for _ in range(4)]
    ['a1', 'b1', 'a2', None]
    """

    def __init__(self, most: int, most_each: int) -> None:
        self._most = most
        self._most_each = most_each
        self._waiting: OrderedDict[str, deque[T]] = OrderedDict()

    def join(self, owner: str, thing: T) -> None:
        """Puts ``thing`` at the end of its owner's part; FullLineError where there is no room."""
        if len(self) >= self._most:
            raise FullLineError(whole=True)
        mine = self._waiting.get(owner)
        if mine is not None and len(mine) >= self._most_each:
            raise FullLineError(whole=False)
        self._waiting.setdefault(owner, deque()).append(thing)

    def next(self, ready: Callable[[T], bool] = lambda thing: True) -> T | None:
        """Takes out whose turn it is among what is ``ready``; None where nothing is.

        The owner then stands behind the others; of theirs that wait, the first that is ready goes.
        """
        for owner, mine in self._waiting.items():
            found = next((thing for thing in mine if ready(thing)), None)
            if found is not None:
                self._waiting.move_to_end(owner)
                self._remove(owner, found)
                return found
        return None

    def leave(self, thing: T) -> bool:
        """Takes out ``thing`` wherever it stands; whether it was there."""
        for owner, mine in self._waiting.items():
            if thing in mine:
                self._remove(owner, thing)
                return True
        return False

    def _remove(self, owner: str, thing: T) -> None:
        mine = self._waiting[owner]
        mine.remove(thing)
        if not mine:
            del self._waiting[owner]

    def __len__(self) -> int:
        return sum(len(mine) for mine in self._waiting.values())
