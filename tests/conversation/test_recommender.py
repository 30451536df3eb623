"""The recommender over toy films: a toy retriever and ranker whose right answer is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatrec.conversation.asking import Question
from chatrec.conversation.comparison import as_text
from chatrec.conversation.recommender import MAX_EXAMPLES, MAX_K, Recommender, Reply
from chatrec.conversation.state import DialogueState
from chatrec.data.workspace import Workspace
from chatrec.errors import RequestError
from chatrec.generation.rationale import RationaleWriter
from chatrec.retrieval.fusion import Fusion
from chatrec.types import Candidate, Constraints, Example, Place, Query
from tests.conversation.toy_films import FILMS
from tests.conversation.toy_recommender import FromTheEnd, InOrder, Unlike, toy_recommender

RECOMMENDER = toy_recommender()


def ids(reply: Reply) -> tuple[str, ...]:
    return tuple(recommendation.item.item_id for recommendation in reply.recommendations)


def talk(*messages: str, k: int = 5, start: DialogueState | None = None) -> list[Reply]:
    """The replies to messages said one after the other."""
    state, replies = RECOMMENDER.start() if start is None else start, []
    for message in messages:
        replies.append(RECOMMENDER.respond(message, state, k))
        state = replies[-1].state
    return replies


def test_list_is_the_rankers_order_of_the_pool() -> None:
    ranker = FromTheEnd()
    reply = toy_recommender(ranker, pool_size=20).respond("surprise me", RECOMMENDER.start(), 4)
    pool = [item.item_id for item in FILMS][:20]
    assert ids(reply) == tuple(reversed(pool))[:4]
    assert [r.rank for r in reply.recommendations] == [1, 2, 3, 4]
    assert reply.led_by == "item_head"
    assert [size for _, size in ranker.asked] == [20]


def test_stream_shows_the_whole_list_at_once_then_reason_by_reason() -> None:
    snapshots = list(RECOMMENDER.stream("a film", RECOMMENDER.start(), 3))
    assert {ids(snapshot) for snapshot in snapshots} == {ids(snapshots[-1])}
    states = {snapshot.state.with_reasons(()) for snapshot in snapshots}
    assert states == {snapshots[0].state}
    shown = snapshots[-1].recommendations
    assert snapshots[-1].state.reasons == tuple((r.item.item_id, r.rationale) for r in shown)
    reasons = [[bool(r.rationale) for r in s.recommendations] for s in snapshots]
    assert reasons == [
        [False, False, False],
        [False, False, True],
        [False, True, True],
        [True, True, True],
        [True, True, True],
    ]
    assert [snapshot.complete for snapshot in snapshots] == [False] * 4 + [True]


def test_each_item_gets_its_own_reason_and_who_wrote_it() -> None:
    (reply,) = talk("a film")
    for recommendation in reply.recommendations:
        assert recommendation.rationale.startswith(recommendation.item.title)
        assert recommendation.rationale_by == "model"


def test_later_turns_word_their_reasons_by_another_seed() -> None:
    first, second = talk("a film", "others")
    seeds = [r.recommendations[0].rationale.split()[-1] for r in (first, second)]
    assert seeds[0] != seeds[1]


def test_reply_is_that_of_the_last_snapshot() -> None:
    *_, last = RECOMMENDER.stream("a comedy", RECOMMENDER.start(), 2)
    reply = RECOMMENDER.respond("a comedy", RECOMMENDER.start(), 2)
    assert (reply.text, reply.recommendations, reply.state) == (
        last.text,
        last.recommendations,
        last.state,
    )


def test_nothing_is_shown_twice_until_the_catalogue_is_used_up() -> None:
    replies = talk("surprise me", *["show me others"] * 8)
    shown = [item_id for reply in replies for item_id in ids(reply)]
    assert len(shown) == len(set(shown)) == len(FILMS)
    assert [len(ids(reply)) for reply in replies] == [5] * 6 + [4, 0, 0]
    assert replies[-1].complete
    assert replies[-1].text


def test_named_items_are_never_shown() -> None:
    start = RECOMMENDER.start(liked=["Alien"], disliked=["Saw"], seen=["Jaws"])
    (reply,) = talk("surprise me", k=MAX_K, start=start)
    assert set(ids(reply)) == {item.item_id for item in FILMS} - {"alien", "saw", "jaws"}


def test_what_somebody_else_answered_was_named_and_is_not_shown_again() -> None:
    start = RECOMMENDER.start()
    state = RECOMMENDER.overheard("a scary one", "Have you seen Jaws or Alien?", start)
    assert state.last_shown == state.turns[-1].shown == ("jaws", "alien")
    (reply,) = talk("Jaws was boring, Alien sounds good", k=MAX_K, start=state)
    assert reply.query is not None
    assert reply.query.liked == ("alien",)
    assert reply.query.text == "a scary one Jaws was boring, Alien sounds good"
    assert not {"jaws", "alien"} & {*ids(reply)}
    assert {"toy", "titanic"} < {*ids(reply)}  # a genre that is talked of is no limit


def test_an_answer_that_names_nothing_leaves_the_talk_going() -> None:
    state = RECOMMENDER.overheard("hello", "Hi! What do you like?", RECOMMENDER.start())
    assert (state.talk, state.shown) == (True, ())


def test_limits_of_earlier_turns_hold_in_later_ones() -> None:
    _, second, third = talk("a comedy", "from the 90s", "not with Tom Hanks", k=MAX_K)
    assert set(ids(second)) <= {"mail", "toy"}  # the comedies of the nineties
    items = [r.item for r in third.recommendations]
    assert all("Comedy" in i.genres and "Tom Hanks" not in i.cast for i in items)
    assert third.state.constraints.year_min == 1990


def test_list_is_what_the_state_points_at() -> None:
    first, second = talk("a film", "not the second one")
    assert first.state.last_shown == ids(first)
    assert first.state.turns[-1].shown == ids(first)
    assert second.state.disliked == (ids(first)[1],)


def test_undo_shows_the_list_before_again() -> None:
    first, second, undone = talk("a comedy", "older", "undo")
    assert ids(undone) == ids(first) != ids(second)
    assert undone.led_by == "fusion"
    assert all(r.rationale and r.evidence for r in undone.recommendations)


@pytest.mark.parametrize("message", ["who directed Jaws?", "hello", "what's the weather", "????"])
def test_messages_that_want_no_list_get_an_answer_at_once(message: str) -> None:
    ranker = FromTheEnd()
    (reply,) = toy_recommender(ranker).stream(message, RECOMMENDER.start(), 5)
    assert reply.complete
    assert reply.text
    assert (reply.recommendations, reply.chips, ranker.asked) == ((), (), [])


def test_question_leaves_the_last_list_in_place() -> None:
    first, asked = talk("a film", "who directed the second one?")
    assert asked.state.last_shown == ids(first)
    assert first.recommendations[1].item.creators[0] in asked.text


def test_given_state_stays_as_it_was_and_gives_the_same_list_again() -> None:
    state = RECOMMENDER.start(liked=["Alien"])
    first = RECOMMENDER.respond("a comedy", state, 5)
    assert state == RECOMMENDER.start(liked=["Alien"])
    assert ids(RECOMMENDER.respond("a comedy", state, 5)) == ids(first)


@pytest.mark.parametrize("k", [0, -1, MAX_K + 1])
def test_number_of_items_out_of_range_is_refused(k: int) -> None:
    with pytest.raises(RequestError, match=rf"k is {k}; allowed are 1 to 50"):
        RECOMMENDER.respond("a film", RECOMMENDER.start(), k)


def test_at_most_two_of_one_director_unless_asked_for() -> None:
    (any_,) = talk("surprise me", k=20)
    makers = [maker for r in any_.recommendations for maker in r.item.creators]
    assert max(makers.count(maker) for maker in makers) <= 2
    (asked,) = talk("films by Spielberg", k=20)
    assert {maker for r in asked.recommendations for maker in r.item.creators} == {
        "Steven Spielberg"
    }


def test_of_what_people_had_together_the_strongest_two_are_told() -> None:
    (reply,) = talk("surprise me")
    for recommendation in reply.recommendations:
        told = [e.text for e in recommendation.evidence if e.kind == "together"]
        assert told == ["Moon | 10.1", "Moon | 3.0"]


def test_what_a_retriever_noted_stands_beside_the_facts_once() -> None:
    start = RECOMMENDER.start(liked=["Alien"])
    (reply,) = talk("surprise me", start=start)
    for recommendation in reply.recommendations:
        kinds = [(e.kind, e.text.casefold()) for e in recommendation.evidence]
        assert len(kinds) == len(set(kinds))
        assert ("similar", "alien") in kinds
        assert len(kinds) > 1 or recommendation.item.item_id == "blank"


def test_each_item_says_where_branch_pool_and_ranker_had_it() -> None:
    (reply,) = talk("surprise me", k=2)
    n = len(FILMS)
    assert [r.places for r in reply.recommendations] == [
        (Place("toy", n, n), Place("fusion", n, n), Place("ranker", 1, n)),
        (Place("toy", n - 1, n), Place("fusion", n - 1, n), Place("ranker", 2, n)),
    ]
    *_, undone = talk("surprise me", "older", "undo", k=2)
    assert undone.recommendations[0].places == ()


def test_items_to_compare_come_as_a_table_that_the_text_has_too() -> None:
    _, compared = talk("a film", "compare the first and the third", k=3)
    assert compared.table is not None
    first, _, third = compared.state.last_shown
    assert tuple(item.item_id for item in compared.table.items) == (first, third)
    assert as_text(compared.table) in compared.text
    assert all(reply.table is None for reply in talk("a film", "compare Jaws"))


def test_timings_name_every_stage_and_add_up() -> None:
    *_, first, last = RECOMMENDER.stream("a film", RECOMMENDER.start(), 1)
    assert list(first.timings_ms) == ["understand", "retrieve", "rank", "ask", "total"]
    assert list(last.timings_ms)[4:] == ["suggest", "reasons", "total"]
    *stages, total = last.timings_ms.values()
    assert all(stage >= 0 for stage in stages)
    assert total == pytest.approx(sum(stages))


# --- Follow-ups and questions ---


def test_every_chip_gets_another_list() -> None:
    (first,) = talk("a film")
    assert len(first.chips) == 5
    for chip in first.chips:
        reply = RECOMMENDER.respond(chip, first.state, 5)
        assert reply.recommendations, chip
        assert not set(ids(reply)) & set(ids(first)), chip


def test_chips_come_once_the_list_is_out() -> None:
    first, *later = RECOMMENDER.stream("a film", RECOMMENDER.start(), 5)
    assert first.chips == ()
    assert all(snapshot.chips == later[-1].chips != () for snapshot in later)


def test_question_stands_behind_the_sentence_and_with_the_list() -> None:
    (first,) = talk("a film")
    assert first.recommendations
    assert first.text.startswith("Here are 5 suggestions")
    assert first.text.endswith("?")
    assert first.state.turns[-1].text == first.text
    assert first.state.question
    kind, *values = first.state.question
    assert first.state.asked == (Question(kind, tuple(values), 0.0).key,)


def test_answer_to_the_question_is_understood_and_no_question_follows_it() -> None:
    first, second = talk("a film", "I don't mind")
    assert second.recommendations
    assert not set(ids(second)) & set(ids(first))
    assert not second.text.endswith("?")
    assert second.state.question == ()


def test_another_asker_may_take_its_place() -> None:
    class Curious:
        def question(self, turned: object, before: object, ranked: object) -> Question:
            return Question("item", ("alien",), 0.0)

    recommender = toy_recommender()
    recommender.asker = Curious()
    reply = recommender.respond("a film", recommender.start())
    assert reply.text.endswith("Is Alien the kind of thing you mean?")


# --- The start of a conversation ---


def test_items_are_named_by_id_or_title_and_count_once() -> None:
    state = RECOMMENDER.start(liked=["Alien", "alien", "The Matrix"], seen=["Cinderella (1950)"])
    assert state.liked == ("alien", "matrix")
    assert state.seen == ("cinderella50",)


def test_unknown_title_is_refused_with_one_that_exists() -> None:
    with pytest.raises(RequestError, match=r"no item with the id or title 'Zorblax'.*'Arrival'"):
        RECOMMENDER.start(liked=["Zorblax"])


def test_limits_given_at_the_start_hold() -> None:
    start = RECOMMENDER.start(constraints=Constraints(genres_none=("Comedy",), year_min=2000))
    (reply,) = talk("surprise me", k=MAX_K, start=start)
    assert reply.recommendations
    for recommendation in reply.recommendations:
        assert "Comedy" not in recommendation.item.genres
        assert (recommendation.item.year or 0) >= 2000


def test_examples_reach_the_ranker_as_ids() -> None:
    ranker = FromTheEnd()
    recommender = toy_recommender(ranker)
    start = recommender.start(examples=[Example(("Alien", "Jaws"), "Saw")])
    recommender.respond("a film", start)
    assert ranker.asked[0][0].examples == (Example(("alien", "jaws"), "saw"),)


def test_too_many_examples_are_refused() -> None:
    example = Example(("Alien",), "Saw")
    assert len(RECOMMENDER.start(examples=[example] * MAX_EXAMPLES).examples) == MAX_EXAMPLES
    with pytest.raises(RequestError, match="9 examples were given; at most 8 fit"):
        RECOMMENDER.start(examples=[example] * (MAX_EXAMPLES + 1))


def test_user_brings_their_history_which_is_not_shown_again(toy_workspace: Path) -> None:
    ranker = FromTheEnd()
    recommender = toy_recommender(ranker, Workspace.open(toy_workspace))
    state = recommender.start("u0")
    assert state.history == tuple(item.item_id for item in FILMS.items[:12])
    reply = recommender.respond("surprise me", state, MAX_K)
    assert ranker.asked[0][0].history == state.history
    assert not set(ids(reply)) & set(state.history)


def test_unknown_user_is_refused() -> None:
    with pytest.raises(RequestError, match="unknown user 'nobody'"):
        RECOMMENDER.start("nobody")


def test_warming_up_goes_through_every_stage() -> None:
    asked: list[str] = []

    class Noting(InOrder):
        def retrieve(self, query: Query, k: int) -> list[Candidate]:
            asked.append(query.text)
            return super().retrieve(query, k)

    recommender = Recommender(
        Workspace(FILMS, None),
        Fusion(FILMS, [Noting()]),
        FromTheEnd(),
        RationaleWriter(None, FILMS),
        Unlike(),
        pool_size=5,
    )
    recommender.warm_up()
    assert len(asked) == 1
    assert recommender.writer.stats.written == 1


@pytest.mark.parametrize("question", ["why the second?", "warum der zweite?", "为什么第二部"])
def test_why_repeats_the_reason_that_was_shown_and_its_facts(question: str) -> None:
    listed = RECOMMENDER.respond("a film", RECOMMENDER.start(), 3)
    second = listed.recommendations[1]
    said = RECOMMENDER.respond(question, listed.state, 3)
    assert second.rationale in said.text
    assert second.item.creators[0] in said.text
    assert said.recommendations == ()


def test_why_alone_asks_about_the_first() -> None:
    listed = RECOMMENDER.respond("a film", RECOMMENDER.start(), 3)
    said = RECOMMENDER.respond("why?", listed.state, 3).text
    assert listed.recommendations[0].rationale in said


def test_why_is_answered_while_reasons_are_still_being_written() -> None:
    listed = next(iter(RECOMMENDER.stream("a film", RECOMMENDER.start(), 3)))
    title = listed.recommendations[0].item.title
    said = RECOMMENDER.respond("why the first?", listed.state, 3).text
    assert f"{title}, worded with seed {len(listed.state.turns)}." in said


def test_why_of_a_title_that_was_not_shown_tells_what_is_known() -> None:
    assert "Ridley Scott" in RECOMMENDER.respond("why Alien?", RECOMMENDER.start(), 3).text
