"""Pictures of items: only images in the workspace's folder, or addresses of allowed hosts."""

from __future__ import annotations

import socket
from dataclasses import replace
from pathlib import Path

import pytest

from chatrec.data.catalog import Catalog
from chatrec.serving.cards import TurnView, thread
from chatrec.serving.look import Look
from chatrec.serving.pictures import MAX_BYTES, Pictures
from chatrec.serving.welcome import Welcome
from chatrec.types import Item
from tests.serving.conftest import MakeApp, calling
from tests.serving.fake_recommender import FILMS, FakeRecommender

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
HOSTS = ("img.example.org",)


def _pictures(folder: Path | None, value: str, column: str = "poster") -> tuple[Pictures, Item]:
    item = Item("a/b", "A film", facts={"rating": "5", column: value})
    return Pictures(Catalog([Item("0", "Another"), item]), folder, HOSTS), item


@pytest.mark.parametrize("column", ["poster", "Picture", "image_url", "cover", "Photo Link"])
def test_a_file_in_the_workspace_has_an_address_here(tmp_path: Path, column: str) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "a.PNG").write_bytes(PNG)
    pictures, item = _pictures(tmp_path, "pictures/a.PNG", column)
    assert pictures.address(item) == "pictures/1"
    assert pictures.file(1) == (tmp_path / "pictures" / "a.PNG", "image/png")
    assert pictures.file(0) is None
    assert pictures.file(7) is None


def test_other_files_are_not_shown(tmp_path: Path) -> None:
    folder = tmp_path / "ws"
    folder.mkdir()
    (tmp_path / "outside.png").write_bytes(PNG)
    (folder / "link.png").symlink_to(tmp_path / "outside.png")
    (folder / "large.png").write_bytes(PNG + bytes(MAX_BYTES))
    (folder / "page.png").write_bytes(b"<script>alert(1)</script>")
    (folder / "drawn.svg").write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    (folder / "manifest.json").write_bytes(b"{}")
    (folder / "folder.png").mkdir()
    (folder / "loop.png").symlink_to(folder / "loop.png")
    for name in (
        *("link.png", "large.png", "page.png", "drawn.svg", "manifest.json", "folder.png"),
        *("../outside.png", str(tmp_path / "outside.png"), "absent.png", "a\0.png", "loop.png"),
        *("x" * 5000 + ".png", "x" * 190 + "/../page.png", "", ".png", "..", "file:page.png"),
    ):
        pictures, item = _pictures(folder, name)
        assert pictures.address(item) == "", name
        assert pictures.file(1) is None, name


def test_the_builtin_films_have_no_files(tmp_path: Path) -> None:
    pictures, item = _pictures(None, "a.png")
    assert pictures.address(item) == ""
    assert pictures.file(1) is None


def test_only_addresses_of_allowed_hosts_by_https_are_handed_out() -> None:
    allowed = "https://img.example.org/a%20b.jpg?w=200"
    pictures, item = _pictures(None, allowed)
    assert pictures.address(item) == allowed
    for address in (
        "http://img.example.org/a.jpg",
        "https://img.example.org.evil.test/a.jpg",
        "https://evil.test/img.example.org",
        "https://img.example.org@evil.test/a.jpg",
        "https://user:word@img.example.org/a.jpg",
        "https://img.example.org:8443/a.jpg",
        "https://img.example.org\\@evil.test/a.jpg",
        "https://img.example.org/a b.jpg",
        "https://img.example.org/" + "a" * 2000,
        "https://[img.example.org/a.jpg",
        "javascript://img.example.org/%0aalert(1)",
        "data:image/png;base64,AAAA",
    ):
        pictures, item = _pictures(None, address)
        assert pictures.address(item) == "", address


def test_pictures_are_served_and_nothing_else(
    tmp_path: Path, recommender: FakeRecommender, make_app: MakeApp
) -> None:
    (tmp_path / "moon.png").write_bytes(PNG)
    named = [Item(f.item_id, f.title, facts={"poster": "moon.png"}) for f in FILMS[:2]]
    recommender.catalog = Catalog([*named, FILMS[2]])
    client = calling(make_app(data=tmp_path))
    got = client.get("/pictures/1")
    assert (got.status_code, got.content) == (200, PNG)
    assert got.headers["content-type"] == "image/png"
    assert got.headers["x-content-type-options"] == "nosniff"
    for path in ("2", "3", "-1", "1e0", "moon.png", "..%2fmanifest.json", "9" * 40, "%F0%9F%92%A9"):
        assert client.get(f"/pictures/{path}").status_code == 404


def test_the_server_asks_no_one_for_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*where: object, **how: object) -> None:
        raise AssertionError(f"the server would have connected to {where}")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)
    address = "https://img.example.org/arrival.jpg"
    recommender = FakeRecommender()
    pictures = Pictures(recommender.catalog, None, HOSTS)
    reply = recommender.respond("calm", recommender.start(), k=1)
    item = Item("arrival", "Arrival", facts={"image": address})
    pick = replace(reply.recommendations[0], item=item)
    turn = TurnView("calm", replace(reply, recommendations=(pick,)))
    shown = thread([turn], Welcome("films", 4, ()), Look(picture=pictures.address))
    assert f"src='{address}'" in shown
