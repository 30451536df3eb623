"""Which parts are put together for which settings, on a tiny decoder."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chatrec import assemble as wiring
from chatrec.assemble import (
    SHIPPED_ADAPTER,
    SHIPPED_ENCODER,
    adapter_folder,
    assemble,
    label_binding,
    open_workspace,
    text_encoder,
)
from chatrec.conversation.recommender import Reply
from chatrec.data.workspace import Workspace
from chatrec.errors import ModelError, NoLogprobsError, RequestError
from chatrec.generation import ranker
from chatrec.generation.adapter_files import ITEM_HEAD, write_checksums
from chatrec.generation.item_head import load_head, save_head
from chatrec.generation.model import LocalDecoder
from chatrec.generation.ranker import BINDING_BAR
from chatrec.settings import Settings
from tests.conftest import Tuned
from tests.generation.tiny_decoders import tiny_decoder


def adapter_with(tuned: Tuned, to: Path, **facts: Any) -> Path:
    """A copy of the tuned adapter whose head states other facts."""
    shutil.copytree(tuned.adapter, to)
    head, stated = load_head(to / ITEM_HEAD)
    save_head(head, replace(stated, **facts), to / ITEM_HEAD)
    write_checksums(to)
    return to


def listed(settings: Settings, text: str = "a quiet film about friends") -> Reply:
    """The ranked list, before any reason is written."""
    recommender = assemble(settings)
    return next(recommender.stream(text, recommender.start(), 4))


@pytest.mark.parametrize(("share", "led_by"), [(1.0, "item_head"), (0.0, "fusion")])
def test_item_head_leads_where_its_share_is_the_larger(
    tuned: Tuned,
    toy_workspace: Path,
    tiny_model_folder: Path,
    tmp_path: Path,
    share: float,
    led_by: str,
) -> None:
    adapter = adapter_with(tuned, tmp_path / "a", history_weight=share, wish_weight=share)
    reply = listed(Settings(data=toy_workspace, model=str(tiny_model_folder), adapter=adapter))
    assert reply.led_by == led_by
    assert len(reply.recommendations) == 4


def test_fused_order_leads_on_a_kind_of_catalogue_that_the_head_was_not_tuned_for(
    tuned: Tuned, toy_catalogue: Path, tiny_model_folder: Path, tmp_path: Path
) -> None:
    adapter = adapter_with(tuned, tmp_path / "a", history_weight=1.0, wish_weight=1.0)
    settings = Settings(data=toy_catalogue, model=str(tiny_model_folder), adapter=adapter)
    reply = listed(settings, "a comedy")
    assert reply.led_by == "fusion"
    assert all("Comedy" in r.item.genres for r in reply.recommendations)


def test_adapter_of_another_embedding_model_is_refused(
    tuned: Tuned, toy_workspace: Path, tiny_model_folder: Path, tmp_path: Path
) -> None:
    adapter = adapter_with(tuned, tmp_path / "a", encoder="other", encoder_revision="0123")
    settings = Settings(data=toy_workspace, model=str(tiny_model_folder), adapter=adapter)
    with pytest.raises(ModelError, match=r"tuned with the embedding model other \(0123\), not"):
        assemble(settings)


def test_a_further_adapter_has_a_decoder_of_its_own_and_shares_the_rest(
    tuned: Tuned, toy_workspace: Path, tiny_model_folder: Path, tmp_path: Path
) -> None:
    leading = {"history_weight": 1.0, "wish_weight": 1.0}
    one = adapter_with(tuned, tmp_path / "one", **leading)
    two = adapter_with(tuned, tmp_path / "two", history_weight=0.0, wish_weight=0.0)
    said: list[str] = []
    settings = Settings(
        data=toy_workspace, model=str(tiny_model_folder), adapter=one, adapters=(two,)
    )
    recommender = assemble(settings, said.append)
    assert list(recommender.adapters) == ["one", "two"]
    other = recommender.tuned_by("two")
    assert recommender.tuned_by("one") is recommender.tuned_by(None) is recommender
    assert other.tuned_by("one") is recommender
    assert other.understanding is recommender.understanding
    assert other.catalog is recommender.catalog
    assert other.writer is not recommender.writer
    assert said == ["adapter two has a decoder of its own, chosen by that name"]
    text, start = "a quiet film about friends", recommender.start()
    replies = {
        name: next(recommender.tuned_by(name).stream(text, start, 4)) for name in ("one", "two")
    }
    assert {name: reply.adapter for name, reply in replies.items()} == {"one": "one", "two": "two"}
    assert [reply.led_by for reply in replies.values()] == ["item_head", "fusion"]
    for name, reply in replies.items():
        assert reply.query is not None
        ids = [r.item.item_id for r in reply.recommendations]
        moved = recommender.tuned_by(name).movers.of(reply.query, ids, reply.led_by)
        assert moved is not None
        assert moved.led_by == reply.led_by


def test_a_further_adapter_is_checked_before_it_is_read(
    tuned: Tuned, toy_workspace: Path, tiny_model_folder: Path, tmp_path: Path
) -> None:
    missing = tmp_path / "missing"
    cut = adapter_with(tuned, tmp_path / "cut")
    weights = cut / "adapter_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-9])
    changed = adapter_with(tuned, tmp_path / "changed")
    config = changed / "adapter_config.json"
    config.write_text(config.read_text("utf-8").replace('"r": ', '"r":  '), "utf-8")
    foreign = adapter_with(tuned, tmp_path / "foreign")
    config = foreign / "adapter_config.json"
    stated = json.loads(config.read_text("utf-8")) | {"base_model_name_or_path": "another-base"}
    config.write_text(json.dumps(stated), "utf-8")
    write_checksums(foreign)
    wrong = {
        missing: "is not a folder",
        cut: "adapter_model.safetensors",
        changed: "adapter_config.json",
        foreign: "was made for the base 'another-base'",
    }
    for folder, words in wrong.items():
        settings = Settings(
            data=toy_workspace,
            model=str(tiny_model_folder),
            adapter=tuned.adapter,
            adapters=(folder,),
        )
        with pytest.raises(ModelError, match=words):
            assemble(settings)


def test_two_adapters_of_one_name_are_refused(tmp_path: Path) -> None:
    settings = Settings(adapter=tmp_path / "a" / "mine", adapters=(tmp_path / "b" / "mine",))
    with pytest.raises(RequestError, match="both called 'mine'"):
        assemble(settings)


@pytest.mark.parametrize(
    ("share", "led_by"), [(BINDING_BAR, "labels"), (BINDING_BAR - 0.01, "fusion")]
)
def test_decoder_without_an_adapter_ranks_by_labels_if_it_binds_them(
    toy_workspace: Path,
    tiny_model_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    share: float,
    led_by: str,
) -> None:
    monkeypatch.setattr(wiring, "label_binding", lambda decoder, cache: share)
    # A pool of five: the tiny context has no room for the labels of twenty.
    settings = Settings(data=toy_workspace, model=str(tiny_model_folder), pool_size=5)
    assert listed(settings, "a western or a musical").led_by == led_by


def test_where_labels_cannot_be_scored_the_fused_order_leads_and_that_is_said(
    toy_workspace: Path, tiny_model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unasked(decoder: object, cache: Path) -> float:
        raise NoLogprobsError("the server gives no log-probabilities; use another")

    monkeypatch.setattr(wiring, "label_binding", unasked)
    said: list[str] = []
    settings = Settings(data=toy_workspace, model=str(tiny_model_folder), pool_size=5)
    recommender = assemble(settings, said.append)
    assert next(recommender.stream("a western", recommender.start(), 3)).led_by == "fusion"
    assert said[-1].endswith("use another; until then the fused order leads")


def test_label_binding_is_measured_once_for_each_decoder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[str] = []

    def measure(decoder: LocalDecoder) -> float:
        measured.append(decoder.name)
        return 0.25 * len(measured)

    monkeypatch.setattr(ranker, "binds_labels", measure)
    first, other = tiny_decoder("llama"), tiny_decoder("qwen3")
    cache = tmp_path / "not yet there"
    assert [label_binding(d, cache) for d in (first, first, other, first)] == [
        0.25,
        0.25,
        0.5,
        0.25,
    ]
    assert measured == [first.name, other.name]


def test_shipped_adapter_is_for_the_default_decoder_alone(tmp_path: Path) -> None:
    assert adapter_folder(Settings()) == SHIPPED_ADAPTER
    assert adapter_folder(Settings(model="another")) is None
    assert adapter_folder(Settings(model="another", adapter=tmp_path)) == tmp_path


def test_without_a_folder_the_built_in_films_are_opened(toy_workspace: Path) -> None:
    assert len(open_workspace(None).catalog) > 800
    assert len(open_workspace(toy_workspace).catalog) == 34


def test_wishes_for_films_are_read_by_the_shipped_encoder_and_others_by_the_base(
    toy_catalogue: Path,
) -> None:
    films, books = text_encoder(Workspace.builtin()), text_encoder(Workspace.open(toy_catalogue))
    assert films.adapter is not None
    assert films.adapter.folder == SHIPPED_ENCODER
    assert books.adapter is None
    tuned, plain = (encoder.encode_queries(["a heist"])[0] for encoder in (films, books))
    assert 0.5 < float(tuned @ plain) < 0.999
