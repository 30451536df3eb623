"""The adapter of an embedding model: a LoRA for its reading of wishes, as a folder of files.

``adapter_model.safetensors`` (float16; its header names base, revision and scale), ``CARD.md`` and
``checksums.json``. Knows how it is written, checked and merged; nothing about how it is trained.
The checksums show damage and careless edits; whoever can rewrite the folder can rewrite them too,
so only take adapters from people you trust.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatrec.data.checksums import file_sha256, record_checksums, verify_checksums
from chatrec.errors import ModelError

if TYPE_CHECKING:
    from torch import Tensor

WEIGHTS, CARD = "adapter_model.safetensors", "CARD.md"
FILES = (WEIGHTS, CARD)
KIND = "chatrec encoder adapter 1"
_DOWN, _UP = ".lora_A.weight", ".lora_B.weight"
_REMEDY = "copy the adapter again or tune it anew with chatrec.training.embedder"


@dataclass(frozen=True, slots=True)
class EncoderAdapter:
    """A checked adapter: ``weights`` is its file, ``scale`` what its update is multiplied with."""

    weights: Path
    scale: float
    sha256: str

    @classmethod
    def open(cls, folder: Path, base: str, revision: str) -> EncoderAdapter:
        """The adapter in ``folder`` for the embedding model ``base`` at ``revision``.

        Raises ModelError that says which file is missing, truncated or changed, or which base the
        adapter was made for.
        """
        if not folder.is_dir():
            raise ModelError(
                f"embedding adapter {folder} is not a folder; give the folder that "
                f"chatrec.training.embedder wrote"
            )
        verify_checksums(folder, FILES, remedy=_REMEDY)
        header = _header(folder / WEIGHTS)
        if (header["base"], header["revision"]) != (base, revision):
            raise ModelError(
                f"embedding adapter {folder} was made for {header['base']} ({header['revision']}), "
                f"not for {base} ({revision}); load that base or tune an adapter for this one"
            )
        return cls(folder / WEIGHTS, float(header["scale"]), file_sha256(folder / WEIGHTS)[:12])

    def merge_into(self, model: Any) -> None:
        """Add the update to the weights of a freshly loaded base, in place: W += scale * B @ A

        (Hu et al. 2021, arXiv 2106.09685). Raises ModelError, with ``model`` unchanged, where a
        matrix fits no layer.
        """
        import torch
        from safetensors.torch import load_file

        matrices = load_file(self.weights)
        with torch.no_grad():
            for weight, update in _updates(model, matrices, self.weights):
                weight += self.scale * update


def write_encoder_adapter(
    folder: Path,
    matrices: Mapping[str, Tensor],
    *,
    base: str,
    revision: str,
    scale: float,
    card: str,
) -> None:
    """Write an adapter into ``folder``, which must be new; whole or not at all.

    ``matrices`` are, for each layer by its name in the sentence-transformer, ``NAME.lora_A.weight``
    (r, in) and ``NAME.lora_B.weight`` (out, r).
    """
    import shutil

    import torch
    from safetensors.torch import save_file

    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    header = {"kind": KIND, "base": base, "revision": revision, "scale": repr(scale)}
    halves = {name: m.detach().to(torch.float16).contiguous() for name, m in matrices.items()}
    save_file(halves, partial / WEIGHTS, metadata=header)
    (partial / CARD).write_text(card, encoding="utf-8")
    record_checksums(partial, FILES)
    partial.replace(folder)


def _header(path: Path) -> dict[str, str]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as stored:
            header: dict[str, str] = stored.metadata() or {}
    except SafetensorError as error:
        raise ModelError(f"{path} is not a safetensors file: {error}; {_REMEDY}") from error
    if header.get("kind") != KIND or not {"base", "revision", "scale"} <= set(header):
        raise ModelError(
            f"{path} is no adapter of an embedding model (its kind is {header.get('kind')!r}, not "
            f"{KIND!r}); give a folder that chatrec.training.embedder wrote"
        )
    return header


def _updates(model: Any, matrices: Mapping[str, Tensor], path: Path) -> list[tuple[Tensor, Tensor]]:
    """Each adapted weight (out, in) with its unscaled update; ModelError where one doesn't fit."""
    updates = []
    for name, down in matrices.items():
        if not name.endswith(_DOWN):
            continue
        layer = name.removesuffix(_DOWN)
        up, weight = (
            matrices.get(layer + _UP),
            dict(model.named_parameters()).get(layer + ".weight"),
        )
        if up is None or weight is None or weight.shape != (up.shape[0], down.shape[1]):
            raise ModelError(f"{path} does not fit the embedding model at {layer!r}; {_REMEDY}")
        updates.append((weight, up.float() @ down.float()))
    if not updates or 2 * len(updates) != len(matrices):
        raise ModelError(f"{path} holds matrices without their other half, or none; {_REMEDY}")
    return updates
