"""A decoder that was not tuned for a catalogue chooses among rewordings of the plans."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from chatrec.data.catalog import Catalog
from chatrec.generation.evidence import evidence_for
from chatrec.generation.grounding import check
from chatrec.generation.model import Chunk
from chatrec.generation.phrasing import draft, opening, rewordings
from chatrec.generation.planned import keeps_to_plans, unmarked
from chatrec.generation.rationale import RationaleWriter
from chatrec.generation.sentences import tidy
from chatrec.prompting import Prompt
from chatrec.types import Evidence, Item, Query

SHOWS = Catalog(
    [
        Item(str(n), title, genres=genres, facts={"episodes": str(n + 11)})
        for n, (title, genres) in enumerate(
            [
                ("Hit! Part 2", ("School", "Comedy")),
                ("Odd Ones", ("School", "Comedy")),
                ("Far Sea", ("School", "Drama")),
                ("Red", ("Comedy",)),
            ]
        )
    ],
    domain="anime",
)
PICKS = [
    (item, evidence_for(item, Query(liked=("0",)), SHOWS)) for item in SHOWS.items if item.genres
]


class Chooser:
    """Says the last of the answers that its regular expression allows it for each prompt."""

    name = "chooser"

    def __init__(self) -> None:
        self.asked: list[tuple[int, str | None]] = []

    def label_logprobs(self, prompts: Sequence[Prompt], labels: Sequence[str]) -> Any:
        raise AssertionError("reasons need no labels")

    def generate(
        self, prompts: Sequence[Prompt], *, regex: str | None = None, **_: object
    ) -> Iterator[Chunk]:
        self.asked.append((len(prompts), regex))
        assert regex is not None
        allowed = [re.sub(r"\\(.)", r"\1", text) for text in re.split(r"(?<!\\)\|", regex)]
        assert all(re.fullmatch(regex, text) for text in allowed)
        for index, prompt in enumerate(prompts):
            start = prompt[1].content.splitlines()[-1].removeprefix("Begin: ")
            yield Chunk(index, next(text for text in reversed(allowed) if text.startswith(start)))


def test_what_is_chosen_is_shown_and_passes_the_check() -> None:
    decoder = Chooser()
    writer = RationaleWriter(decoder, SHOWS, keep_to_plans=True)
    reasons = list(writer.write(PICKS[1:], seed=1))
    assert {reason.by for reason in reasons} == {"model"}
    assert all(check(r.text, *PICKS[1:][r.index], SHOWS).ok for r in reasons)
    assert decoder.asked[0][0] == 3


@pytest.mark.parametrize("seed", range(6))
def test_a_title_with_a_mark_ends_no_sentence(seed: int) -> None:
    writer = RationaleWriter(Chooser(), SHOWS, keep_to_plans=True)
    for reason in writer.write(PICKS[1:3], seed=seed):
        assert not reason.text.startswith(("Both Hit! It", "Hit! It", "Hit! In"))
        if "Hit!" in reason.text:
            assert "Hit! Part 2" in reason.text


def test_many_rows_are_asked_for_in_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatrec.generation.rationale.ROWS_PLANNED", 2)
    decoder = Chooser()
    list(RationaleWriter(decoder, SHOWS, keep_to_plans=True).write(PICKS[1:], seed=1))
    assert [rows for rows, _ in decoder.asked[:2]] == [2, 1]


def test_without_plans_the_decoder_is_not_held() -> None:
    class Free(Chooser):
        def generate(self, prompts: Sequence[Prompt], **given: object) -> Iterator[Chunk]:
            assert "regex" not in given
            yield from (Chunk(n, "It is a school comedy.") for n in range(len(prompts)))

    reasons = list(RationaleWriter(Free(), SHOWS).write(PICKS[1:2]))
    assert reasons[0].text.startswith("It is a school comedy.")


def test_rewordings_begin_alike_and_are_of_the_plans() -> None:
    pieces = [
        Evidence("shared_genre", "School | Hit! Part 2", "liked"),
        Evidence("genre", "Drama", "catalogue"),
    ]
    for seed in range(10):
        found = draft(pieces, "anime", random.Random(seed))
        said = rewordings(found, "anime", random.Random(seed))
        assert said[0] == found.body
        assert {opening(text) for text in said} == {opening(found.body)}
        assert all(keeps_to_plans(text, found.told, "anime") for text in said), said


def test_marks_in_titles_are_taken_for_letters() -> None:
    told = [Evidence("similar", "Help! Now.", "dense")]
    assert unmarked("After Help! Now. it ends!", told) == "After Help_ Now_ it ends!"
    assert tidy("It is close to Help! Now. in tone. Two. Three.", told) == (
        "It is close to Help! Now. in tone. Two."
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("“Red” is in its title.", "“Red” is in its title."),
        ("“It is red.”", "It is red."),
        ('"It is red."', "It is red."),
    ],
)
def test_only_quotation_marks_around_all_of_it_are_dropped(text: str, shown: str) -> None:
    assert tidy(text) == shown
