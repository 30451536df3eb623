"""Tiny decoders whose answers don't hang on the order of additions."""

from __future__ import annotations

import pytest

from chatrec.generation.model import LocalDecoder
from tests.generation.tiny_decoders import FAMILIES, tiny_model


def in_float64(family: str) -> LocalDecoder:
    model, tokenizer = tiny_model(family)
    return LocalDecoder(model.double(), tokenizer, name="tiny", precision="float32")


@pytest.fixture(params=sorted(FAMILIES), scope="module")
def decoder(request: pytest.FixtureRequest) -> LocalDecoder:
    """One of each family."""
    return in_float64(request.param)


@pytest.fixture(scope="module")
def llama() -> LocalDecoder:
    return in_float64("llama")
