"""A decoder that says the same to everything, for tests of what may be shown of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from chatrec.generation.model import Chunk
from chatrec.prompting import Prompt


class Parrot:
    """A decoder that answers every prompt with the same words."""

    name = "parrot"

    def __init__(self, words: str) -> None:
        self.words = words

    def label_logprobs(self, prompts: Sequence[Prompt], labels: Sequence[str]) -> Any:
        raise AssertionError("reasons need no labels")

    def generate(self, prompts: Sequence[Prompt], **options: object) -> Iterator[Chunk]:
        yield from (Chunk(index, self.words) for index in range(len(prompts)))
