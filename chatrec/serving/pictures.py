"""Which picture an item has: a file in the workspace's folder, or an address on an allowed host.

A catalogue names it in a column called picture, image, poster, cover, photo or thumbnail, also with
"url", "path", "file" or "link" behind it. Files are served from here; addresses are only handed to
the browser, which loads them itself: this process asks no other server for anything.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, Response

from chatrec.data.catalog import Catalog
from chatrec.serving.problems import answer
from chatrec.types import Item

MAX_BYTES = 2_000_000
MAX_CHARS = 1_000  # of an address
MAX_PATH_CHARS = 200
PATH = "pictures"  # of addresses on this server
_COLUMN = re.compile(
    r"(?:picture|image|poster|cover|photo|thumbnail)s?[ _-]?(?:ur[il]|path|file|link)?", re.I
)
_TYPES: Mapping[str, tuple[str, bytes]] = {  # by the name's ending: media type, how a file begins
    ".jpg": ("image/jpeg", rb"\xff\xd8\xff"),
    ".jpeg": ("image/jpeg", rb"\xff\xd8\xff"),
    ".png": ("image/png", rb"\x89PNG\r\n\x1a\n"),
    ".webp": ("image/webp", rb"RIFF....WEBP"),
    ".gif": ("image/gif", rb"GIF8[79]a"),
}


class Pictures:
    """The pictures of one catalogue. ``folder`` is its workspace's; None for the built-in films."""

    def __init__(self, catalog: Catalog, folder: Path | None, hosts: Sequence[str]) -> None:
        self._catalog = catalog
        self._folder = None if folder is None else Path(os.path.realpath(folder.expanduser()))
        self._hosts = frozenset(host.lower() for host in hosts)

    def address(self, item: Item) -> str:
        """Where a browser gets the item's picture; "" where it has none that may be shown."""
        named = _named(item)
        if "://" in named:
            return named if self._is_allowed(named) else ""
        return "" if self._file(named) is None else f"{PATH}/{self._catalog.index_of(item.item_id)}"

    def file(self, row: int) -> tuple[Path, str] | None:
        """The picture's file and media type for the item in this row of the catalogue."""
        if not 0 <= row < len(self._catalog):
            return None
        return self._file(_named(self._catalog.items[row]))

    def _is_allowed(self, address: str) -> bool:
        if len(address) > MAX_CHARS or re.search(r"[\s\x00-\x1f\\]", address):
            return False
        try:
            parts = urlsplit(address)
        except ValueError:  # such as "https://[x/": no address at all
            return False
        return parts.scheme == "https" and parts.netloc.lower() in self._hosts

    def _file(self, name: str) -> tuple[Path, str] | None:
        """A small enough image of a known type inside the folder, also once links are followed."""
        kind = _TYPES.get(os.path.splitext(name)[1].lower())
        if self._folder is None or kind is None or len(name) > MAX_PATH_CHARS or "\0" in name:
            return None
        path = Path(os.path.realpath(self._folder / name))
        if not path.is_relative_to(self._folder) or not path.is_file():
            return None
        if path.stat().st_size > MAX_BYTES:
            return None
        with path.open("rb") as file:
            begins = re.match(kind[1], file.read(16), re.DOTALL)
        return (path, kind[0]) if begins else None


def add_pictures(app: FastAPI, pictures: Pictures) -> None:
    """``GET /pictures/ROW``: the picture of the item in this row of the catalogue."""

    @app.get(f"/{PATH}/{{row}}", include_in_schema=False)
    def picture(row: str, request: Request) -> Response:
        found = pictures.file(int(row)) if re.fullmatch("[0-9]{1,9}", row) else None
        if found is None:
            return answer(request.scope, 404, "there is no such picture; reload the page")
        path, kind = found
        return FileResponse(
            path, media_type=kind, headers={"Cache-Control": "private, max-age=3600"}
        )


def _named(item: Item) -> str:
    """What the catalogue has in the item's picture column; "" for none."""
    return next((v.strip() for c, v in item.facts.items() if _COLUMN.fullmatch(c.strip())), "")
