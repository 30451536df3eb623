"""What the figures of reasons count, on reasons whose right figures are known."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chatrec.data.catalog import Catalog
from chatrec.data.workspace import Workspace
from chatrec.errors import RequestError
from chatrec.evaluating import evaluate_app
from chatrec.evaluation.rationale import (
    ShownReason,
    figures,
    measure_reasons,
    shown_reasons,
    worst_openings,
)
from chatrec.evaluation.rationale_facts import FactShares, names
from chatrec.evaluation.rationale_requests import Ask, drawn_asks
from chatrec.generation.rationale import RationaleWriter
from chatrec.settings import Settings
from chatrec.types import Evidence, Item, Recommendation
from tests.conversation.toy_films import FILMS
from tests.conversation.toy_recommender import toy_recommender


def reason(text: str, **given: object) -> ShownReason:
    facts = {"by": "model", "problems": (), "faults": (), "share": 0.01, "evidence": ()}
    return ShownReason("wish", (), "Moon (2009)", text, **{**facts, **given})  # type: ignore[arg-type]  # a table of fields


def test_figures_are_the_shares_of_what_holds() -> None:
    shown = [
        reason("Duncan Jones directed this film."),
        reason("Here is a film to try.", by="template", share=1.0),
        reason("It is a drama.", share=0.3),
        reason("It came out in 1950.", faults=("number 1950",)),
    ]
    found = figures(shown)
    assert found["reasons"] == 4
    assert found["grounded"] == 0.75
    assert found["fallback"] == 0.25
    assert found["specific"] == 0.75
    assert found["with a fact of less than a tenth"] == 0.5
    assert found["false"] == [["Moon (2009)", "It came out in 1950.", ["number 1950"]]]


def test_openings_are_counted_in_the_worst_full_block() -> None:
    varied = [f"Word{n} opens it." for n in range(100)]
    alike = ["It is a film."] * 60 + varied[:40]
    assert worst_openings([*varied, *alike, "One more."]) == 41
    assert worst_openings(["It is a film."] * 3) == 1
    assert worst_openings([]) == 0


def test_a_record_can_be_read_back_as_json() -> None:
    told = reason("It is a drama.", evidence=(Evidence("genre", "Drama", "catalogue"),))
    record = json.loads(json.dumps(told.record()))
    assert record["evidence"] == [["genre", "Drama", "catalogue"]]
    assert record["verdict"] == ""


def test_shown_reasons_are_checked_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    recommender = toy_recommender()
    recommender.writer = RationaleWriter(None, FILMS)
    told = list(islice(shown_reasons(recommender, [Ask("something like Alien")], 3), 3))
    assert len(told) == 3
    assert all(one.grounded and one.by == "template" and one.evidence for one in told)
    false = "Christopher Nolan directed this musical in 1950."
    monkeypatch.setattr(
        "chatrec.generation.rationale.RationaleWriter.write", _writes(false), raising=True
    )
    (lie,) = islice(shown_reasons(recommender, [Ask("a drama")], 1), 1)
    assert lie.problems
    assert "number 1950" in lie.faults


def _writes(text: str) -> object:
    from chatrec.generation.rationale import Reason

    def write(self: RationaleWriter, picks: Sequence[object], *_: object, **__: object) -> object:
        return (Reason(index, text, "model") for index in range(len(picks)))

    return write


def test_no_reasons_can_be_measured_of_none() -> None:
    with pytest.raises(RequestError, match="0 reasons were asked for; give at least 1"):
        measure_reasons(toy_recommender(), [], 0)


def test_the_rarest_named_fact_counts() -> None:
    items = [Item(str(n), f"Film {n}", genres=("Drama",), creators=("Ann Lee",)) for n in range(9)]
    items.append(Item("9", "Odd", genres=("Drama",), keywords=("heist",)))
    catalog = Catalog(items, domain="film")
    facts = tuple(Evidence(kind, text, "catalogue") for kind, text in (
        ("genre", "Drama"), ("creator", "Ann Lee"), ("keyword", "heist")))  # fmt: skip
    shares = FactShares(catalog)
    wanted = {"It is a drama with a heist.": 0.1, "It is a drama.": 1.0, "Try it.": 1.0}
    for text, share in wanted.items():
        shown = Recommendation(items[-1], 1, 0.0, text, "model", facts)
        assert shares.rarest(shown) == pytest.approx(share), text
    by_maker = Recommendation(items[0], 1, 0.0, "Ann Lee directed it.", "model", facts)
    assert shares.rarest(by_maker) == pytest.approx(0.9)


NAMED = [
    ("genre", "Romance", "A romantic film.", True),
    ("genre", "Romance", "A war film.", False),
    ("fact", "episodes: 26", "In all it has 26 episodes.", True),
    ("fact", "episodes: 26", "In all it has 12 episodes.", False),
    (
        "description",
        "A thief robs a bank by night.",
        "In short: a thief robs a bank by dawn.",
        True,
    ),
    ("description", "A thief robs a bank by night.", "It has a thief.", False),
    ("shared_title", "Mega Man | Mega Man 2", "Like Mega Man 2, it has “Mega Man” in it.", True),
    ("shared_title", "Mega Man | Mega Man 2", "It is close to Mega Man 2.", False),
    ("similar", "Moon", "It is close to Moon.", False),
]


@pytest.mark.parametrize(("kind", "text", "sentence", "said"), NAMED)
def test_a_fact_is_named_in_its_forms(kind: str, text: str, sentence: str, said: bool) -> None:
    assert names(sentence, Evidence(kind, text, "catalogue"), "film") is said


def test_requests_are_the_same_for_the_same_seed(toy_workspace: Path) -> None:
    workspace = Workspace.open(toy_workspace)
    first, again, other = (list(islice(drawn_asks(workspace, s), 40)) for s in (1, 1, 2))
    assert first == again != other


def test_requests_have_likes_users_wishes_and_titles(toy_workspace: Path) -> None:
    workspace = Workspace.open(toy_workspace)
    asks = list(islice(drawn_asks(workspace, 0), 40))
    assert all(ask.liked for ask in asks[::4])
    assert {ask.user for ask in asks[1::4]} <= set(workspace.histories.users)
    assert not any(ask.liked or ask.user for ask in asks[2::4])
    titles = {item.title for item in workspace.catalog}
    assert {ask.text.removeprefix("something like ") for ask in asks[3::4]} <= titles


def test_histories_are_drawn_where_there_are_no_users(toy_catalogue: Path) -> None:
    ask = list(islice(drawn_asks(Workspace.open(toy_catalogue), 0), 2))[1]
    assert ask.user is None
    assert len(ask.begun(toy_recommender()).history) == len(ask.history) >= 3


def test_nothing_is_wished_for_where_only_titles_are_known() -> None:
    workspace = Workspace(
        Catalog([Item(str(n), f"Thing {n}") for n in range(5)], domain="game"), None
    )
    asks = list(islice(drawn_asks(workspace, 0), 9))
    assert [bool(ask.liked) for ask in asks] == [True, False, False] * 3


def test_the_command_prints_one_json_object(
    toy_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Settings] = []

    def assemble(settings: Settings, say: object) -> object:
        del say
        asked.append(settings)
        recommender = toy_recommender(workspace=Workspace.open(toy_workspace))
        recommender.writer = RationaleWriter(None, recommender.catalog, tone=settings.tone)
        return recommender

    monkeypatch.setattr("chatrec.assemble.assemble", assemble)
    words = ["rationale", str(toy_workspace), "--n", "7", "--seed", "3", "--tone", "warm", "--json"]
    ran = CliRunner().invoke(evaluate_app, words)
    assert ran.exit_code == 0, ran.output
    found = json.loads(ran.stdout)
    assert (found["data"], found["domain"], found["tone"]) == ("toy", "film", "warm")
    assert (found["reasons"], found["seed"], found["fallback"]) == (7, 3, 1.0)
    assert asked[0].data == toy_workspace
