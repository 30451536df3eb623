"""From feedback in a database to an adapter, or to a refusal, on a tiny decoder."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chatrec import preference_tuning
from chatrec.conversation.sessions import NEW, Exchange, Shown
from chatrec.conversation.state import DialogueState
from chatrec.data.workspace import Workspace
from chatrec.errors import DataError, ModelError, RequestError
from chatrec.evaluation import preference_guard
from chatrec.evaluation.preference_guard import Change
from chatrec.generation.adapter_files import ADAPTER_WEIGHTS, CARD, check_adapter
from chatrec.preference_tuning import judgements_in, read_sides, tune_from_feedback
from chatrec.settings import Settings
from chatrec.storage import FeedbackEvent, open_storage
from chatrec.training.preference_lora import PreferenceOptions
from chatrec.training.preferences import Judgements, Verdict
from chatrec.tuning import Notes
from tests.conftest import Tuned
from tests.conversation.toy_films import FILMS

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
NOTHING = PreferenceOptions(steps=1, prompts=1, sentences=1, rank=2, rate=0.0)
RUIN = PreferenceOptions(
    steps=4, prompts=2, sentences=1, rank=2, rate=1.0, keep_order=0.0, keep_words=0.0
)
SECRET = "a film for my ex-husband Reginald"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty owners who each liked three films and disliked the one after each."""
    path = tmp_path_factory.mktemp("kept") / "kept.db"
    storage = open_storage(path)
    for owner in range(60):
        for n in range(6):
            item = FILMS.items[(owner + n * 3) % len(FILMS)].item_id
            kind = "dislike" if n % 2 else "like"
            at = NOON + timedelta(minutes=n)
            storage.feedback.add(f"shop/{owner}", FeedbackEvent(f"e{n}", item, kind, None, at))
    storage.close()
    return path


