"""Decoder, embedding model and adapters with each damage planted; none of them is loaded."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from safetensors.numpy import save_file

from chatrec.assemble import SHIPPED_ADAPTER, SHIPPED_ENCODER
from chatrec.data.checksums import record_checksums
from chatrec.data.workspace import Workspace
from chatrec.doctor import models
from chatrec.doctor.models import check_adapter_of, check_decoder, check_encoder
from chatrec.errors import ModelError
from chatrec.generation import gguf
from chatrec.generation.adapter_files import ITEM_HEAD, write_checksums
from chatrec.generation.item_head import HeadFacts, ItemHead, save_head
from chatrec.settings import Settings

DEFAULT = Settings()


@pytest.fixture(autouse=True)
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and a small file as the default decoder's; its path."""
    monkeypatch.setenv("CHATREC_CACHE", str(tmp_path / "cache"))
    path = tmp_path / gguf.GGUF_FILE
    path.write_bytes(b"GGUF and more")
    monkeypatch.setattr(gguf, "GGUF_SHA256", hashlib.sha256(path.read_bytes()).hexdigest())
    monkeypatch.setattr(models, "find_gguf", lambda: path)
    return path


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A converted copy, as far as anybody looks at it here."""
    folder = tmp_path / "cache" / gguf.FOLDER_NAME
    folder.mkdir(parents=True)
    for name in gguf.REQUIRED_FILES:
        (folder / name).write_text(json.dumps({"hidden_size": 576, "file": name}))
    record_checksums(folder, gguf.REQUIRED_FILES)
    return folder


def levels(settings: Settings = DEFAULT) -> list[str]:
    return [finding.level for finding in check_decoder(settings)]


def test_a_decoder_that_is_not_converted_yet_is_well_and_stays_so(tmp_path: Path) -> None:
    assert levels() == ["ok", "ok"]
    assert not (tmp_path / "cache").exists()


def test_a_converted_copy_is_verified(copy: Path) -> None:
    assert levels() == ["ok", "ok"]
    (copy / "model.safetensors").write_text("{}")
    found = check_decoder(DEFAULT)[1]
    assert (found.level, found.todo) == ("warning", models.CONVERTED)
    assert "model.safetensors is truncated" in found.text


def test_a_file_that_was_put_beside_the_copy_is_found(copy: Path) -> None:
    (copy / "chat_template.jinja").write_text("{{ evil }}")
    assert "does not list chat_template.jinja" in check_decoder(DEFAULT)[1].text


def test_a_source_that_was_altered_is_wrong_unless_the_copy_is_whole(
    source: Path, request: pytest.FixtureRequest
) -> None:
    source.write_bytes(b"GGUF and less")
    assert levels() == ["wrong"]
    request.getfixturevalue("copy")
    assert levels() == ["ok", "warning"]


def test_a_missing_package_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> Path:
        raise ModelError("it is not installed; run `make setup`")

    monkeypatch.setattr(models, "find_gguf", missing)
    (found,) = check_decoder(DEFAULT)
    assert (found.level, found.text) == ("wrong", "it is not installed; run `make setup`")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("config.json", None, "has no config.json"),
        ("model.safetensors", None, "or no *.safetensors"),
        ("model.safetensors", b"\x80\x04pickle", "model.safetensors is damaged"),
    ],
)
def test_a_folder_with_a_planted_damage_is_wrong(
    tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    save_file({"weight": np.zeros(3)}, folder / "model.safetensors")
    settings = Settings(model=str(folder))
    assert levels(settings) == ["ok"]
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)
    (found,) = check_decoder(settings)
    assert (found.level, said in found.text) == ("wrong", True)


def test_a_name_of_a_hub_is_said_not_to_be_looked_up() -> None:
    assert levels(Settings(model="Some/Model")) == ["warning"]


@pytest.fixture
def server() -> Iterator[str]:
    """A server that lists one model, "one"."""
    with HTTPServer(("127.0.0.1", 0), _Models) as listening:
        thread = Thread(target=listening.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}/v1"
        listening.shutdown()
        thread.join()


def test_a_server_is_asked_for_its_models(server: str) -> None:
    assert levels(Settings(model=server)) == levels(Settings(model=f"{server}#one")) == ["ok"]
    (other,) = check_decoder(Settings(model=f"{server}#two"))
    assert (other.level, "lists one, not 'two'" in other.text) == ("warning", True)


def test_a_server_that_is_not_there_is_wrong() -> None:
    assert levels(Settings(model="http://127.0.0.1:9/v1#m")) == ["wrong"]


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    """A copy of the shipped adapter."""
    return shutil.copytree(SHIPPED_ADAPTER, tmp_path / "adapter")


@pytest.mark.usefixtures("copy")
def test_the_shipped_adapter_is_well() -> None:
    (found,) = check_adapter_of(DEFAULT, SHIPPED_ADAPTER)
    assert (found.level, found.text.endswith("is whole, for film")) == ("ok", True), found


@pytest.mark.usefixtures("copy")
@pytest.mark.parametrize("name", ["adapter_model.safetensors", ITEM_HEAD, "CARD.md"])
def test_a_damaged_adapter_is_wrong(adapter: Path, name: str) -> None:
    content = (adapter / name).read_bytes()
    (adapter / name).write_bytes(content[:-1])
    (found,) = check_adapter_of(DEFAULT, adapter)
    assert (found.level, f"{name} is truncated" in found.text) == ("wrong", True)


@pytest.mark.parametrize("converted", [True, False])
def test_an_adapter_of_another_base_is_wrong(
    adapter: Path, converted: bool, request: pytest.FixtureRequest
) -> None:
    if converted:
        request.getfixturevalue("copy")
    config = adapter / "adapter_config.json"
    values = json.loads(config.read_text())
    config.write_text(json.dumps(values | {"base_model_name_or_path": "other/Base"}))
    write_checksums(adapter)
    (found,) = check_adapter_of(DEFAULT, adapter)
    assert (found.level, "made for the base 'other/Base'" in found.text) == ("wrong", True)


def test_a_head_for_another_embedding_model_is_wrong(adapter: Path) -> None:
    facts = HeadFacts("b", "all-MiniLM-L6-v2", "0" * 12, ("film",), 0.5, 0.5)
    save_head(ItemHead(576, 384), facts, adapter / ITEM_HEAD)
    write_checksums(adapter)
    (found,) = check_adapter_of(DEFAULT, adapter)
    assert (found.level, "000000000000" in found.text) == ("wrong", True)


def test_no_adapter_is_well() -> None:
    assert check_adapter_of(Settings(model="Some/Model"), None)[0].level == "ok"


def test_what_reads_wishes_is_named(toy_workspace: Path, toy_catalogue: Path) -> None:
    films, books = (Workspace.open(folder) for folder in (toy_workspace, toy_catalogue))
    assert check_encoder(films, None)[0].text.endswith(f"as {SHIPPED_ENCODER} tunes it")
    for workspace in (books, None):
        (found,) = check_encoder(workspace, None)
        assert (found.level, found.text.endswith("read by the base")) == ("ok", True)


def test_a_damaged_encoder_adapter_is_wrong(toy_workspace: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(SHIPPED_ENCODER, tmp_path / "encoder")
    weights = bytearray((folder / "adapter_model.safetensors").read_bytes())
    weights[-1] ^= 1
    (folder / "adapter_model.safetensors").write_bytes(weights)
    (found,) = check_encoder(Workspace.open(toy_workspace), folder)
    assert (found.level, "was changed" in found.text) == ("wrong", True)


def test_a_head_is_read_without_a_decoder(monkeypatch: pytest.MonkeyPatch) -> None:
    def loaded(*given: object, **named: object) -> None:
        raise AssertionError("a model was loaded")

    monkeypatch.setattr("transformers.AutoModelForCausalLM.from_pretrained", loaded)
    monkeypatch.setattr("chatrec.retrieval.encoder.load_model", loaded)
    assert check_adapter_of(DEFAULT, SHIPPED_ADAPTER)[0].level == "ok"
    assert check_encoder(None, None)[0].level == "ok"


class _Models(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"data": [{"id": "one"}]}).encode())

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""
