"""A folder that is written into is there whole at the end, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatrec.data.whole_folder import whole_folder


def test_what_is_written_appears_at_the_end_of_the_block(tmp_path: Path) -> None:
    with whole_folder(tmp_path / "new" / "made") as part:
        (part / "a.txt").write_text("a")
        assert not (tmp_path / "new" / "made").exists()
    assert (tmp_path / "new" / "made" / "a.txt").read_text() == "a"
    assert list((tmp_path / "new").iterdir()) == [tmp_path / "new" / "made"]


def test_an_error_leaves_nothing(tmp_path: Path) -> None:
    def write() -> None:
        with whole_folder(tmp_path / "made") as part:
            (part / "a.txt").write_text("a")
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        write()
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_behind_a_link_is_filled_and_a_full_one_is_left(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    with whole_folder(tmp_path / "link") as part:
        (part / "a.txt").write_text("a")
    assert (tmp_path / "link").is_symlink()
    with pytest.raises(OSError, match="not empty"), whole_folder(tmp_path / "link") as part:
        (part / "b.txt").write_text("b")
    assert [path.name for path in (tmp_path / "real").iterdir()] == ["a.txt"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "real"]
