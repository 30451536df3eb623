"""What the system or a packing has in store for a file is one line with the file and a remedy."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from chatrec.data.text_files import check_file, read_text
from chatrec.errors import DataError

Write = Callable[[str, str | bytes], Path]


def zstandard(body: bytes) -> bytes:
    """A Zstandard frame with one raw block; Python 3.11 can't pack it itself."""
    size = (1 | len(body) << 3).to_bytes(3, "little")
    return b"\x28\xb5\x2f\xfd\xa0" + len(body).to_bytes(4, "little") + size + body


def refused(check: Callable[[Path], object], path: Path) -> str:
    with pytest.raises(DataError) as error:
        check(path)
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize(
    "body",
    [
        b'item_id,title\n1,"A\x01B"\n',
        b'item_id,ti\x01tle\n1,"A\x01B"\n',
        b'item_id,ti\x01tle\n1,"AB"\n',
    ],
)
def test_what_cannot_be_read_out_of_zstandard_is_refused_not_cut(write: Write, body: bytes) -> None:
    said = refused(read_text, path := write("a.csv.zst", zstandard(body)))
    assert f"{path} has the control character '\\x01'" in said
    assert said.endswith(f"unpack it first: zstd -d {path}")


def test_latin1_beside_such_a_character_names_its_row(write: Write) -> None:
    path = write("a.csv.zst", zstandard(b"item_id,title\n1,A\x01B\n2,caf\xe9\n"))
    assert "row 3: text that isn't UTF-8" in refused(read_text, path)


def test_empty_lines_inside_zstandard_stay(write: Write) -> None:
    text = 'item_id,title\n1,"A\n\n\nB"\n'
    assert read_text(write("a.csv.zst", zstandard(text.encode()))).rstrip("\n") == text.rstrip("\n")


def test_a_name_that_is_too_long_is_refused(tmp_path: Path) -> None:
    assert "can't be read (File name too long)" in refused(check_file, tmp_path / ("x" * 300))


def test_a_name_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.csv")
    path.write_text("item_id,title\n1,Moon\n")
    said = refused(check_file, path)
    assert "caf\\xe9.csv' isn't UTF-8: rename it" in said
    assert said.isascii()


def test_a_pipe_is_refused_without_waiting_for_its_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.csv")
    assert "is a pipe or device" in refused(check_file, tmp_path / "a.csv")


def test_a_file_that_may_not_be_read_is_refused(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = write("a.csv", "item_id,title\n")
    monkeypatch.setattr(Path, "open", closed)
    assert f"{path} can't be read (Permission denied)" in refused(check_file, path)
