"""The prompts that a decoder reads while its weights are rounded."""

from __future__ import annotations

from chatrec.generation.nf4_sample import PEOPLE, sample_rows
from chatrec.prompting import WINDOW_TOKENS
from tests.generation.tiny_decoders import tiny_model


def test_sample_rows_are_ranking_prompts_that_fit_and_are_always_the_same() -> None:
    _, tokenizer = tiny_model("qwen3")
    rows = sample_rows(tokenizer.encode)
    assert len(rows) == PEOPLE
    assert all(0 < len(row) <= WINDOW_TOKENS for row in rows)
    assert rows == sample_rows(tokenizer.encode)
    texts = [tokenizer.decode(row) for row in rows]
    assert len(set(texts)) == PEOPLE
    assert all(text.startswith("Films of one person, in order.\n") for text in texts)
    assert all("\n+ " in text and "\n- " in text for text in texts)
    assert ["\n? " in text for text in texts] == [bool(n % 2) for n in range(PEOPLE)]
