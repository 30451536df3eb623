"""The adapter of an embedding model: a LoRA for its reading of wishes, as a folder of files.

``adapter_model.safetensors`` (float16; its header names base, revision, scale, and the kinds and
checksums of the catalogues that it learnt from), ``CARD.md`` and ``checksums.json``. Knows how it
is written, checked and merged; nothing about how it is trained.
The checksums show damage and careless edits; whoever can rewrite the folder can rewrite them too,
so only take adapters from people you trust.
"""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatrec.data.checksums import file_sha256, record_checksums, verify_checksums
from chatrec.data.whole_folder import whole_folder
from chatrec.errors import ModelError

if TYPE_CHECKING:
    from torch import Tensor

WEIGHTS, CARD = "adapter_model.safetensors", "CARD.md"
FILES = (WEIGHTS, CARD)
KIND = "chatrec encoder adapter 1"
_DOWN, _UP = ".lora_A.weight", ".lora_B.weight"
_FACTS = ("base", "revision", "scale", "domains", "catalogs")
_REMEDY = "copy the adapter again or tune it anew with `chatrec tune DIR --encoder`"


@dataclass(frozen=True, slots=True)
class EncoderAdapter:
    """A checked adapter: ``scale`` is what its update is multiplied with.

    ``domains`` and ``catalogs`` are the kinds and the checksums of what it learnt from.
    """

    folder: Path
    scale: float
    sha256: str
    domains: tuple[str, ...]
    catalogs: tuple[str, ...]

    @classmethod
    def open(cls, folder: Path, base: str, revision: str) -> EncoderAdapter:
        """The adapter in ``folder`` for the embedding model ``base`` at ``revision``.

        Raises ModelError that says which file is missing, truncated or changed, or which base the
        adapter was made for.
        """
        if not folder.is_dir():
            raise ModelError(
                f"embedding adapter {folder} is not a folder; give the folder that "
                "`chatrec tune DIR --encoder --to FOLDER` wrote"
            )
        verify_checksums(folder, FILES, remedy=_REMEDY)
        header = _header(folder / WEIGHTS)
        if (header["base"], header["revision"]) != (base, revision):
            raise ModelError(
                f"embedding adapter {folder} was made for {header['base']} ({header['revision']}), "
                f"not for {base} ({revision}); load that base or tune an adapter for this one"
            )
        try:
            scale = float(header["scale"])
            if not math.isfinite(scale):
                raise ValueError(f"its scale is {scale}")
            domains, catalogs = (tuple(json.loads(header[n])) for n in ("domains", "catalogs"))
        except (ValueError, TypeError, RecursionError) as error:
            raise ModelError(
                f"{folder / WEIGHTS}: its header is damaged ({error}); {_REMEDY}"
            ) from error
        return cls(folder, scale, file_sha256(folder / WEIGHTS)[:12], domains, catalogs)

    def merge_into(self, model: Any) -> None:
        """Add the update to the weights of a freshly loaded base, in place: W += scale * B @ A
        (Hu et al. 2021, arXiv 2106.09685). Raises ModelError, with ``model`` unchanged, where a
        matrix fits no layer.
        """
        import torch
        from safetensors.torch import load_file

        weights = self.folder / WEIGHTS
        with torch.no_grad():
            for weight, update in _updates(model, load_file(weights), weights):
                weight += self.scale * update


def write_encoder_adapter(
    folder: Path,
    matrices: Mapping[str, Tensor],
    *,
    base: str,
    revision: str,
    scale: float,
    domains: Sequence[str],
    catalogs: Sequence[str],
    card: str,
) -> None:
    """Write an adapter into ``folder``, in place of one that is there; whole or not at all.

    ``matrices`` are, for each layer by its name in the sentence-transformer, ``NAME.lora_A.weight``
    (r, in) and ``NAME.lora_B.weight`` (out, r).
    """
    import torch
    from safetensors.torch import save_file

    header = {
        "kind": KIND,
        "base": base,
        "revision": revision,
        "scale": repr(scale),
        "domains": json.dumps(list(domains)),
        "catalogs": json.dumps(list(catalogs)),
    }
    halves = {name: m.detach().to(torch.float16).contiguous() for name, m in matrices.items()}
    folder = folder.resolve()
    replaced = folder.with_name(f".{folder.name}.replaced")
    with whole_folder(folder) as part:
        save_file(halves, part / WEIGHTS, metadata=header)
        (part / CARD).write_text(card, encoding="utf-8")
        record_checksums(part, FILES)
        shutil.rmtree(replaced, ignore_errors=True)
        if folder.exists():
            folder.replace(replaced)
    shutil.rmtree(replaced, ignore_errors=True)


def _header(path: Path) -> dict[str, str]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as stored:
            header: dict[str, str] = stored.metadata() or {}
    except SafetensorError as error:
        raise ModelError(f"{path} is not a safetensors file: {error}; {_REMEDY}") from error
    if header.get("kind") != KIND or not set(_FACTS) <= set(header):
        raise ModelError(
            f"{path} is no adapter of an embedding model (its kind is {header.get('kind')!r}, not "
            f"{KIND!r}); give a folder that `chatrec tune DIR --encoder --to FOLDER` wrote"
        )
    return header


def _updates(model: Any, matrices: Mapping[str, Tensor], path: Path) -> list[tuple[Tensor, Tensor]]:
    """Each adapted weight (out, in) with its unscaled update; ModelError where one doesn't fit."""
    updates = []
    weights = dict(model.named_parameters())
    for name, down in matrices.items():
        if not name.endswith(_DOWN):
            continue
        layer = name.removesuffix(_DOWN)
        up, weight = matrices.get(layer + _UP), weights.get(layer + ".weight")
        if up is None or weight is None or not _fits(weight, up, down):
            raise ModelError(f"{path} does not fit the embedding model at {layer!r}; {_REMEDY}")
        updates.append((weight, up.float() @ down.float()))
    if not updates or 2 * len(updates) != len(matrices):
        raise ModelError(f"{path} holds matrices without their other half, or none; {_REMEDY}")
    return updates


def _fits(weight: Tensor, up: Tensor, down: Tensor) -> bool:
    """Whether ``up`` (out, r) and ``down`` (r, in) multiply to the weight's shape."""
    matrices = up.ndim == down.ndim == 2 and up.shape[1] == down.shape[0]
    return matrices and weight.shape == (up.shape[0], down.shape[1])
