"""Lines that a decoder writes under a grammar, with an adapter over its weights."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest
import torch

from chatrec.errors import ModelError
from chatrec.generation.line_writer import REMEMBERED, LineWriter
from chatrec.generation.model import LocalDecoder
from tests.generation.test_overlay import lora_of
from tests.generation.tiny_decoders import PROMPTS, texts, tiny_decoder

GRAMMAR = 'start: (" yes" | " no") " indeed, it is" ("a" | "b") "\\n"\n'


@pytest.fixture(scope="module")
def decoder() -> LocalDecoder:
    return tiny_decoder("llama")


@pytest.fixture(scope="module")
def adapter(decoder: LocalDecoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lora_of(decoder.model, tmp_path_factory.mktemp("lora"), ["q_proj", "up_proj"])


def test_a_line_keeps_to_its_grammar(decoder: LocalDecoder, adapter: Path) -> None:
    written = LineWriter(decoder, adapter).write("Is it?", GRAMMAR)
    assert re.fullmatch(r" (?:yes|no) indeed, it is[ab]\n", written.line)


def test_what_the_grammar_forces_is_not_chosen(decoder: LocalDecoder, adapter: Path) -> None:
    written = LineWriter(decoder, adapter).write("Is it?", GRAMMAR)
    assert written.forced > written.chosen >= 2
    assert 0 < written.together <= written.least <= 1


def test_the_same_prompt_is_written_once(
    decoder: LocalDecoder, adapter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = LineWriter(decoder, adapter)
    first = writer.write("Is it?", GRAMMAR)
    monkeypatch.setattr(decoder, "alone", lambda job: pytest.fail("it was written again"))
    assert writer.write("Is it?", GRAMMAR) == first


def test_prompts_of_long_ago_are_forgotten(decoder: LocalDecoder, adapter: Path) -> None:
    writer = LineWriter(decoder, adapter)
    for number in range(REMEMBERED + 3):
        writer.write(f"Is it {number}?", GRAMMAR)
    assert len(writer._known) == REMEMBERED


def test_answers_of_the_decoder_are_the_same_while_lines_are_written(
    decoder: LocalDecoder, adapter: Path
) -> None:
    alone = texts(decoder.generate(PROMPTS, max_new_tokens=20), len(PROMPTS))
    writer = LineWriter(decoder, adapter)
    lines = threading.Thread(
        target=lambda: [writer.write(f"Is it {n}?", GRAMMAR) for n in range(10)]
    )
    lines.start()
    beside = texts(decoder.generate(PROMPTS, max_new_tokens=20), len(PROMPTS))
    lines.join()
    assert beside == alone


def test_a_lack_of_memory_is_an_error_of_ours(
    decoder: LocalDecoder, adapter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def alone(job: object) -> None:
        raise torch.OutOfMemoryError

    monkeypatch.setattr(decoder, "alone", alone)
    with pytest.raises(ModelError, match="memory"):
        LineWriter(decoder, adapter).write("Is it?", GRAMMAR)


def test_a_grammar_that_cannot_be_read_is_an_error(decoder: LocalDecoder, adapter: Path) -> None:
    with pytest.raises(ModelError, match="a line could not be written"):
        LineWriter(decoder, adapter).write("Is it?", "start: nothing_of_that_name\n")
