"""Titles to judge: known, apart, telling, and none that says nothing new."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from chatrec.conversation.onboarding import (
    MAX_TITLES,
    Likeness,
    Onboarding,
    answered,
    verdicts,
)
from chatrec.conversation.state import DialogueState
from chatrec.data.catalog import Catalog
from chatrec.data.interactions import Histories
from chatrec.errors import RequestError
from chatrec.types import Constraints, Item
from tests.conversation.toy_films import FILMS
from tests.conversation.toy_recommender import toy_recommender

GENRES = ("Horror", "Comedy", "War", "Romance")
EACH = 5


def _catalog(facts: bool = True) -> Catalog:
    """Five items of each of four kinds; the first of each kind is the best known."""
    return Catalog(
        [
            Item(
                f"{genre.lower()}{n}",
                f"{genre} number {n}",
                genres=(genre,),
                facts={"ratings": str(1000 - 100 * n)} if facts else {},
            )
            for genre in GENRES
            for n in range(EACH)
        ],
        domain="book",
    )


def by_kind(catalog: Catalog) -> Likeness:
    """Items of one kind are alike, others are not."""

    def likeness(item_ids: Sequence[str]) -> NDArray[np.float32]:
        kinds = np.array([catalog.get(i).genres[0] for i in item_ids])
        alike = (kinds[:, None] == kinds[None, :]).astype(np.float32)
        return 0.8 * alike + 0.2 * np.eye(len(item_ids), dtype=np.float32)

    return likeness


def unlike(item_ids: Sequence[str]) -> NDArray[np.float32]:
    """No two items are alike."""
    return np.eye(len(item_ids), dtype=np.float32)


def _kinds(items: Sequence[Item]) -> list[str]:
    return [item.genres[0] for item in items]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return _catalog()


@pytest.fixture(scope="module")
def onboarding(catalog: Catalog) -> Onboarding:
    return Onboarding.of(catalog, by_kind(catalog))


def test_titles_are_well_known_and_of_different_kinds(onboarding: Onboarding) -> None:
    items = onboarding.titles()
    assert len(items) == 3
    assert len(set(_kinds(items))) == 3
    assert all(item.item_id.endswith("0") for item in items)


def test_a_title_that_nobody_knows_is_not_asked_about() -> None:
    catalog = _catalog(facts=False)
    people = [[0, 5], [0, 10], [5, 10], [0], [5], [10]] * 4
    histories = Histories.from_pasts([np.array(p, dtype=np.int32) for p in people], len(catalog))
    asked = Onboarding.of(catalog, by_kind(catalog), histories).titles()
    assert {item.item_id for item in asked} == {"horror0", "comedy0", "war0"}


def test_titles_on_which_people_differ_are_asked_about_before_those_that_all_love() -> None:
    catalog = Catalog([Item(name, name) for name in ("loved by all", "a", "b", "c")])

    # Two camps: who loves a and b hates c, and the other way round; all love the first.
    rows = [(user, item, weight) for user in range(40) for item, weight in _camp(user)]
    users = np.array([user for user, _, _ in rows])
    histories = Histories(
        tuple(str(user) for user in range(40)),
        np.concatenate([[0], np.cumsum(np.bincount(users))]).astype(np.int64),
        np.array([item for _, item, _ in rows], dtype=np.int32),
        np.array([weight for _, _, weight in rows], dtype=np.float32),
        np.full(len(rows), np.nan),
        4,
    )
    first, *_ = Onboarding.of(catalog, unlike, histories).titles(n=1)
    assert first.title != "loved by all"


def _camp(user: int) -> list[tuple[int, float]]:
    one, other = (5.0, 1.0) if user % 2 else (1.0, 5.0)
    return [(0, 5.0), (1, one), (2, one), (3, other)]


def test_a_sentence_of_taste_changes_what_is_asked(onboarding: Onboarding) -> None:
    plain = _kinds(onboarding.titles())
    told = [
        set(_kinds(onboarding.titles(favoured=[f"{kind.lower()}3", f"{kind.lower()}4"])))
        for kind in GENRES
    ]
    assert any(kinds != set(plain) for kinds in told)
    for kind, kinds in zip(GENRES, told, strict=True):
        assert kind in kinds


def test_what_is_ruled_out_known_or_asked_before_is_not_asked(
    onboarding: Onboarding, catalog: Catalog
) -> None:
    first = {item.item_id for item in onboarding.titles()}
    again = {item.item_id for item in onboarding.titles(without=first)}
    assert len(again) == 3
    assert not first & again
    state = DialogueState(
        constraints=Constraints(genres_none=("Horror",)), liked=("war0",), history=("comedy0",)
    )
    asked = onboarding.titles(state, n=MAX_TITLES)
    assert "Horror" not in _kinds(asked)
    assert not {"war0", "comedy0"} & {item.item_id for item in asked}
    assert len(asked) == MAX_TITLES


def test_fewer_come_where_no_more_are_left() -> None:
    catalog = Catalog([Item("1", "One"), Item("2", "Two")])

    onboarding = Onboarding.of(catalog, unlike)
    assert len(onboarding.titles()) == 2
    assert onboarding.titles(without=["1", "2"]) == ()


def test_the_same_titles_come_every_time(catalog: Catalog, onboarding: Onboarding) -> None:
    assert Onboarding.of(catalog, by_kind(catalog)).titles() == onboarding.titles()


@pytest.mark.parametrize("n", [0, MAX_TITLES + 1])
def test_too_few_or_too_many_are_refused(onboarding: Onboarding, n: int) -> None:
    with pytest.raises(RequestError, match="allowed are 1 to 5"):
        onboarding.titles(n=n)


def test_answers_become_likes_and_dislikes() -> None:
    state = DialogueState()
    for item_id, answer in (("a", "loved"), ("b", "fine"), ("c", "not_for_me"), ("d", "unknown")):
        state = answered(state, item_id, answer)  # type: ignore[arg-type]  # a str in the loop
    assert (state.liked, state.seen, state.disliked) == (("a",), ("b",), ("c",))
    with pytest.raises(RequestError, match="unknown answer"):
        answered(state, "a", "meh")  # type: ignore[arg-type]  # wrong on purpose


def test_verdicts_are_relative_to_each_persons_mean() -> None:
    histories = Histories(
        ("strict", "same"),
        np.array([0, 3, 5]),
        np.array([0, 1, 2, 0, 1], dtype=np.int32),
        np.array([3, 2, 1, 4, 4], dtype=np.float32),
        np.full(5, np.nan),
        4,
    )
    assert verdicts(histories, np.arange(4)).tolist() == [[0, 0, 2, 3], [0, 0, 3, 3]]


def test_titles_are_asked_about_in_a_conversation_and_can_be_pointed_at() -> None:
    recommender = toy_recommender()
    asked = recommender.respond("let me rate some films", recommender.start())
    first, second, third = asked.state.last_shown
    assert asked.recommendations == ()
    assert asked.text.startswith(f"Which of these do you know: 1. {FILMS.get(first).label}; 2. ")
    judged = recommender.respond("I loved the first, not the second", asked.state).state
    assert (judged.liked, judged.disliked) == ((first,), (second,))
    assert third not in judged.query(FILMS).seen
    again = recommender.respond("let me rate some films", asked.state).state.last_shown
    assert not {first, second, third} & {*again}
    french = recommender.respond("je ne sais pas ce que j'aime", recommender.start())
    assert french.text.startswith("Lesquels connaissez-vous : 1. ")
