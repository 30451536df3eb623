"""Follow-ups under a list: each is read as meant, changes the list, and is in the user's words."""

import pytest

from chatrec.conversation import suggestions
from chatrec.conversation.answering import Answers
from chatrec.conversation.asking import Question
from chatrec.conversation.lexicon import LANGUAGES, Language
from chatrec.conversation.state import DialogueState
from chatrec.conversation.suggestions import MOST, Suggestions
from chatrec.conversation.understanding import Understanding
from chatrec.conversation.utterance import clean
from chatrec.data.catalog import Catalog, builtin_films
from chatrec.data.constraints import allowed
from chatrec.types import Candidate, Item
from tests.conversation.toy_films import FILMS, READER

WISHES: dict[Language, str] = {
    "en": "a comedy please",
    "de": "eine Komödie bitte",
    "fr": "une comédie s'il vous plaît",
    "es": "una comedia por favor",
    "zh": "喜剧电影",
}
ANSWERS = Answers(FILMS, READER)
BUILT_IN = Answers(builtin_films(), Understanding(builtin_films()))


def listed(
    wish: str, answers: Answers = ANSWERS, catalog: Catalog = FILMS, n: int = 5
) -> tuple[DialogueState, list[Candidate]]:
    """The state after a list of the first ``n`` that fit, and the pool of all that fit."""
    state = answers.read(wish, DialogueState()).state
    limits = state.query().constraints
    ids = [item.item_id for item in catalog if allowed(item, limits)]
    pool = [Candidate(item_id, -rank / 10, "toy") for rank, item_id in enumerate(ids)]
    return state.with_reply("", ids[:n]), pool


def offered(wish: str, answers: Answers = ANSWERS, catalog: Catalog = FILMS) -> tuple[str, ...]:
    state, pool = listed(wish, answers, catalog)
    return Suggestions(catalog, answers.read).offered(state, pool)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("every", [1, 7])
def test_every_chip_is_read_as_meant_in_every_language(language: Language, every: int) -> None:
    films = builtin_films()
    state, pool = listed(WISHES[language], BUILT_IN, films)
    chips = Suggestions(films, BUILT_IN.read).offered(state, pool[::every])
    assert len(chips) == MOST
    for chip in chips:
        turned = BUILT_IN.read(chip, state)
        changed = turned.state.constraints != state.constraints or turned.state.near != state.near
        goes_on = chip == suggestions._OTHERS[language]
        assert changed != goes_on, chip
        assert turned.act in ("recommend", "critique"), chip
        assert not turned.renewed, chip
        assert not turned.unknown, chip
        assert clean(chip, language).language == language, chip


@pytest.mark.parametrize("wish", ["a comedy please", "a film", "a horror film", "from the 90s"])
def test_every_critique_changes_what_comes_next_and_leaves_something(wish: str) -> None:
    state, pool = listed(wish, BUILT_IN, builtin_films())
    rest = [builtin_films().get(c.item_id) for c in pool if c.item_id not in state.last_shown]
    chips = Suggestions(builtin_films(), BUILT_IN.read).offered(state, pool)
    assert chips[0] == "More like the first"
    assert chips[-1] == "Show me others"
    for chip in chips[1:-1]:
        query = BUILT_IN.read(chip, state).state.query()
        kept = [allowed(item, query.constraints) for item in rest]
        assert kept[:5].count(False) >= 2, chip
        assert sum(kept) >= 3, chip


def test_critique_that_splits_the_pool_evenly_is_offered_before_a_lopsided_one() -> None:
    genres = [("Drama", "Crime")] * 10 + [("Drama",)] * 9 + [("Drama", "Horror")] * 2
    films = Catalog([Item(str(n), f"Film number {n}", genres=g) for n, g in enumerate(genres)])
    answers = Answers(films, Understanding(films))
    state = DialogueState().with_reply("", ["20"])
    order = [str(n) for pair in zip(range(10), range(10, 20), strict=True) for n in pair] + ["20"]
    pool = [Candidate(item_id, 0.0, "toy") for item_id in order]
    chips = Suggestions(films, answers.read).offered(state, pool)
    assert {"More crime", "No crime"} & set(chips[:2])
    assert "More horror" not in chips


def test_two_chips_never_speak_of_the_same() -> None:
    chips = offered("a film")
    assert len({"Something older", "Something newer"} & set(chips)) <= 1
    assert len(chips) == len(set(chips))


def test_chips_speak_of_nothing_that_an_item_lacks() -> None:
    bare = Catalog([Item(str(n), f"Thing number {n}") for n in range(30)])
    answers = Answers(bare, Understanding(bare))
    state = DialogueState().with_reply("", [str(n) for n in range(5)])
    pool = [Candidate(str(n), 0.0, "toy") for n in range(30)]
    chips = Suggestions(bare, answers.read).offered(state, pool)
    assert chips == ("More like the first", "Show me others")


def test_nothing_else_is_promised_where_nothing_is_left() -> None:
    state, pool = listed("a comedy please")
    shown = state.with_reply("", [candidate.item_id for candidate in pool])
    assert Suggestions(FILMS, ANSWERS.read).offered(shown, pool) == ("More like the first",)


def test_without_a_list_nothing_is_offered() -> None:
    assert Suggestions(FILMS, ANSWERS.read).offered(DialogueState(), []) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_to_the_question_come_first_and_are_read_as_answers(language: Language) -> None:
    state, pool = listed(WISHES[language], BUILT_IN, builtin_films())
    state = Question("decade", ("1980", "1990"), 1.0).put(state)
    chips = Suggestions(builtin_films(), BUILT_IN.read).offered(state, pool)
    years = [BUILT_IN.read(chip, state).state.constraints.year_min for chip in chips[:2]]
    assert years == [1980, 1990]


def test_chip_that_would_be_read_as_a_title_is_left_out() -> None:
    films = [Item(str(n), f"Film number {n}", year=1950 + n) for n in range(40)]
    plain, titled = Catalog(films), Catalog([*films, Item("x", "Something Newer", year=1999)])
    chips = []
    for catalog in (plain, titled):
        answers = Answers(catalog, Understanding(catalog))
        state = DialogueState().with_reply("", ["10", "11", "12"])
        pool = [Candidate(item.item_id, 0.0, "toy") for item in catalog]
        found = Suggestions(catalog, answers.read)
        chips.append([found._worth(c, state, left) for c, left in _tried(found, state, pool)])
    assert chips[0][1] > 0
    assert chips[1][1] == 0


def _tried(
    found: Suggestions, state: DialogueState, pool: list[Candidate]
) -> list[tuple[suggestions._Critique, suggestions._Left]]:
    items = tuple(found._catalog.get(c.item_id) for c in pool if c.item_id not in state.last_shown)
    left = suggestions._Left(items, (1 / len(items),) * len(items))
    words = ("Something older", "Something newer")
    return [(suggestions._Critique("year", text, 0.5), left) for text in words]