@pytest.fixture
def tune(
    tuned: Tuned,
    toy_workspace: Path,
    tiny_model_folder: Path,
    database: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Any:
    """tune(options) tunes the toy adapter, with a guard of few cases, to a / more."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(preference_guard, "WISHES", 8)
    monkeypatch.setattr(preference_guard, "REASONS", 2)
    monkeypatch.setattr(preference_tuning, "SENTENCES", 2)

    def run(options: PreferenceOptions, **changed: Any) -> dict[str, Any]:
        given = {
            "data": toy_workspace,
            "model": str(tiny_model_folder),
            "adapter": tuned.adapter,
            "database": str(database),
        }
        return tune_from_feedback(
            Settings(**(given | changed)),
            tmp_path / "a" / "more",
            options=options,
            notes=Notes("the shop's visitors", "ours", "chatrec tune toy --from-feedback"),
            say=lambda text: None,
        )

    return run


def test_adapter_that_is_no_worse_is_written_with_the_guards_figures(
    tune: Any, tmp_path: Path, tuned: Tuned
) -> None:
    figures = tune(NOTHING)
    made = tmp_path / "a" / "more"
    check_adapter(made, base_name="Tiny-Llama", hidden_size=32)
    assert figures["owners"]["learnt"] + figures["owners"]["held out"] == 60
    assert figures["preferences"]["learnt"] == 3 * figures["owners"]["learnt"]
    (trial,) = figures["guard"]
    assert (trial["strength"], trial["kept"]) == (1.0, True)
    assert all(row["before"] == row["after"] for row in trial["figures"])
    card = (made / CARD).read_text()
    for part in ("adapter toy", "the shop's visitors", "ours", "--from-feedback", "preferences of"):
        assert part in card
    for row in trial["figures"]:
        assert f"- {row['figure']}: {row['before']:.4f} before" in card
    assert "shop/" not in card
    larger = (made / ADAPTER_WEIGHTS).stat().st_size
    assert larger > (tuned.adapter / ADAPTER_WEIGHTS).stat().st_size


def test_harmful_update_is_refused_and_nothing_is_written(tune: Any, tmp_path: Path) -> None:
    with pytest.raises(
        ModelError, match=r"nothing was written: even with 25% of .* before, "
    ) as no:
        tune(RUIN)
    assert "\n" not in str(no.value)
    assert not (tmp_path / "a").exists()


def test_only_as_much_is_added_as_the_guard_lets_pass(
    tune: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half_is_too_much(name: str, *measured: Any, seed: int) -> Change:
        asked.append(name)
        return Change(name, 7, 0.5, 0.4, (-0.2, 0.0), stands=len(asked) > 2)

    asked: list[str] = []
    monkeypatch.setattr(preference_tuning, "change", half_is_too_much)
    figures = tune(NOTHING)
    assert [trial["strength"] for trial in figures["guard"]] == [1.0, 0.5, 0.25]
    assert [trial["kept"] for trial in figures["guard"]] == [False, False, True]
    assert "25% of it joined to the adapter's own" in (tmp_path / "a/more" / CARD).read_text()


def test_adapter_that_exists_is_not_overwritten(tune: Any, tmp_path: Path) -> None:
    (tmp_path / "a" / "more").mkdir(parents=True)
    (tmp_path / "a" / "more" / "note").touch()
    with pytest.raises(DataError, match="is not empty; choose another --to"):
        tune(NOTHING)


def test_decoder_without_an_adapter_is_refused(tune: Any) -> None:
    with pytest.raises(RequestError, match="--adapter is missing: name the one of "):
        tune(NOTHING, adapter=None)


def test_catalogue_that_the_adapter_does_not_lead_on_is_refused(
    tune: Any, toy_catalogue: Path
) -> None:
    with pytest.raises(RequestError, match="leads on film, and this catalogue is of kind 'book'"):
        tune(NOTHING, data=toy_catalogue)


def test_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"no feedback to learn from: .*none\.db does not exist"):
        read_sides(str(tmp_path / "none.db"), FILMS)
    assert not list(tmp_path.iterdir())


def test_too_few_preferences_are_told_with_what_is_needed(tmp_path: Path) -> None:
    storage = open_storage(tmp_path / "kept.db")
    for n, kind in enumerate(("like", "dislike")):
        event = FeedbackEvent(f"e{n}", FILMS.items[n].item_id, kind, None, NOON)
        storage.feedback.add("local", event)
    storage.close()
    with pytest.raises(RequestError, match="too little feedback: ") as few:
        read_sides(str(tmp_path / "kept.db"), FILMS)
    assert "1 preferences of 1 owners" in str(few.value)
    assert "at least 50 and 20 are needed" in str(few.value)


def test_what_is_read_of_an_owner_are_ids_and_verdicts(tmp_path: Path) -> None:
    storage = open_storage(tmp_path / "kept.db")
    shown = tuple(
        Shown(item.item_id, item.title, rank, 1.0, "A reason.", "template")
        for rank, item in enumerate(FILMS.items[:3], start=1)
    )
    exchange = Exchange(SECRET, "Here are three.", "fusion", shown)
    storage.sessions.put("ann", "s", DialogueState(wish=SECRET), version=NEW, exchange=exchange)
    kinds = ("more", "less", "seen")
    for n, kind in enumerate(kinds):
        event = FeedbackEvent(f"e{n}", FILMS.items[n].item_id, kind, "s", NOON)
        storage.feedback.add("ann", event)
    storage.feedback.add("bob", FeedbackEvent("e", FILMS.items[0].item_id, "seen", None, NOON))
    (found,) = judgements_in(storage)
    storage.close()
    ids = [item.item_id for item in FILMS.items]
    verdicts = (Verdict(ids[0], True, NOON, "s"), Verdict(ids[1], False, NOON, "s"))
    assert found == Judgements("ann", verdicts, (tuple(ids[:3]),))
    assert SECRET not in repr(found)


def test_owners_are_learnt_from_or_held_out(database: Path, toy_workspace: Path) -> None:
    sides = read_sides(str(database), Workspace.open(toy_workspace).catalog)
    learnt, held = ({judge.owner for judge in side} for side in (sides.learnt, sides.held))
    assert learnt | held == {f"shop/{n}" for n in range(60)}
    assert not learnt & held
