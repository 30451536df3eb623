"""A training run's folder: its checkpoint, the parameters that validated best, and its log.

Knows named parameters, their AdamW optimiser and JSON values; knows nothing about what is trained.
Every file appears whole or not at all, so a run can be killed at any time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

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
        with safe_open(path, framework="pt") as stored:
            metadata = stored.metadata() or {}
        if metadata.get("identity") != self._identity:
            return None
        tensors = load_file(path)
        self._set(tensors)
        for name, parameter in self._named.items():
            if f"optimiser.step.{name}" in tensors:
                step, *moments = (tensors[f"optimiser.{key}.{name}"] for key in _MOMENTS)
                placed = [moment.to(parameter.device) for moment in moments]
                self._optimiser.state[parameter] = dict(zip(_MOMENTS, (step, *placed), strict=True))
        return dict(json.loads(metadata["progress"]))

    def keep_best(self) -> None:
        """Write the parameters as they are now: none before validated better."""
        _write(self.run / BEST, self._parameters(), {})

    def take_best(self) -> None:
        """Put the parameters back to where they validated best."""
        self._set(load_file(self.run / BEST))

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


def _write(path: Path, tensors: Mapping[str, Tensor], metadata: dict[str, str]) -> None:
    partial = path.with_suffix(".tmp")
    save_file({n: t.contiguous() for n, t in tensors.items()}, partial, metadata=metadata)
    partial.replace(path)
