"""What is for adults only is shown to those who ask for it, and to nobody else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from chatrec.conversation.onboarding import Onboarding
from chatrec.conversation.state import DialogueState
from chatrec.conversation.understanding import Understanding
from chatrec.data.catalog import Catalog
from chatrec.data.constraints import permitted
from chatrec.types import Constraints, Item

CATALOG = Catalog(
    [
        Item("totoro", "My Neighbor Totoro", genres=("Adventure",)),
        Item("yuri", "Kindred Spirits", genres=("Romance", "Ecchi"), age_rating="R+"),
        Item("genre", "Private Lessons", genres=("Comedy", "Hentai")),
        Item("rating", "Night Shift", genres=("Drama",), age_rating="Rx - Hentai"),
        Item("akira", "Akira", genres=("Action",), age_rating="R"),
    ],
    domain="anime",
)
ALL = {item.item_id for item in CATALOG}
FOR_ALL = ALL - {"genre", "rating"}


def _shown(state: DialogueState, catalog: Catalog = CATALOG) -> set[str]:
    return {item.item_id for item in permitted(catalog, state.query(catalog))}


@pytest.mark.parametrize(
    "said", ["", "a comedy", "something romantic for adults", "a film about adult life, rated R"]
)
def test_it_is_left_out_where_nobody_asks(said: str) -> None:
    assert _shown(DialogueState(wish=said)) == FOR_ALL


@pytest.mark.parametrize(
    "said", ["some hentai", "Erotic anime", "adult films please", "NSFW", "成人动画", "erótica"]
)
def test_it_is_shown_to_those_who_ask(said: str) -> None:
    assert _shown(DialogueState(wish=said)) == ALL


def test_a_limit_to_the_genre_or_the_rating_asks_for_it() -> None:
    by_genre = DialogueState(constraints=Constraints(genres_any=("Hentai",)))
    assert _shown(by_genre) == {"genre"}
    by_rating = DialogueState(constraints=Constraints(ratings_any=("Rx - Hentai",)))
    assert _shown(by_rating) == {"rating"}


@pytest.mark.parametrize("field", ["history", "liked", "near"])
def test_it_is_not_kept_from_those_who_had_it(field: str) -> None:
    assert _shown(replace(DialogueState(), **{field: ("genre",)})) == ALL - {"genre"}


def test_who_refuses_it_by_name_gets_none() -> None:
    state = Understanding(CATALOG).read("a comedy, but no hentai", DialogueState()).state
    assert "genre" not in _shown(state)


def test_a_catalogue_of_that_kind_shows_what_it_has() -> None:
    of_a_kind = Catalog([CATALOG.get("genre"), CATALOG.get("rating"), CATALOG.get("akira")])
    assert _shown(DialogueState(), of_a_kind) == {"genre", "rating", "akira"}


def test_nobody_is_asked_to_judge_it() -> None:
    onboarding = Onboarding.of(CATALOG, lambda ids: np.eye(len(ids), dtype=np.float32))
    assert {item.item_id for item in onboarding.titles(n=5)} == FOR_ALL
