"""Simulated users: they never give their target away, tell the truth, and count what goes wrong."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from chatrec.conversation.recommender import Recommender, Reply
from chatrec.data.interactions import Histories
from chatrec.errors import DataError, RequestError
from chatrec.evaluation import simulated_words
from chatrec.evaluation.simulated_runs import KeptDialogues
from chatrec.evaluation.simulated_systems import AtRandom, Forgetful, Silent, System, Whole
from chatrec.evaluation.simulated_user import (
    PERSONAS,
    UNSAID,
    Goal,
    Ledger,
    Persona,
    UserSimulator,
)
from chatrec.evaluation.simulated_words import said, with_typo
from chatrec.evaluation.simulator import Dialogue, converse, figures, goals_of, simulate
from chatrec.types import Item
from tests.conversation.toy_films import FILMS
from tests.conversation.toy_recommender import FromTheEnd, toy_recommender

TARGETS = [i for i in FILMS if i.year is not None and {*i.genres} - UNSAID]
PATIENT, CONTRADICTORY = PERSONAS[:2]


def goal(target: Item, favourites: Sequence[str] = ("jaws", "toy", "oldboy")) -> Goal:
    liked = tuple(FILMS.get(i) for i in favourites if i != target.item_id)
    return Goal("u1", target, liked, frozenset({target.item_id}))


def user(target: str = "heat", persona: Persona = PATIENT, seed: int = 0) -> UserSimulator:
    return UserSimulator(goal(FILMS.get(target)), persona, random.Random(seed))


class Scripted:
    """Shows given lists, with given questions, and keeps what it was told."""

    def __init__(self, *lists: Sequence[str], question: tuple[str, ...] = ()) -> None:
        self.told: list[str] = []
        self._lists = lists
        self._question = question

    def reply(self, text: str) -> Reply:
        ids = self._lists[min(len(self.told), len(self._lists) - 1)]
        self.told.append(text)
        shown = tuple(SimpleNamespace(item=FILMS.get(item_id)) for item_id in ids)
        state = SimpleNamespace(question=self._question)
        return cast("Reply", SimpleNamespace(recommendations=shown, state=state))


def meet(
    system: System, target: str = "heat", seed: str = "1", persona: Persona = PATIENT
) -> Dialogue:
    return converse(goal(FILMS.get(target)), persona, lambda draw: system, seed)


# --- The target stays hidden ---


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.name)
def test_nothing_that_reaches_the_system_names_the_target_before_it_was_shown(
    persona: Persona,
) -> None:
    """Neither messages nor states nor the queries that prompts are rendered from."""
    ranker = FromTheEnd()
    recommender = toy_recommender(ranker)
    checked = 0

    class Watched(Whole):
        def __init__(self, target: Item, draw: random.Random) -> None:
            super().__init__(recommender, AtRandom(FILMS, draw))
            self._target = target

        def reply(self, text: str) -> Reply:
            nonlocal checked
            n_asked = len(ranker.asked)
            reply = super().reply(text)
            queries = [query for query, _ in ranker.asked[n_asked:]]
            said = replace(reply.state, shown=(), last_shown=(), turns=(), question=(), past=())
            given = (text, json.dumps(said.to_dict()), *(str(query) for query in queries))
            if self._target.item_id not in {r.item.item_id for r in reply.recommendations}:
                checked += 1
                for words in given:
                    assert self._target.title not in words
                    assert f"{self._target.item_id!r}" not in words.replace('"', "'")
            return reply

    for number, target in enumerate(TARGETS):
        converse(goal(target), persona, partial(Watched, target), f"leak {number}")
    assert checked > 20


def test_system_begins_without_a_trace_of_the_goal() -> None:
    begun: list[tuple[Any, ...]] = []

    def begin(*given: Any) -> System:
        begun.append(given)
        return Scripted(["saw"])

    converse(goal(FILMS.get("heat")), PATIENT, begin, "7")
    (given,) = begun
    assert [type(value) for value in given] == [random.Random]


# --- Success and failure ---


def test_target_in_the_third_list_is_found_with_the_third_message() -> None:
    dialogue = meet(Scripted(["saw"], ["jaws"], ["moon", "heat"], ["toy"]))
    assert (dialogue.found, len(dialogue.messages), dialogue.shown) == (3, 3, 4)


def test_user_gives_up_when_patience_ends() -> None:
    for persona in PERSONAS:
        dialogue = meet(Scripted(["saw"]), persona=persona)
        assert dialogue.found is None
        assert len(dialogue.messages) == persona.messages


def test_other_accepted_item_is_noted_and_the_dialogue_goes_on() -> None:
    aim = replace(goal(FILMS.get("heat")), accepted=frozenset({"heat", "moon"}))
    system = Scripted(["saw"], ["moon"], ["heat"])
    dialogue = converse(aim, PATIENT, lambda draw: system, "1")
    assert (dialogue.accepted, dialogue.found) == (2, 3)


def test_shown_rejected_item_is_counted_as_a_repeat() -> None:
    rejecting = [meet(Scripted(["saw", "moon", "jaws"]), seed=str(n)) for n in range(20)]
    assert sum(len(dialogue.repeats) for dialogue in rejecting) > 0
    fresh = [[i.item_id] for i in FILMS if i.item_id != "heat"]
    kept = [meet(Scripted(*fresh), seed=str(n)) for n in range(20)]
    assert sum(len(dialogue.repeats) for dialogue in kept) == 0


def test_item_that_breaks_what_was_asked_for_is_counted_as_a_violation() -> None:
    # Cinderella is neither of the nineties nor a crime film; Heat's own kind is never wrong.
    wrong = [meet(Scripted(["cinderella50"]), seed=str(n)) for n in range(8)]
    assert all(dialogue.violations for dialogue in wrong)
    alike = [meet(Scripted(["heat"]), seed=str(n)) for n in range(8)]
    assert not any(dialogue.violations for dialogue in alike)


def test_same_seed_gives_the_same_dialogue_and_another_seed_another() -> None:
    def talk(seed: str) -> tuple[str, ...]:
        return meet(Whole(toy_recommender(), Silent()), target="saw", seed=seed).messages

    assert talk("5") == talk("5")
    assert len({talk(str(n)) for n in range(6)}) > 3


# --- What users say ---


def test_ledger_holds_for_the_target_whatever_a_consistent_user_says() -> None:
    for seed, target in enumerate(TARGETS):
        simulated = UserSimulator(goal(target), PATIENT, random.Random(seed))
        simulated.opens()
        for turn in range(8):
            shown = random.Random(f"{seed} {turn}").sample(FILMS.items[:-1], 5)
            shown = [item for item in shown if item.item_id != target.item_id]
            simulated.replies(shown, ())
            assert simulated.ledger.broken(target) == []
            assert target.item_id not in simulated.ledger.rejected


def test_contradictory_user_asks_for_something_wrong_and_then_for_something_right() -> None:
    corrections = 0
    for seed in range(20):
        simulated = user(persona=CONTRADICTORY, seed=seed)
        simulated.opens()
        message = simulated.replies([FILMS.get("saw")], ("genre", "Drama", "Comedy"))
        corrections += any(word in message for word in ("meant", "actually", "maent", "actaully"))
        assert simulated.ledger.rules
        assert simulated.ledger.broken(FILMS.get("heat")) == []
    assert corrections > 10


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        (("decade", "1980", "1990"), {"199", "90s", "nineties"}),
        (("genre", "Crime", "Comedy"), {"crime"}),
        (("genre", "Comedy", "Western"), {"neither", "none"}),
        (("runtime", "-120", "+120"), {"longer"}),
        (("person", "Al Pacino"), {"yes", "yeah", "exactly"}),
        (("person", "Tom Hanks"), {"no"}),
        (("country", "USA", "France"), {"USA"}),
        (("theme", "heist"), {"yes", "yeah", "exactly"}),
        (("item", "mission"), {"yes", "yeah", "exactly"}),
        (("item", "toy"), {"no"}),
    ],
)
def test_questions_are_answered_truthfully_or_with_no_opinion(
    question: tuple[str, ...], answers: set[str]
) -> None:
    shown = [FILMS.get("mission"), FILMS.get("toy")]
    told = Counter[str]()
    for seed in range(60):
        simulated = user(seed=seed)
        simulated._untold = ["genre", "genre", "genre", "decade"]  # nothing was told yet
        message = simulated.replies(shown, question)
        told[message] += 1
    open_ended = set(simulated_words._TEMPLATES["open"])
    indifferent = sum(n for m, n in told.items() if m in open_ended)
    opinions = {m: n for m, n in told.items() if m not in open_ended}
    fitting = sum(n for m, n in opinions.items() if any(answer in m for answer in answers))
    assert fitting + indifferent == 60, told
    assert fitting > 40


def test_impatient_user_leaves_questions_unanswered() -> None:
    answered = []
    for persona in (PATIENT, PERSONAS[2]):
        messages = [
            user(persona=persona, seed=n).replies([FILMS.get("saw")], ("person", "Al Pacino"))
            for n in range(100)
        ]
        yes = {"yes", "yeah", "yes please", "exactly"}
        answered.append(sum(message in yes for message in messages))
    assert answered[0] > 1.4 * answered[1] > 0


def test_neither_rules_out_what_was_offered() -> None:
    simulated = next(
        s
        for s in (user(seed=n) for n in range(9))
        if "nei" in s.replies([], ("genre", "Comedy", "War"))
    )
    assert set(simulated.ledger.broken(FILMS.get("ryan"))) == {"no War"}


def test_years_in_figures_take_the_place_of_older_and_newer() -> None:
    ledger = Ledger()
    ledger.newer(1990)
    assert ledger.broken(FILMS.get("jaws")) == ["newer"]
    ledger.older(1980)
    assert ledger.broken(FILMS.get("jaws")) == []
    ledger.dated(1990, 1999)
    assert ledger.broken(FILMS.get("jaws")) == ["years"]
    assert ledger.broken(FILMS.get("heat")) == []


def test_typo_swaps_two_letters_inside_one_long_word() -> None:
    text = "looking for a western movie tonight"
    for seed in range(20):
        typed = with_typo(text, random.Random(seed))
        assert typed != text
        assert Counter(typed) == Counter(text)
        assert sum(a != b for a, b in zip(typed, text, strict=True)) == 2
    assert with_typo("no war, please?", random.Random(1)) != ""


def test_every_template_can_be_filled_in() -> None:
    words = {"genre": "crime", "decade": "90s", "year": 1995, "title": "Jaws", "place": "first"}
    for intention, templates in simulated_words._TEMPLATES.items():
        told = {said(intention, random.Random(n), value="PC", **words) for n in range(40)}
        assert 0 < len(told) <= len(templates)
        assert not any("{" in text for text in told)


# --- The systems ---


def test_forgetful_system_reads_each_message_alone_and_repeats_nothing() -> None:
    ranker = FromTheEnd()
    system = Forgetful(toy_recommender(ranker))
    first = system.reply("a comedy")
    second = system.reply("from the 90s")
    shown = [[r.item.item_id for r in reply.recommendations] for reply in (first, second)]
    assert not set(shown[0]) & set(shown[1])
    assert ranker.asked[1][0].constraints.genres_all == ()
    assert ranker.asked[1][0].text == ""
    assert second.state.question == first.state.question == ()


def test_whole_system_keeps_what_was_said() -> None:
    ranker = FromTheEnd()
    system = Whole(toy_recommender(ranker), Silent())
    system.reply("a comedy")
    system.reply("from the 90s")
    assert ranker.asked[1][0].constraints.genres_all == ("Comedy",)


def test_random_questions_cover_every_attribute_once_and_then_end() -> None:
    system = Whole(toy_recommender(), AtRandom(FILMS, random.Random(3)))
    kinds = [system.reply("surprise me").state.question[:1] for _ in range(6)]
    asked = [kind for (kind,) in kinds]
    assert len(asked) == len(set(asked)) == 6


# --- Goals and figures ---


def histories(*pasts: Sequence[tuple[str, float]]) -> Histories:
    frames = Histories.from_pasts(
        [[FILMS.index_of(i) for i, _ in past] for past in pasts], len(FILMS)
    )
    weights = [weight for past in pasts for _, weight in past]
    return replace(frames, weights=frames.weights * 0 + weights)


def liked(*ids: str) -> list[tuple[str, float]]:
    return [(item_id, 5.0) for item_id in ids]


def test_goal_is_a_liked_item_of_the_newest_fifth() -> None:
    old = [i.item_id for i in FILMS][:16]
    past = [*liked(*old), ("heat", 5.0), ("toy", 4.0), ("jaws", 4.5), ("volver", 2.0)]
    goals = goals_of(histories(past), FILMS, ["0"], 40, seed=1)
    assert {g.target.item_id for g in goals} == {"heat", "toy", "jaws"}
    assert {item.item_id for g in goals for item in g.favourites} <= set(old)
    assert {g.accepted for g in goals} == {frozenset({"heat", "toy", "jaws"})}
    assert goals == goals_of(histories(past), FILMS, ["0"], 40, seed=1)


def test_users_with_too_few_favourites_are_refused() -> None:
    with pytest.raises(RequestError, match="none of 1 users has 3 favourites in both parts"):
        goals_of(histories(liked("heat", "toy")), FILMS, ["0"], 5, seed=1)


def dialogue(user_id: str, found: int | None, **changes: Any) -> Dialogue:
    plain = Dialogue(user_id, PATIENT.name, ("a", "b"), found, found, 1, 10, (), (), 1.0)
    return replace(plain, **changes)


def test_figures_are_worked_out_by_hand() -> None:
    good = [dialogue("1", 2), dialogue("1", 6), dialogue("2", 1), dialogue("2", None)]
    poor = [dialogue("1", None), dialogue("1", None), dialogue("2", 5), dialogue("2", None)]
    poor[0] = replace(poor[0], violations=("x",), repeats=("y", "z"))
    told = figures({"good": good, "poor": poor}, "good")
    first, second = told["systems"]["good"], told["systems"]["poor"]
    assert first["success within 5"]["mean"] == 0.5
    assert first["success at all"]["mean"] == 0.75
    assert first["turns to success"] == 3.0
    assert second["success within 5"]["mean"] == 0.25
    assert (second["violations"], second["repeats"]) == (1, 2)
    assert second["violations, quoted"] == ["x"]
    assert told["good minus"]["poor"]["mean"] == 0.25
    assert (told["dialogues"], told["users"]) == (4, 2)


def test_all_systems_meet_the_same_users_and_progress_is_told() -> None:
    goals = [goal(target) for target in TARGETS[:4]]
    counted: list[int] = []
    recommender: Recommender = toy_recommender()
    done = simulate(
        goals,
        {"a": lambda draw: Forgetful(recommender), "b": lambda draw: Whole(recommender, Silent())},
        seed=1,
        report=counted.append,
    )
    assert counted == list(range(1, 9))
    assert [d.persona for d in done["a"]] == [persona.name for persona in PERSONAS]
    assert [d.messages[0] for d in done["a"]] == [d.messages[0] for d in done["b"]]


def test_a_killed_run_goes_on_from_the_dialogues_that_were_kept(tmp_path: Path) -> None:
    goals, run = [goal(target) for target in TARGETS[:4]], {"seed": 1}
    recommender: Recommender = toy_recommender()
    begun: list[str] = []

    def begin(draw: random.Random) -> System:
        begun.append("")
        return Whole(recommender, Silent())

    whole = simulate(goals, {"a": begin}, seed=1)
    simulate(goals[:2], {"a": begin}, seed=1, kept=KeptDialogues(tmp_path / "done", run))
    with (tmp_path / "done").open("a") as lines:
        lines.write('{"system": "a", "num')  # killed in the middle of a line
    begun.clear()
    done = simulate(goals, {"a": begin}, seed=1, kept=KeptDialogues(tmp_path / "done", run))
    assert len(begun) == 2
    assert [replace(d, seconds=0) for d in done["a"]] == [replace(d, seconds=0) for d in whole["a"]]
    begun.clear()
    again = simulate(goals, {"a": begin}, seed=1, kept=KeptDialogues(tmp_path / "done", run))
    assert (begun, again) == ([], done)


def test_dialogues_of_another_run_are_refused(tmp_path: Path) -> None:
    KeptDialogues(tmp_path / "done", {"seed": 1})
    with pytest.raises(DataError, match="of another run"):
        KeptDialogues(tmp_path / "done", {"seed": 2})
    (tmp_path / "done").write_text('{"run": {"seed": 1}}\nno line of ours\n')
    with pytest.raises(DataError, match="can't be gone on from"):
        KeptDialogues(tmp_path / "done", {"seed": 1})
