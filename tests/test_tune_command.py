"""``chatrec tune``: what it hands to the library, and which options go together."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from chatrec.training.embedder import EmbedderOptions
from chatrec.training.lora import TuneOptions
from chatrec.training.preference_lora import PreferenceOptions
from tests.command_line import Run, calls_of


def test_tune_hands_over_its_options_and_the_command_that_repeats_it(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = calls_of(monkeypatch, "chatrec.tuning.tune_adapter", {"users": 7})
    words = ("tune", "w 1", "w2", "--to", "a", "--examples", "9", "--batch", "2", "--seed", "3")
    notes = ("--source", "our shop", "--terms", "ours")
    ran = run(*words, "--rate", "0.002", "--lora", "dora", "--model", "m", *notes)
    (((folders, to), given),) = calls
    assert (folders, to) == ([Path("w 1"), Path("w2")], Path("a"))
    assert given["options"] == TuneOptions(steps=9, seed=3, lora="dora", lora_rate=0.002).times(2)
    assert (given["model"], given["precision"]) == ("m", "auto")
    assert (given["notes"].data, given["notes"].terms) == ("our shop", "ours")
    assert given["notes"].command == (
        "chatrec tune 'w 1' w2 --to a --precision auto --model m "
        "--examples 9 --batch 2 --rate 0.002 --lora dora --seed 3"
    )
    assert json.loads(ran.out[ran.out.index("{") :]) == {"users": 7}


def test_tune_fits_the_retrievers_of_each_workspace_in_place(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = calls_of(monkeypatch, "chatrec.fitting.fit_retrieval", {"cases": 7})
    ran = run("tune", "w1", "w2", "--retriever", "--seed", "3")
    assert ran.code == 0
    assert [args for args, _ in calls] == [(Path("w1"),), (Path("w2"),)]
    assert [given["seed"] for _, given in calls] == [3, 3]
    assert [given["decoder"] for _, given in calls] == [False, False]
    assert ran.out.count('"cases": 7') == 2


def test_tune_trains_the_decoder_beside_the_retrievers_where_that_is_asked_for(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = calls_of(monkeypatch, "chatrec.fitting.fit_retrieval", {})
    options = ("--with-decoder", "--model", "m", "--seed", "3")
    assert run("tune", "w1", "--retriever", *options).code == 0
    ((_, given),) = calls
    assert (given["decoder"], given["base"], given["seed"]) == (True, "m", 3)
    alone = run("tune", "w1", "--with-decoder")
    assert alone.code == 2
    assert "--with-decoder is there for --retriever" in alone.err


@pytest.mark.parametrize("to", [None, "a"])
def test_tune_encoder_hands_over_where_to_and_the_command_that_repeats_it(
    run: Run, monkeypatch: pytest.MonkeyPatch, to: str | None
) -> None:
    calls = calls_of(monkeypatch, "chatrec.fitting.tune_encoders", {"steps": 7})
    place = () if to is None else ("--to", to)
    ran = run("tune", "w1", "w 2", "--encoder", *place, "--seed", "3", "--source", "our shop")
    (((folders, given_to, notes), given),) = calls
    assert folders == [Path("w1"), Path("w 2")]
    assert given_to == (None if to is None else Path(to))
    assert given["options"] == EmbedderOptions(seed=3)
    assert (notes.data, notes.terms) == ("our shop", "not stated")
    assert notes.command == shlex.join(
        ["chatrec", "tune", "w1", "w 2", "--encoder", *place, "--seed", "3"]
    )
    assert json.loads(ran.out[ran.out.index("{") :]) == {"steps": 7}


def test_tune_does_both_where_both_are_asked_for(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    fits = calls_of(monkeypatch, "chatrec.fitting.fit_retrieval", {})
    encoders = calls_of(monkeypatch, "chatrec.fitting.tune_encoders", {})
    assert run("tune", "w1", "--retriever", "--encoder").code == 0
    assert (len(fits), len(encoders)) == (1, 1)


def test_tune_from_feedback_hands_over_settings_and_the_command_that_repeats_it(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = calls_of(monkeypatch, "chatrec.preference_tuning.tune_from_feedback", {"owners": 7})
    words = ("tune", "w 1", "--from-feedback", "--to", "a", "--adapter", "b", "--seed", "3")
    ran = run(*words, "--rate", "0.001", "--batch", "2", "--source", "our shop")
    (((settings, to), given),) = calls
    assert (settings.data, settings.adapter, to) == (Path("w 1"), Path("b"), Path("a"))
    assert given["options"] == PreferenceOptions(seed=3, rate=0.001).times(2)
    assert (given["notes"].data, given["notes"].terms) == ("our shop", "not stated")
    assert given["notes"].command == (
        "chatrec tune 'w 1' --from-feedback --to a --precision auto --adapter b "
        "--batch 2 --rate 0.001 --seed 3"
    )
    assert json.loads(ran.out[ran.out.index("{") :]) == {"owners": 7}


def test_tune_from_feedback_without_a_folder_is_of_the_built_in_films(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = calls_of(monkeypatch, "chatrec.preference_tuning.tune_from_feedback", {})
    assert run("tune", "--from-feedback", "--to", "a", "--examples", "9").code == 0
    (((settings, _), given),) = calls
    assert settings.data is None
    assert given["options"].steps == 9


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("w", "--from-feedback"), "--to is missing"),
        (("w1", "w2", "--from-feedback", "--to", "a"), "takes one workspace, and 2 were given"),
        (("w", "--from-feedback", "--retriever", "--to", "a"), "give it without the others"),
        (("w", "--to", "a", "--adapter", "b"), "--adapter b is what --from-feedback goes on from"),
        (("--to", "a"), "DIR is missing"),
    ],
)
def test_tune_says_which_of_its_options_do_not_go_together(
    run: Run, words: tuple[str, ...], said: str
) -> None:
    ran = run("tune", *words)
    assert ran.code == 2
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1


@pytest.mark.parametrize("words", [("tune", "w"), ("tune", "w", "--retriever", "--to", "a")])
def test_tune_says_where_it_cannot_write(run: Run, words: tuple[str, ...]) -> None:
    ran = run(*words)
    assert ran.code == 2
    assert "--to" in ran.err
    assert "--retriever" in ran.err
