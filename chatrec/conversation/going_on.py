"""What a message goes on from without saying so: titles just named, the verdict or refusal before.

"And Pulp Fiction" after "I loved Heat" loves that too; "it" is the one title that the user named
last; "no, the old one" is the older item of the same title. Knows the state's log of changes and
the catalogue's titles.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from chatrec.conversation.state import DialogueState
from chatrec.conversation.utterance import words_of
from chatrec.data.catalog import Catalog
from chatrec.types import Item

Verdict = Literal["liked", "disliked", "seen"]
VERDICTS: tuple[Verdict, ...] = ("liked", "disliked", "seen")
_NAMED = (*VERDICTS, "near")
_GOES_ON = re.compile(
    r"\W*(?:(?:oh|yes|yeah|yep|ok|okay)\W+)?(?:and|also|or|nor|plus|und|oder|auch|et|ou|aussi|y|o|"
    r"tambien|还有)\b"
)
_NOTHING_MORE = re.compile(
    r"(?:\W|\b(?:of course|as well|and|also|or|nor|plus|too|obviously|naturally|both|either|best|"
    r"the|one|oh|yes|yeah|yep|ok|okay|und|oder|auch|et|ou|aussi|bien sur|y|o|tambien|naturlich|"
    r"claro)\b|还有)*"
)
_WHICH = re.compile(
    r"\W*(?:(?:no|nope|sorry|oops|wait)\W+)*(?:(?:i )?mean(?:t)? )?the "
    r"(?:(?P<old>old(?:er|est)?|original|first)|(?P<new>new(?:er|est)?|latest|remake|recent)|"
    r"(?P<year>1[89]\d\d|20\d\d))(?: one| version| film| movie| book| game)?\W*(?:please)?\W*"
    r"|\W*(?:(?:no|sorry)\W+)*(?:(?:i )?mean(?:t)? )?(?:the one )?from (?P<from>1[89]\d\d|"
    r"20\d\d)\W*"
    r"|\W*(?:nein\W+)?(?:ich mein\w* )?(?:den|die|das) (?P<alt>alte|neue)n?\W*"
)


def just_named(state: DialogueState) -> tuple[str, ...]:
    """The items that the message before judged or wished to be like, in its order."""
    return tuple(
        dict.fromkeys(
            c.value
            for c in state.changes
            if c.turn == state.turn - 1 and c.added and c.by == "said" and c.what in _NAMED
        )
    )


def said_before(state: DialogueState, names: Sequence[str]) -> set[str]:
    """Which of these kinds of entries the message before added."""
    return {
        c.what
        for c in state.changes
        if c.turn == state.turn - 1 and c.added and c.by == "said" and c.what in names
    }


def goes_on(folded: str) -> bool:
    """Whether a message begins as the end of the one before: "and ...", "or ..."."""
    return _GOES_ON.match(folded) is not None


def asks_on(rest: str) -> bool:
    """Whether a message of one title alone goes on asking: "and Don Quixote?"."""
    asked = rest.rstrip().endswith("?") and goes_on(rest)
    return asked and _NOTHING_MORE.fullmatch(rest.replace("?", "")) is not None


def is_alternative(folded: str) -> bool:
    """Whether a message begins with "or"."""
    return re.match(r"\W*(?:or|oder|ou|o)\b", folded) is not None


def verdict_before(state: DialogueState, rest: str) -> Verdict | None:
    """The one verdict of the message before that a message of titles alone goes on with.

    ``rest`` is the message with its titles blanked; None where it says more or goes on nothing.
    """
    said = said_before(state, VERDICTS)
    kinds = [verdict for verdict in VERDICTS if verdict in said]
    if len(kinds) != 1 or not goes_on(rest) or _NOTHING_MORE.fullmatch(rest) is None:
        return None
    asked = [turn.text.rstrip().endswith("?") for turn in state.turns if turn.role == "user"][-2:]
    if len(asked) == 2 and all(asked):
        return None  # "I hated Heat. Is Jaws long?" "And Alien?" goes on asking
    return kinds[0]


def namesake_meant(folded: str, state: DialogueState, catalog: Catalog) -> tuple[Item, Item] | None:
    """The item talked of and the one of the same title that "the old one" means instead.

    None where the message says something else, or nothing talked of shares its title. The first of
    the pair may be the second: "the old one" may confirm.
    """
    match = _WHICH.fullmatch(folded)
    if match is None:
        return None
    for item_id in dict.fromkeys((*just_named(state), *state.focus, *state.near)):
        if item_id not in catalog:
            continue
        item = catalog.get(item_id)
        same = [i for i in catalog if words_of(i.title) == words_of(item.title)]
        dated = sorted((i for i in same if i.year is not None), key=lambda i: i.year or 0)
        chosen = _chosen(match, dated) if len(dated) > 1 else None
        if chosen is not None:
            return item, chosen
    return None


def _chosen(match: re.Match[str], dated: Sequence[Item]) -> Item | None:
    year = match["year"] or match["from"]
    if year is not None:
        return next((item for item in dated if str(item.year) == year), None)
    return dated[-1] if match["new"] or match["alt"] == "neue" else dated[0]


def exchanged(state: DialogueState, old: str, new: str) -> DialogueState:
    """The state in which one item stands where another stood, as judged or to be like."""

    def swapped(ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(new if i == old else i for i in ids))

    return replace(
        state,
        liked=swapped(state.liked),
        disliked=swapped(state.disliked),
        seen=swapped(state.seen),
        near=swapped(state.near),
        focus=(new,),
    )
