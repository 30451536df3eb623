"""The decoder, the embedding model and the adapters: there, whole, and made for each other.

Checksums and headers are read, and the item head; no decoder and no embedding model is loaded.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from chatrec.assemble import READING_FILES, reading_folder, text_encoder
from chatrec.data.checksums import verify_checksums
from chatrec.data.workspace import Workspace
from chatrec.doctor.findings import Finding, from_error, ok, warning, wrong
from chatrec.errors import DataError, ModelError
from chatrec.generation.adapter_files import (
    ADAPTER_FILES,
    ITEM_HEAD,
    base_key,
    check_adapter,
    recorded_base,
)
from chatrec.generation.gguf import (
    DEFAULT_MODEL,
    FOLDER_NAME,
    check_copy,
    check_source,
    find_gguf,
)
from chatrec.retrieval.encoder import TextEncoder
from chatrec.settings import Settings, cache_dir

CONVERTED = "it is converted at the next start, which takes a minute"
AS_IS = "the converted copy is used meanwhile"


def check_decoder(settings: Settings) -> list[Finding]:
    """The decoder that the settings name: the default's file and copy, a folder, or a server."""
    model = settings.model
    if model is None or model == DEFAULT_MODEL:
        return _default_decoder(cache_dir() / FOLDER_NAME)
    if model.startswith(("http://", "https://")):
        return [_server(model)]
    if Path(model).is_dir():
        return [_folder(Path(model))]
    return [
        warning(
            "decoder", f"{model} is taken from a model hub or its cache", "see that it is there"
        )
    ]


def check_adapter_of(settings: Settings, adapter: Path | None) -> list[Finding]:
    """The decoder's adapter: whole, for this base, and with a head for this embedding model."""
    if adapter is None:
        return [ok("adapter", "none; the decoder's own words, and no item head")]
    try:
        base, width = _base(settings)
        if width is None:
            verify_checksums(adapter, ADAPTER_FILES, remedy="copy the adapter again")
            _compare(adapter, base)
        else:
            check_adapter(adapter, base_name=base, hidden_size=width)
        return [_head(adapter)]
    except ModelError as error:
        return [from_error("adapter", error)]


def check_reading(settings: Settings, workspace: Workspace | None) -> list[Finding]:
    """What the decoder reads messages by: whole, where messages are read so."""
    folder = None if workspace is None else reading_folder(settings, workspace.domain)
    if folder is None:
        return [ok("messages", "read by rules")]
    try:
        verify_checksums(folder, READING_FILES, remedy="copy the adapter again")
    except ModelError as error:
        return [from_error("messages", error)]
    return [ok("messages", f"read by rules and by the decoder, as {folder} tunes it")]


def check_encoder(workspace: Workspace | None, adapter: Path | None) -> list[Finding]:
    """The embedding model, and what tunes its reading of wishes, chosen as for a chat."""
    try:
        encoder = TextEncoder() if workspace is None else text_encoder(workspace, adapter)
        revision = encoder.revision
    except (ModelError, DataError) as error:
        return [from_error("embedding", error)]
    except OSError as error:
        return [wrong("embedding", f"its weights can't be read ({error})", "run `make setup`")]
    read_by = "by the base" if encoder.adapter is None else f"as {encoder.adapter.folder} tunes it"
    return [ok("embedding", f"{encoder.name}, revision {revision}; wishes are read {read_by}")]


def _default_decoder(copy: Path) -> list[Finding]:
    """The package's file, and the converted copy, which stands in for it."""
    whole = _copy(copy)
    try:
        source = find_gguf()
        check_source(source)
    except ModelError as error:
        if whole.level == "ok" and copy.exists():
            return [whole, warning("decoder", f"its source is not as expected: {error}", AS_IS)]
        return [from_error("decoder", error)]
    return [ok("decoder", f"{DEFAULT_MODEL}, {source.name} has the right checksum"), whole]


def _copy(copy: Path) -> Finding:
    if not copy.exists():
        return ok("decoder", f"no converted copy in {copy} yet; {CONVERTED}")
    try:
        check_copy(copy)
    except (ModelError, OSError) as error:
        return warning("decoder", f"the converted copy is damaged ({error})", CONVERTED)
    return ok("decoder", f"{copy} is whole")


def _folder(folder: Path) -> Finding:
    from chatrec.generation.loading import check_folder

    weights = len(list(folder.glob("*.safetensors")))
    if not (folder / "config.json").is_file() or not weights:
        return wrong(
            "decoder", f"{folder} has no config.json or no *.safetensors", "give a model's folder"
        )
    try:
        check_folder(folder)
    except ModelError as error:
        return from_error("decoder", error)
    return ok("decoder", f"{folder}, {weights} files of weights")


def _server(url: str) -> Finding:
    from chatrec.generation.remote import connect

    try:
        decoder = connect(url, api_key=os.environ.get("CHATREC_API_KEY"))
        try:
            known = decoder.served()
        finally:
            decoder.close()
    except ModelError as error:
        return from_error("decoder", error)
    if decoder.name not in known:
        return warning(
            "decoder",
            f"the server lists {', '.join(known[:5]) or 'no models'}, not {decoder.name!r}",
            "correct the name after #",
        )
    return ok("decoder", f"a server answers, and has {decoder.name!r}")


def _base(settings: Settings) -> tuple[str, int | None]:
    """The decoder's name, and the width of its hidden states where its config is at hand."""
    model = settings.model or DEFAULT_MODEL
    folder = cache_dir() / FOLDER_NAME if model == DEFAULT_MODEL else Path(model)
    config = folder / "config.json"
    if not config.is_file():
        return model, None
    try:
        width = json.loads(config.read_text("utf-8"))["hidden_size"]
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"{config} has no hidden_size ({error!r}); copy the model again"
        ) from error
    return (model if model == DEFAULT_MODEL else folder.resolve().name), int(width)


def _compare(adapter: Path, base: str) -> None:
    made_for = recorded_base(adapter)
    if base_key(made_for) != base_key(base):
        raise ModelError(
            f"adapter {adapter} was made for the base {made_for!r}, not for {base!r}; load that "
            "base or tune an adapter for this one"
        )


def _head(adapter: Path) -> Finding:
    from chatrec.generation.item_head import load_head

    _, facts = load_head(adapter / ITEM_HEAD)
    revision = TextEncoder().revision
    if facts.encoder_revision != revision:
        return wrong(
            "adapter",
            f"{adapter} was tuned with the embedding model {facts.encoder} "
            f"({facts.encoder_revision}), and {revision} is here",
            "tune it anew, or install that one",
        )
    return ok("adapter", f"{adapter} is whole, for {', '.join(facts.domains)}")
