"""Bytes and text of a source file: unpacking, encoding, and whether it is what its name says.

It knows nothing about columns.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from chatrec.errors import DataError

PACKINGS = (".gz", ".zst")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_SEPARATOR = "\x01"  # stands in no text
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
    """Raise DataError unless ``path`` is a file with something in it that may be read."""
    check_name(path)
    with _readable(path):
        if path.is_dir():
            files = sorted(child.name for child in path.iterdir() if child.is_file())[:5]
            raise DataError(
                f"{path} is a folder, a file is needed: name one of its files "
                f"({', '.join(files)} ...)"
            )
        if not path.exists():
            raise DataError(f"{path} doesn't exist: check the path")
        if not path.is_file():
            raise DataError(f"{path} is a pipe or device, a file is needed: write it into one")
        with path.open("rb") as file:
            if not file.read(1):
                raise DataError(
                    f"{path} is empty (0 bytes): check that it was written or copied whole"
                )


def check_name(path: Path) -> None:
    """Raise DataError for a path with bytes that no text can hold: reports and manifests name it.

    Such names come out of archives of systems with another encoding.
    """
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        shown = str(path).encode(errors="surrogateescape")
        raise DataError(f"the path {shown!r} isn't UTF-8: rename it or choose another") from error


def nature(start: bytes) -> str:
    """What a file's first bytes say it is, "" for anything that may be text."""
    return next((what for magic, what in _MAGIC.items() if start.startswith(magic)), "")


def read_bytes(path: Path) -> bytes:
    """The file's content, out of gzip where the name says so."""
    with _readable(path):
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


def read_text(path: Path, else_encoding: str | None = None) -> str:
    """The file's text in UTF-8, or in UTF-16 where a byte order mark, which is left out, says so.

    What is neither is read in ``else_encoding`` if that is given. Line ends stay as they are, but
    out of Zstandard all are line feeds. Raises DataError for a cut-off file, for content that is no
    text, and, with the row, for bytes that aren't in the encoding.
    """
    if path.suffix.lower() == ".zst":
        text = _zstandard_text(path)
    else:
        data = read_bytes(path)
        what = nature(data[:16])
        if what:
            raise DataError(f"{path} is {what}, not text: give it the ending of what it is")
        text = _decode(path, data, else_encoding)
    if "\x00" in text[:65536]:
        raise DataError(f"{path} has binary content, not text: save it as text in UTF-8")
    if not text.strip():
        raise DataError(f"{path} has no rows in it: check that it was written or copied whole")
    return text


def _expect(path: Path, start: bytes, what: str) -> None:
    if nature(start) != what:
        found = nature(start) or "something else"
        raise DataError(f"{path} isn't {what} as its name says but {found}: rename it")


def _decode(path: Path, data: bytes, else_encoding: str | None) -> str:
    encoding = "utf-16" if data.startswith(_UTF16_MARKS) else "utf-8"
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        if encoding == "utf-16":
            raise DataError(f"{path} is cut off or damaged UTF-16: save it as UTF-8") from error
        if else_encoding is not None:
            return data.decode(else_encoding)
        row = data.count(b"\n", 0, error.start) + 1
        raise _not_utf8(path, row, repr(data[error.start : error.start + 1])) from error


def _not_utf8(path: Path, row: int, found: str) -> DataError:
    return DataError(
        f"{path}, row {row}: text that isn't UTF-8, got {found}; save the file as UTF-8, "
        f"for instance: iconv -f windows-1252 -t utf-8"
    )


def _zstandard_text(path: Path) -> str:
    """Python 3.11 can't unpack Zstandard, polars can: line by line through its CSV reader."""
    with _readable(path), path.open("rb") as file:
        _expect(path, file.read(16), "a Zstandard file")
    try:
        frame = _lines(path)
    except OSError as error:
        raise DataError(
            f"{path} is cut off or damaged Zstandard ({error}): copy or download it again"
        ) from error
    except pl.exceptions.NoDataError:
        return ""
    except pl.exceptions.ComputeError as error:
        for row, line in enumerate(_lines(path, lossy=True).to_series(), start=1):
            if "\ufffd" in (line or ""):
                raise _not_utf8(path, row, repr(line[:60])) from error
        raise _has_separator(path) from error
    if frame.width > 1:
        raise _has_separator(path)
    return "\n".join(frame.to_series().fill_null("")).removeprefix("\ufeff")


def _lines(path: Path, *, lossy: bool = False) -> pl.DataFrame:
    """One column, a line a row; more of them where a line has the separator, or ComputeError."""
    return pl.read_csv(
        path,
        has_header=False,
        separator=_SEPARATOR,
        quote_char=None,
        infer_schema=False,
        encoding="utf8-lossy" if lossy else "utf8",
        truncate_ragged_lines=lossy,
    )


def _has_separator(path: Path) -> DataError:
    return DataError(
        f"{path} has the control character {_SEPARATOR!r} in it, which can't be read out of "
        f"Zstandard: unpack it first: zstd -d {path}"
    )


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """What the system refuses, an unreadable file or a name that is too long, as DataError."""
    try:
        yield
    except OSError as error:
        raise DataError(
            f"{path} can't be read ({error.strerror}): check the path and who may read it"
        ) from error
