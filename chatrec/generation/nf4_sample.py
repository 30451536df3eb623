"""What a decoder reads while its weights are rounded: ranking prompts of people made up.

Films of the built-in catalogue, drawn by seed, liked or not; every second person wishes for what
another film is about, so that there is prose, too. Nobody's data. Knows prompts; knows no weights.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Literal

from chatrec.data.catalog import builtin_films
from chatrec.generation.ranker import encode_parts
from chatrec.prompting import Shown, ranking_prompt

PEOPLE = 48
FILMS = 40  # of each person
SEED = 2026
_MARKS: tuple[Literal["liked", "disliked"], ...] = ("liked", "disliked")


def sample_rows(encode: Callable[[str], list[int]]) -> list[list[int]]:
    """The prompts of PEOPLE people as token ids."""
    films, rng = builtin_films(), random.Random(SEED)  # nosec B311 (nothing secret)
    rows = []
    for person in range(PEOPLE):
        met = [Shown(film, rng.choice(_MARKS)) for film in rng.sample(films.items, FILMS)]
        wish = rng.choice(films.items).description if person % 2 else ""
        prompt = ranking_prompt(
            films.domain, met, wish=wish, count_tokens=lambda text: len(encode(text))
        )
        rows.append(encode_parts(prompt, encode))
    return rows
