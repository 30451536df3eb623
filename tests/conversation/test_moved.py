from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest

from chatrec.conversation.lexicon import LANGUAGES, Language
from chatrec.conversation.moved import told_moved
from chatrec.conversation.recommender import Recommender
from chatrec.conversation.state import DialogueState
from chatrec.generation.movers import Moved
from chatrec.types import Candidate, LedBy, Query
from tests.conversation.toy_films import FILMS
from tests.conversation.toy_recommender import FromTheEnd, toy_recommender

ITEMS = FILMS.items
LEFT = tuple(item.item_id for item in ITEMS[:6])


def told(moved: Moved, language: Language = "en") -> str:
    return told_moved(moved, "x", FILMS, language)


def test_factors_say_what_the_head_finds_likelier_and_less_likely() -> None:
    gains = tuple(map(math.log, (2.24, 0.5, 14.4, 1.05, 1.2, 0.04)))
    said = told(Moved("item_head", LEFT, {"x": gains}, 0.9))
    one, two, three, _, five, six = (item.title for item in ITEMS[:6])
    assert f"Moved up by {three} (×14), {one} (×2.2), {five} (×1.2). " in said
    assert f"Pulled down by {six} (×0.04), {two} (×0.5). " in said
    assert "which decides 90 % of this order" in said


def test_places_say_how_far_an_item_moved() -> None:
    said = told(Moved("fusion", LEFT[:3], {"x": (12.0, -1.0, 0.0)}))
    assert f"Moved up by {ITEMS[0].title} (+12). Pulled down by {ITEMS[1].title} (−1). " in said
    assert "%" not in said


def test_at_most_three_titles_up_and_two_down_are_named() -> None:
    said = told(Moved("fusion", LEFT, {"x": (5.0, 4.0, 3.0, 2.0, 1.0, 6.0)}))
    assert said.count("(+") == 3
    said = told(Moved("fusion", LEFT, {"x": (-5.0, -4.0, -3.0, -2.0, -1.0, -6.0)}))
    assert said.count("(−") == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_case_is_worded_in_each_language(language: Language) -> None:
    cases = (
        Moved("item_head", LEFT[:2], {"x": (1.0, -1.0)}, 0.5),
        Moved("fusion", LEFT[:2], {"x": (1.0, -1.0)}),
        Moved("fusion", LEFT[:2], {"x": (0.0, 0.0)}),
        Moved("fusion", (), {"x": ()}),
        Moved("fusion", LEFT[:2], {}),
    )
    said = [told(case, language) for case in cases]
    assert len(set(said)) == len(cases)
    assert all("{" not in words and words for words in said)
    if language != "en":
        assert not {told(case) for case in cases} & set(said)


class TurnedByLikes(FromTheEnd):
    """The pool turned round once something is liked; what it led is said to be fused."""

    def rank(self, query: Query, pool: Sequence[Candidate]) -> tuple[list[Candidate], LedBy]:
        ranked, _ = super().rank(query, pool)
        return (ranked if query.liked else list(pool)), "fusion"


def _asked_why(recommender: Recommender, state: DialogueState) -> str:
    return recommender.respond("why the first one?", state).text


def test_why_in_words_tells_what_moved_it_too() -> None:
    recommender = toy_recommender(TurnedByLikes())
    liked = FILMS.items[0]
    reply = recommender.respond("something good", recommender.start(liked=[liked.title]))
    assert f"Moved up by {liked.title} (+" in _asked_why(recommender, reply.state)


def test_why_in_words_leaves_it_out_once_something_was_marked() -> None:
    recommender = toy_recommender(TurnedByLikes())
    liked, other = FILMS.items[0], FILMS.items[1]
    reply = recommender.respond("something good", recommender.start(liked=[liked.title]))
    marked = reply.state.with_feedback(other.item_id, "like")
    assert "Moved up" not in _asked_why(recommender, marked)


def test_a_reply_holds_what_its_list_was_made_for() -> None:
    recommender = toy_recommender(TurnedByLikes())
    reply = recommender.respond("something good", recommender.start(liked=["Alien"]))
    assert reply.query is not None
    assert reply.query.liked == tuple(recommender.start(liked=["Alien"]).liked)
    assert not {r.item.item_id for r in reply.recommendations} & reply.query.seen
    assert recommender.respond("why the first one?", reply.state).query is None


def test_the_last_list_stands_until_what_it_was_made_of_changes() -> None:
    state = DialogueState().with_user_turn("calm").with_reply("Here.", ["a", "b"])
    assert DialogueState().standing_list == ()
    assert state.standing_list == ("a", "b")
    assert state.with_user_turn("thanks").with_reply("Sure.").standing_list == ("a", "b")
    assert state.with_feedback("a", "like").standing_list == ()
    earlier = DialogueState().with_user_turn("calm").with_feedback("z", "like")
    again = earlier.with_user_turn("more").with_reply("Here.", ["c"])
    assert again.standing_list == ("c",)
    said = replace(again.with_user_turn("no horror"), wish="x").caused(again, "no horror")
    assert said.standing_list == ()
