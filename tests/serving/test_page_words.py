from __future__ import annotations

import re

import pytest

from chatrec.conversation.comparison import FACT_NAMES, MISSING
from chatrec.conversation.lexicon import LANGUAGES, Language
from chatrec.conversation.wordings import Row
from chatrec.prompting import PROMPTS_DIR
from chatrec.retrieval.fitted_branches import MODELS
from chatrec.serving import card_words, page_words
from chatrec.serving.header import COOKIE, header, language_of_visit
from chatrec.serving.page_words import count, language_wanted, plural_of, say
from chatrec.serving.panel_words import PANEL
from chatrec.types import EVIDENCE_KINDS

TABLES: dict[str, Row] = {
    f"{name}.{key}": row
    for name, table in {
        "page": page_words.WORDS,
        "plural": page_words.PLURALS,
        "evidence": card_words.EVIDENCE,
        "source": card_words.SOURCES,
        "led by": card_words.LED_BY,
        "branch": card_words.BRANCHES,
        "card": card_words.CARDS,
        "comparing": card_words.COMPARING,
        "fact": FACT_NAMES,
    }.items()
    for key, row in table.items()
} | {f"prompt.{row[0]}": row for row in page_words.FILM_PROMPTS}
TABLES |= {"like": page_words.LIKE_PROMPT, "genre": page_words.GENRE_PROMPT, "missing": MISSING}


@pytest.mark.parametrize("name", TABLES)
def test_every_text_is_there_in_every_language_with_the_same_values(name: str) -> None:
    row = TABLES[name]
    assert len(row) == len(LANGUAGES)
    if name != "source.catalogue":
        assert all(text.strip() == text and text for text in row)
    if name not in ("genre", "page.looking"):  # not every language says what is looked through
        wanted = len(re.findall(r"\{\d?\}", row[0]))
        assert {len(re.findall(r"\{\d?\}", text)) for text in row} == {wanted}
    if len(row[0]) > 12:
        assert len(set(row)) == len(row), "a text of some length is the same in two languages"
    assert re.search(r"[\u4e00-\u9fff]", row[4]) or name == "source.catalogue"
    assert not any(re.search(r"[\u4e00-\u9fff]", text) for text in row[:4])


def test_the_profiles_words_are_complete_too() -> None:
    assert PANEL
    assert all(len(row) == len(LANGUAGES) for row in PANEL.values())


def test_every_kind_of_evidence_branch_and_domain_has_words() -> None:
    assert set(EVIDENCE_KINDS) == set(card_words.EVIDENCE)
    branches = {*MODELS, "dense", "lexical", "item_head", "dialogues", "fusion", "ranker"}
    assert branches == set(card_words.BRANCHES)
    domains = {path.stem for path in (PROMPTS_DIR / "domains").glob("*.jinja")}
    assert domains == set(page_words.PLURALS)


def test_an_unknown_domain_has_items() -> None:
    assert plural_of("umbrella", "en") == "items"
    assert plural_of("umbrella", "de") == "Titel"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("pt-BR,fr;q=0.5,es;q=0.7", "es"),
        ("zh-Hans-CN", "zh"),
        ("ja,ko;q=0.9", "en"),
        ("", "en"),
        ("de;q=0", "en"),
        ("de;q=much,fr;q=0.1", "fr"),
        ("EN-gb;q=0.2 , DE", "de"),
        (",;;q=,\x00", "en"),
    ],
)
def test_the_browsers_first_language_that_we_have_is_wanted(
    accepted: str, language: Language
) -> None:
    assert language_wanted(accepted) == language


def test_what_was_chosen_before_counts_for_more_than_what_the_browser_accepts() -> None:
    assert language_of_visit({COOKIE: "fr"}, "de") == "fr"
    assert language_of_visit({COOKIE: "<script>"}, "de") == "de"
    assert language_of_visit({}, "es-MX") == "es"


def test_the_header_is_in_the_language_and_has_all_to_choose_from() -> None:
    shown = header("de")
    assert "data-lang='de'" in shown
    assert ">Neues Gespräch</button>" in shown
    assert re.findall(r"<option value='(\w\w)'", shown) == list(LANGUAGES)
    assert re.findall(r"value='(\w\w)' lang='\w\w' selected", shown) == ["de"]


def test_counts_are_written_as_the_language_does() -> None:
    assert [count(12345, language) for language in ("en", "de", "zh")] == [
        "12,345",
        "12.345",
        "12,345",
    ]


def test_an_unknown_text_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        say("nothing like it", "en")
