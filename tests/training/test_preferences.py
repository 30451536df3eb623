"""Preferences from verdicts: who compared what with what, and the prompts they are read in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chatrec.data.catalog import Catalog
from chatrec.generation.ranker import encode_parts, query_prompt
from chatrec.prompting import WINDOW_TOKENS
from chatrec.training.examples import Met
from chatrec.training.preferences import (
    Judge,
    Judgements,
    Preference,
    Verdict,
    is_held_out,
    judge_of,
    preference_examples,
)
from chatrec.types import Item, Query

CATALOG = Catalog([Item(f"m{n}", f"Film {chr(65 + n)}") for n in range(26)])
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


def said(*verdicts: str, every: timedelta = timedelta(minutes=1), session: str | None = "s"):
    """ "+3" accepts m3, "-3" rejects it; one after the other."""
    return tuple(
        Verdict(f"m{word[1:]}", word[0] == "+", NOON + place * every, session)
        for place, word in enumerate(verdicts)
    )


def preferences(*verdicts: Verdict, lists: tuple[tuple[str, ...], ...] = ()):
    return judge_of(Judgements("ann", verdicts, lists), CATALOG).preferences


def encode(text: str) -> list[int]:
    return list(text.encode())


def test_what_was_accepted_is_preferred_to_all_that_was_rejected_beside_it() -> None:
    assert preferences(*said("+1", "-2", "-3", "+4")) == (
        Preference(0, 1, (2, 3)),
        Preference(1, 4, (2, 3)),
    )


def test_a_list_is_narrower_than_the_conversation() -> None:
    lists = (("m1", "m2"), ("m3", "m4"))
    assert preferences(*said("+1", "-2", "+3", "-4"), lists=lists) == (
        Preference(0, 1, (2,)),
        Preference(2, 3, (4,)),
    )


def test_the_conversation_counts_where_the_list_has_nothing_rejected() -> None:
    assert preferences(*said("+1", "-4"), lists=(("m1", "m2"),)) == (Preference(0, 1, (4,)),)


@pytest.mark.parametrize(("minutes", "found"), [(59, 1), (61, 0)])
def test_outside_of_a_conversation_an_hour_counts(minutes: int, found: int) -> None:
    verdicts = said("+1", "-2", every=timedelta(minutes=minutes), session=None)
    assert len(preferences(*verdicts)) == found


def test_two_conversations_far_apart_are_not_compared() -> None:
    later = Verdict("m2", False, NOON + timedelta(days=1), "t")
    assert preferences(*said("+1"), later) == ()


def test_what_was_shown_and_not_judged_is_not_rejected() -> None:
    assert preferences(*said("+1"), lists=(("m1", "m2", "m3"),)) == ()


def test_the_last_of_conflicting_verdicts_stands() -> None:
    judge = judge_of(Judgements("ann", said("+1", "-2", "-1", "+2")), CATALOG)
    assert judge.past == (Met(1, False), Met(2, True))
    assert judge.preferences == (Preference(0, 2, (1,)),)


def test_items_that_the_catalogue_lacks_are_left_out() -> None:
    assert preferences(*said("+1", "-99")) == ()


def test_only_verdicts_from_before_both_are_known() -> None:
    judge = judge_of(Judgements("ann", said("+7", "+1", "-2")), CATALOG)
    assert judge.past[1:] == (Met(1, True), Met(2, False))
    assert Preference(1, 1, (2,)) in judge.preferences


def test_order_of_the_verdicts_in_the_database_does_not_matter() -> None:
    verdicts = said("+1", "-2", "+4", "-1")
    assert preferences(*verdicts[::-1]) == preferences(*verdicts)


def test_each_is_read_where_the_served_prompt_of_its_past_ends() -> None:
    judge = judge_of(Judgements("ann", said("+1", "-2", "+3", "-4")), CATALOG)
    (example,) = preference_examples(judge, CATALOG, encode)
    assert example.preferences == judge.preferences == (
        Preference(0, 1, (2, 4)),
        Preference(1, 3, (2, 4)),
    )  # fmt: skip
    assert example.ends == example.positions
    for position, after in zip(example.positions, (0, 1), strict=True):
        past = ("m1", "m2", "m3", "m4")[:after]
        served = query_prompt(Query(history=past), CATALOG, lambda text: len(encode(text)))
        assert list(example.ids[: position + 1]) == encode_parts(served, encode)


def test_a_long_past_is_read_in_several_prompts_that_fit() -> None:
    past = tuple(Met(n % 26, n % 2 == 0) for n in range(120))
    every = tuple(Preference(after, 1, (2,)) for after in range(120))
    examples = list(preference_examples(Judge("ann", past, every), CATALOG, encode))
    assert len(examples) > 1
    assert tuple(p for e in examples for p in e.preferences) == every
    for example in examples:
        assert len(example.ids) <= WINDOW_TOKENS
        assert example.ends[-1] == example.positions[-1] == len(example.ids) - 1
        assert all(bytes(example.ids[: end + 1]).endswith(b"\n") for end in example.ends)
    text = bytes(examples[1].ids[: examples[1].positions[0] + 1]).decode()
    assert text.count("\n") > 20  # a preference sees verdicts from before its prompt's own


def test_lines_that_hardly_fit_still_give_every_preference() -> None:
    wide = Catalog([Item(f"m{n}", "An endless title " * 5 + str(n)) for n in range(30)])
    past = tuple(Met(n, True) for n in range(30))
    every = tuple(Preference(after, 1, (2,)) for after in (5, 29))
    found = list(preference_examples(Judge("ann", past, every), wide, encode))
    assert [p for e in found for p in e.preferences] == list(every)
    assert all(len(e.ids) <= WINDOW_TOKENS for e in found)


def test_nobody_without_preferences_is_learnt_from() -> None:
    judge = judge_of(Judgements("ann", said("+1", "+2")), CATALOG)
    assert list(preference_examples(judge, CATALOG, encode)) == []


def test_a_fifth_of_the_owners_is_held_out_and_stays_so() -> None:
    owners = [f"shop/{n}" for n in range(2000)]
    sides = [is_held_out(owner, 2026) for owner in owners]
    assert sides == [is_held_out(owner, 2026) for owner in owners]
    assert sum(sides) / 2000 == pytest.approx(0.2, abs=0.03)
