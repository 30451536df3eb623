"""Where an import writes: whole or not at all, whatever the target is and the system refuses."""

from __future__ import annotations

import os
import resource
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from chatrec.data.importing import import_workspace
from chatrec.data.workspace import Workspace
from chatrec.errors import DataError

Write = Callable[[str, str | bytes], Path]
ITEMS = "item_id,title\n1,Moon\n2,Her\n"


@pytest.fixture
def items(write: Write) -> Path:
    return write("items.csv", ITEMS)


def refused(items: Path, to: Path, domain: str = "film") -> str:
    with pytest.raises(DataError) as error:
        import_workspace(items, None, to, domain=domain, progress=False)
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("points_to", ["empty", "nowhere yet"])
def test_a_link_to_a_folder_stays_a_link(items: Path, tmp_path: Path, points_to: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to(points_to)
    import_workspace(items, None, tmp_path / "link", progress=False)
    assert (tmp_path / "link").is_symlink()
    assert len(Workspace.open(tmp_path / points_to).catalog) == 2


def test_the_folder_one_stands_in_may_be_the_target(
    items: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    import_workspace(items, None, Path("."), progress=False)
    assert len(Workspace.open(tmp_path / "here").catalog) == 2


def test_a_folder_that_cannot_be_made_is_named(items: Path, tmp_path: Path) -> None:
    said = refused(items, items / "ws")
    assert said.startswith(f"{items / 'ws'} can't be written")
    assert "File name too long" in refused(items, tmp_path / ("x" * 300))
    assert "isn't UTF-8" in refused(items, tmp_path / os.fsdecode(b"caf\xe9"))
    assert list(tmp_path.iterdir()) == [items]


@pytest.mark.parametrize("domain", ["", " "])
def test_a_workspace_that_could_not_be_opened_is_not_written(
    items: Path, tmp_path: Path, domain: str
) -> None:
    assert "name what the items are" in refused(items, tmp_path / "ws", domain)
    assert not (tmp_path / "ws").exists()


def test_a_full_disk_is_one_line_and_leaves_nothing(write: Write, tmp_path: Path) -> None:
    rows = "".join(f"{n},T{n},{n * 7919 % 10_007}\n" for n in range(20_000))
    items = write("items.csv", f"item_id,title,note\n{rows}")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        said = refused(items, tmp_path / "ws")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert said.startswith(f"{tmp_path / 'ws'} can't be written")
    assert list(tmp_path.iterdir()) == [items]


def test_what_a_killed_import_left_behind_is_in_nobody_s_way(items: Path, tmp_path: Path) -> None:
    (tmp_path / ".ws.part-0").mkdir()
    import_workspace(items, None, tmp_path / "ws", progress=False)
    assert len(Workspace.open(tmp_path / "ws").catalog) == 2


def test_of_two_imports_into_one_folder_one_is_refused_and_one_whole(
    items: Path, tmp_path: Path
) -> None:
    outcomes: list[str] = []

    def one() -> None:
        try:
            import_workspace(items, None, tmp_path / "ws", progress=False)
        except DataError as error:
            outcomes.append(str(error))
        else:
            outcomes.append("")

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("") == 1
    assert len(outcomes) == 4
    assert len(Workspace.open(tmp_path / "ws").catalog) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["items.csv", "ws"]
