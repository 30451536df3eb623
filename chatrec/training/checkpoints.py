"""A training run's folder: its checkpoint, the parameters that validated best, and its log.

Knows named parameters, their AdamW optimiser and JSON values; knows nothing about what is trained.
Every file appears whole or not at all, so a run can be killed at any time. A file that is damaged
or another's is a DataError that names it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from chatrec.errors import DataError

CHECKPOINT, BEST, LOG = "checkpoint.safetensors", "best.safetensors", "log.jsonl"
_MOMENTS = ("step", "exp_avg", "exp_avg_sq")


class Checkpoints:
    """The folder ``run``, which is made, for ``named`` parameters and their optimiser.

    ``identity`` says what a checkpoint must share with a run that takes it up: options and data.
    """

    def __init__(
        self,
        run: Path,
        identity: str,
        named: Mapping[str, Tensor],
        optimiser: torch.optim.Optimizer,
    ) -> None:
        run.mkdir(parents=True, exist_ok=True)
        self.run = run
        self._identity, self._named, self._optimiser = identity, dict(named), optimiser

    def save(self, **progress: float) -> None:
        """Write parameters, optimiser state and how far training is, in place of the last one."""
        tensors = self._parameters()
        for name, parameter in self._named.items():
            for key, value in self._optimiser.state[parameter].items():
                tensors[f"optimiser.{key}.{name}"] = torch.as_tensor(value)
        metadata = {"identity": self._identity, "progress": json.dumps(progress)}
        _write(self.run / CHECKPOINT, tensors, metadata)

    def resume(self) -> dict[str, Any] | None:
        """Put the checkpoint's parameters and optimiser state in place, and give its progress.

        None, and nothing changed, where there is no checkpoint of this identity.
        """
        path = self.run / CHECKPOINT
        if not path.is_file():
            return None
        with _named_if_damaged(path):
            if _metadata(path).get("identity") != self._identity:
                return None
            progress = dict(json.loads(_metadata(path)["progress"]))
            tensors = _read(path)
            self._set(tensors)
            groups = self._optimiser.param_groups
            fused = {p for group in groups if group.get("fused") for p in group["params"]}
            for name, parameter in self._named.items():
                if f"optimiser.step.{name}" in tensors:
                    step, *moments = (tensors[f"optimiser.{key}.{name}"] for key in _MOMENTS)
                    if parameter in fused:  # which counts its steps where the parameters are
                        step = step.to(parameter.device)
                    placed = (step, *(moment.to(parameter.device) for moment in moments))
                    self._optimiser.state[parameter] = dict(zip(_MOMENTS, placed, strict=True))
        return progress

    def keep_best(self) -> None:
        """Write the parameters as they are now: none before validated better."""
        _write(self.run / BEST, self._parameters(), {})

    def take_best(self) -> None:
        """Put the parameters back to where they validated best."""
        path = self.run / BEST
        with _named_if_damaged(path):
            self._set(_read(path))

    def log(self, figures: Mapping[str, float]) -> None:
        """Add a line to ``log.jsonl``."""
        with (self.run / LOG).open("a", encoding="utf-8") as log:
            log.write(json.dumps(dict(figures)) + "\n")

    def _parameters(self) -> dict[str, Tensor]:
        return {name: parameter.detach() for name, parameter in self._named.items()}

    def _set(self, tensors: Mapping[str, Tensor]) -> None:
        with torch.no_grad():
            for name, parameter in self._named.items():
                parameter.copy_(tensors[name])


@contextmanager
def _named_if_damaged(path: Path) -> Iterator[None]:
    """DataError for a file that can't be read, or holds other tensors than are looked for."""
    try:
        yield
    except torch.OutOfMemoryError:
        raise
    except (SafetensorError, OSError, KeyError, ValueError, TypeError, RuntimeError) as error:
        line = (str(error).splitlines() or [""])[0]
        raise DataError(
            f"{path} is damaged or of another run ({type(error).__name__}: {line}); delete the "
            f"folder {path.parent} to begin that run anew"
        ) from error


def _write(path: Path, tensors: Mapping[str, Tensor], metadata: dict[str, str]) -> None:
    partial = path.with_suffix(".tmp")
    plain = {name: tensor.cpu().contiguous() for name, tensor in tensors.items()}
    save_file(plain, partial, metadata=metadata | {"checksum": _checksum(plain)})
    partial.replace(path)


def _metadata(path: Path) -> dict[str, str]:
    with safe_open(path, framework="pt") as stored:
        return dict(stored.metadata() or {})


def _read(path: Path) -> dict[str, Tensor]:
    """The file's tensors; ValueError where they aren't those that were written."""
    with safe_open(path, framework="pt") as stored:
        tensors = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118
    if _metadata(path).get("checksum") != _checksum(tensors):
        raise ValueError("its checksum differs")
    return tensors


def _checksum(tensors: Mapping[str, Tensor]) -> str:
    """SHA-256 over names and values, 64 hex digits; the header says shapes and types."""
    digest = hashlib.sha256()
    for name in sorted(tensors):
        digest.update(f"{name} {tuple(tensors[name].shape)} {tensors[name].dtype}\n".encode())
        digest.update(tensors[name].reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()
