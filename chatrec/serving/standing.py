"""What holds for an owner in every conversation: the verdicts and limits of ``/v1/profile``.

A new conversation begins with it, and what its first request says counts for more. Knows nothing
about HTTP or where it is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from chatrec.conversation.merging import merged, names_set
from chatrec.conversation.state import DialogueState, Feedback, constraints_from_dict
from chatrec.data.catalog import Catalog
from chatrec.errors import DataError, RequestError
from chatrec.storage import FeedbackKind
from chatrec.types import Constraints

VERDICTS: Mapping[FeedbackKind, Feedback] = {
    "like": "like",
    "more": "like",
    "dislike": "dislike",
    "less": "dislike",
    "seen": "seen",
}
_LISTS = ("liked", "disliked", "seen")


@dataclass(frozen=True, slots=True)
class Standing:
    """Item ids, oldest first, and hard limits."""

    liked: tuple[str, ...] = ()
    disliked: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    constraints: Constraints = field(default_factory=Constraints)

    def judged(self, item_id: str, kind: FeedbackKind) -> Standing:
        """With a verdict on an item, which replaces an earlier opposite one."""
        state = DialogueState(liked=self.liked, disliked=self.disliked, seen=self.seen)
        after = state.with_feedback(item_id, VERDICTS[kind])
        return replace(self, **{name: getattr(after, name) for name in _LISTS})

    def record(self) -> dict[str, Any]:
        """As JSON values; limits that aren't set are left out."""
        lists: dict[str, Any] = {name: list(getattr(self, name)) for name in _LISTS}
        return lists | {"constraints": set_limits(self.constraints)}


def read_standing(record: Mapping[str, Any]) -> Standing:
    """What ``record`` wrote. Raises DataError for anything else."""
    try:
        state = DialogueState.from_dict({name: record.get(name, []) for name in _LISTS})
        limits = constraints_from_dict(record.get("constraints", {}))
    except RequestError as error:
        raise DataError(
            f"the stored profile can't be read ({error}); delete it with DELETE /v1/profile"
        ) from error
    return Standing(state.liked, state.disliked, state.seen, limits)


def with_standing(state: DialogueState, standing: Standing, catalog: Catalog) -> DialogueState:
    """The state of a new conversation with what holds in every one; the state's own words win.

    Items that the catalogue doesn't have (any more) are left out.
    """

    def kept(ids: Iterable[str], but: Iterable[str], own: Iterable[str]) -> tuple[str, ...]:
        still = (i for i in ids if i in catalog and i not in set(but))
        return tuple(dict.fromkeys((*still, *own)))

    return replace(
        state,
        liked=kept(standing.liked, state.disliked, state.liked),
        disliked=kept(standing.disliked, state.liked, state.disliked),
        seen=kept(standing.seen, (), state.seen),
        constraints=merged(standing.constraints, state.constraints, adding=True),
        standing=tuple(dict.fromkeys((*state.standing, *names_set(standing.constraints)))),
    )


def set_limits(constraints: Constraints) -> dict[str, Any]:
    """The limits that are set, by name, as JSON values."""
    found = {name: getattr(constraints, name) for name in names_set(constraints)}
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in found.items()
    }
