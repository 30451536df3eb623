"""Arrays that are read back are those that were written, for what they were written for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from chatrec.data.sealed_arrays import read_sealed, seal
from chatrec.errors import DataError

ARRAYS = {"a": np.arange(6, dtype=np.int32).reshape(2, 3), "b": np.ones(4, dtype=np.float32)}


def of_films(metadata: Mapping[str, str]) -> bool:
    return metadata.get("key") == "films"


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    path = tmp_path / "kept.safetensors"
    save_file(ARRAYS, path, seal(ARRAYS, key="films", note="x"))
    return path


def test_arrays_and_facts_come_back(sealed: Path) -> None:
    found = read_sealed(sealed, of_films, remedy="make it again")
    assert found is not None
    arrays, metadata = found
    assert arrays.keys() == ARRAYS.keys()
    assert all((arrays[name] == ARRAYS[name]).all() for name in ARRAYS)
    assert (metadata["key"], metadata["note"]) == ("films", "x")


def test_nothing_comes_of_no_file_or_of_one_for_something_else(
    sealed: Path, tmp_path: Path
) -> None:
    assert read_sealed(tmp_path / "none", of_films, remedy="") is None
    assert read_sealed(sealed, lambda metadata: False, names=["c"], remedy="") is None


def test_an_array_that_is_missing_is_damage(sealed: Path) -> None:
    with pytest.raises(DataError, match=r"kept\.safetensors is damaged .*: make it again"):
        read_sealed(sealed, of_films, names=["c"], remedy="make it again")


def test_a_cut_file_is_damaged(sealed: Path) -> None:
    sealed.write_bytes(sealed.read_bytes()[:-1])
    with pytest.raises(DataError, match=r"is damaged .*: make it again"):
        read_sealed(sealed, of_films, remedy="make it again")


@pytest.mark.parametrize(
    "other", [ARRAYS | {"b": np.zeros(4, dtype=np.float32)}, {"a": ARRAYS["a"]}]
)
def test_other_arrays_under_the_same_seal_are_altered(
    sealed: Path, other: dict[str, np.ndarray]
) -> None:
    save_file(other, sealed, seal(ARRAYS, key="films"))
    with pytest.raises(DataError, match="was altered since it was written: make it again"):
        read_sealed(sealed, of_films, remedy="make it again")
