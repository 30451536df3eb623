"""Bytes and text of a source file: unpacking, encoding, and whether it is what its name says.

It knows nothing about columns.
"""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

import polars as pl

from chatrec.errors import DataError

PACKINGS = (".gz", ".zst")
_MAGIC = {
    b"PAR1": "a Parquet file",
    b"\x1f\x8b": "a gzip file",
    b"\x28\xb5\x2f\xfd": "a Zstandard file",
    b"PK\x03\x04": "a zip or Excel file",
    b"%PDF": "a PDF file",
    b"SQLite format 3": "an SQLite database",
}


def unpacked_name(path: Path) -> str:
    """The file's name without ``.gz`` or ``.zst``, in lower case."""
    name = path.name.lower()
    return name.removesuffix(path.suffix.lower()) if path.suffix.lower() in PACKINGS else name


def check_file(path: Path) -> None:
    """Raise DataError unless ``path`` is a file with something in it."""
    if path.is_dir():
        files = sorted(child.name for child in path.iterdir() if child.is_file())[:5]
        raise DataError(
            f"{path} is a folder, a file is needed: name one of its files ({', '.join(files)} ...)"
        )
    if not path.is_file():
        raise DataError(f"{path} doesn't exist: check the path")
    if path.stat().st_size == 0:
        raise DataError(f"{path} is empty (0 bytes): check that it was written or copied whole")


def nature(start: bytes) -> str:
    """What a file's first bytes say it is, "" for anything that may be text."""
    return next((what for magic, what in _MAGIC.items() if start.startswith(magic)), "")


def read_bytes(path: Path) -> bytes:
    """The file's content, out of gzip where the name says so."""
    data = path.read_bytes()
    if path.suffix.lower() != ".gz":
        return data
    _expect(path, data[:16], "a gzip file")
    try:
        return gzip.decompress(data)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(
            f"{path} is cut off or damaged gzip ({error}): copy or download it again"
        ) from error


def read_text(path: Path, encoding: str = "utf-8") -> str:
    """The file's text; a byte order mark is left out, line ends stay as they are.

    Raises DataError for a cut-off file, for content that is no text, and, with the row, for
    bytes that aren't in ``encoding``.
    """
    if path.suffix.lower() == ".zst":
        text = _zstandard_text(path)
    else:
        data = read_bytes(path)
        what = nature(data[:16])
        if what:
            raise DataError(f"{path} is {what}, not text: give it the ending of what it is")
        text = _decode(path, data, encoding)
    if "\x00" in text[:65536]:
        raise DataError(f"{path} has binary content, not text: save it as text in UTF-8")
    if not text.strip():
        raise DataError(f"{path} has no rows in it: check that it was written or copied whole")
    return text


def _expect(path: Path, start: bytes, what: str) -> None:
    if nature(start) != what:
        found = nature(start) or "something else"
        raise DataError(f"{path} isn't {what} as its name says but {found}: rename it")


def _decode(path: Path, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        raise _not_utf8(path, row, repr(data[error.start : error.start + 1])) from error


def _not_utf8(path: Path, row: int, found: str) -> DataError:
    return DataError(
        f"{path}, row {row}: text that isn't UTF-8, got {found}; save the file as UTF-8, "
        f"for instance: iconv -f latin1 -t utf-8"
    )


def _zstandard_text(path: Path) -> str:
    """Python 3.11 can't unpack Zstandard, polars can: line by line through its CSV reader."""
    with path.open("rb") as file:
        _expect(path, file.read(16), "a Zstandard file")
    try:
        lines = _lines(path, lossy=False)
    except OSError as error:
        raise DataError(
            f"{path} is cut off or damaged Zstandard ({error}): copy or download it again"
        ) from error
    except pl.exceptions.NoDataError:
        return ""
    except pl.exceptions.ComputeError as error:
        for row, line in enumerate(_lines(path, lossy=True), start=1):
            if "\ufffd" in line:
                raise _not_utf8(path, row, repr(line[:60])) from error
        raise DataError(f"{path} can't be unpacked ({error}): pack it again") from error
    return "\n".join(lines).removeprefix("\ufeff")


def _lines(path: Path, *, lossy: bool) -> list[str]:
    frame = pl.read_csv(
        path,
        has_header=False,
        separator="\x01",
        quote_char=None,
        infer_schema=False,
        encoding="utf8-lossy" if lossy else "utf8",
    )
    return frame.to_series().fill_null("").to_list()
