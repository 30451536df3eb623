"""Generated messages and their lines of acts, and the grammar that lines are written under."""

from __future__ import annotations

import random

import pytest
from llguidance import LLMatcher
from llguidance.hf import from_tokenizer
from tiny_decoders import tiny_model

from chatrec.conversation.act_lines import (
    ACTS,
    PAIRS,
    ActLine,
    Slot,
    copied,
    grammar_of,
    parsed,
    prompt_of,
)
from chatrec.data.catalog import builtin_films
from chatrec.training.understanding_pairs import ActPair, PairSource
from tests.conversation.toy_films import FILMS


def pairs(n: int, seed: int = 5, catalog=FILMS) -> list[ActPair]:
    source, rng = PairSource(catalog), random.Random(seed)
    return [source.sample(rng) for _ in range(n)]


def test_a_line_is_read_back_as_it_was_written():
    line = ActLine("R", (Slot("+g", "scary"), Slot("-p", "Tom Cruise"), Slot("=t", "Jaws 2")))
    assert str(line) == "R+g scary-p Tom Cruise=t Jaws 2"
    assert parsed(f" {line}\n") == line
    assert parsed("V+t -t Heat") == ActLine("V", (Slot("-t", "Heat"),))
    with pytest.raises(ValueError, match="begins with one of"):
        parsed("recommend+g scary")


def test_the_prompt_tells_what_holds_and_nothing_that_does_not():
    assert prompt_of("older") == "User: older\nActs:"
    wish = "one two three four five six seven"
    told = prompt_of("older", ("A", "B", "C", "D"), ("Comedy",), wish)
    assert told.splitlines() == [
        "Shown: A; B; C",
        "Limits: Comedy",
        "Wish: two three four five six seven",
        "User: older",
        "Acts:",
    ]


def test_slots_are_words_of_the_message_as_it_is_typed():
    for pair in pairs(600, catalog=builtin_films()):
        assert "{" not in pair.said
        assert pair.said in pair.prompt
        for slot in pair.line.slots:
            assert slot.words in copied(pair.said), (pair.said, str(pair.line))
        assert parsed(str(pair.line)) == pair.line


def test_every_act_and_every_kind_of_slot_is_made():
    made = pairs(4000)
    assert {pair.line.act for pair in made} == set(ACTS)
    assert {slot.pair for pair in made for slot in pair.line.slots} == set(PAIRS)


def test_the_same_seed_makes_the_same_messages():
    assert pairs(50) == pairs(50)
    assert pairs(50) != pairs(50, seed=6)


def test_a_refinement_needs_a_list_before_it():
    for pair in pairs(1000):
        if pair.line.act in "FCK":
            assert pair.prompt.startswith("Shown: ")


def test_the_grammar_takes_every_generated_line_and_no_word_from_elsewhere():
    tokenizer = tiny_model("llama")[1]
    grammar_tokenizer = from_tokenizer(tokenizer)

    def takes(said: str, line: str) -> bool:
        grammar = LLMatcher.grammar_from_lark(grammar_of(said))
        matcher = LLMatcher(grammar_tokenizer, grammar, log_level=0)
        assert not matcher.is_error(), matcher.get_error()
        ids = tokenizer.encode(f" {line}\n", add_special_tokens=False)
        return matcher.try_consume_tokens(ids) == len(ids) and matcher.is_accepting()

    for pair in pairs(80, catalog=builtin_films()):
        assert takes(pair.said, str(pair.line)), (pair.said, str(pair.line))
    assert not takes("something scary", "R+g funny")
    assert not takes("something scary", "R+g scar")
    assert not takes("something scary", "Z+g scary")
