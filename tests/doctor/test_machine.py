"""The machine's files in /proc, its control groups, folders and ports, as they may be."""

from __future__ import annotations

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from chatrec.doctor import machine
from chatrec.doctor.machine import (
    check_disk,
    check_gpu,
    check_memory,
    check_port,
    check_processor,
    check_threads,
)
from chatrec.settings import Settings

KB = 1024


def put(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)
    return folder


@pytest.fixture
def amd64(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.platform, "machine", lambda: "x86_64")


@pytest.mark.usefixtures("amd64")
def test_a_processor_without_avx2_is_warned_of(tmp_path: Path) -> None:
    assert check_processor(put(tmp_path, cpuinfo="flags : sse avx2 avx512f")).level == "ok"
    assert check_processor(put(tmp_path, cpuinfo="flags : sse avx")).level == "warning"


def test_where_nothing_is_known_of_the_machine_nothing_is_wrong(tmp_path: Path) -> None:
    assert check_processor(tmp_path).level == check_memory(tmp_path, tmp_path).level == "ok"


def test_more_threads_than_a_container_may_use_are_warned_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, cpu__max="150000 100000\n")
    monkeypatch.setenv("OMP_NUM_THREADS", "4")
    found = check_threads(tmp_path)
    assert (found.level, found.todo) == ("warning", "set OMP_NUM_THREADS=1")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert check_threads(tmp_path).level == "ok"


def test_no_quota_is_no_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    assert check_threads(put(tmp_path, cpu__max="max 100000\n")).level == "ok"


@pytest.mark.parametrize(("free_gb", "level"), [(8.0, "ok"), (1.2, "warning"), (0.5, "wrong")])
def test_memory_is_compared_with_what_a_chat_takes(
    tmp_path: Path, free_gb: float, level: str
) -> None:
    put(tmp_path, meminfo=f"MemTotal: 9 kB\nMemAvailable: {free_gb * 1e9 / KB:.0f} kB\n")
    assert check_memory(tmp_path, tmp_path).level == level


def test_a_containers_limit_counts_without_what_it_can_take_back(tmp_path: Path) -> None:
    put(
        tmp_path,
        meminfo="MemAvailable: 32000000 kB",
        memory__max="2000000000",
        memory__current="1900000000",
    )
    assert check_memory(tmp_path, tmp_path).level == "wrong"
    put(tmp_path, memory__stat="anon 5\ninactive_file 1800000000\n")
    assert check_memory(tmp_path, tmp_path).level == "ok"


def test_a_folder_that_is_yet_to_be_made_is_judged_by_its_parent(tmp_path: Path) -> None:
    assert check_disk("cache", tmp_path / "not" / "yet").level == "ok"
    assert not (tmp_path / "not").exists()


def test_a_file_in_the_place_of_a_folder_is_wrong(tmp_path: Path) -> None:
    put(tmp_path, cache="")
    assert check_disk("cache", tmp_path / "cache" / "chatrec").level == "wrong"


def test_a_full_disk_is_warned_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "DISK_GB", 1e9)
    assert check_disk("cache", tmp_path).level == "warning"


def test_a_gpu_that_torch_cannot_use_is_warned_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert check_gpu(None, tmp_path)[0].level == "ok"
    assert check_gpu(Settings(precision="nf4"), tmp_path)[0].level == "warning"
    put(tmp_path, nvidiactl="")
    assert "torch" in check_gpu(None, tmp_path)[0].text


def test_a_free_port_is_let_go_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert check_port("127.0.0.1", port).level == "ok"
    socket.create_server(("127.0.0.1", port)).close()


def test_a_port_that_something_else_listens_on_is_wrong() -> None:
    with HTTPServer(("127.0.0.1", 0), _Other) as other:
        threading.Thread(target=other.handle_request).start()
        found = check_port("127.0.0.1", other.server_port)
    assert found.level == "wrong"
    assert "CHATREC_PORT" in found.todo


def test_a_port_where_chatrec_answers_is_well() -> None:
    with HTTPServer(("127.0.0.1", 0), _Chatrec) as server:
        threading.Thread(target=server.handle_request).start()
        found = check_port("127.0.0.1", server.server_port)
    assert (found.level, "chatrec is answering" in found.text) == ("ok", True)


def test_an_address_of_another_machine_is_wrong() -> None:
    assert check_port("192.0.2.1", 7860).level == "wrong"


class _Other(BaseHTTPRequestHandler):
    body: object = {"hello": "world"}

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(self.body).encode())

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


class _Chatrec(_Other):
    body = {"status": "ok"}  # noqa: RUF012
