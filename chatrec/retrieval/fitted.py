"""What was learnt from a workspace's interactions, kept in its cache folder as safetensors.

Knows tensors and what they were made from; knows no model. A file belongs to one catalogue and
one set of interactions, whose checksums it carries: item_index means nothing without them. It
carries its own name and a checksum of its tensors too, which show damage and mix-ups; whoever can
rewrite the file can rewrite them, so only take workspaces from people you trust.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chatrec.data.sealed_arrays import read_sealed, seal
from chatrec.data.workspace import INTERACTIONS, Workspace, sha256_of
from chatrec.errors import DataError, RequestError

FOLDER = "fitted"
SHIPPED = (
    Path(__file__).resolve().parent.parent / "data" / "builtin" / FOLDER
)  # the built-in films'
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")

Tensors = Mapping[str, NDArray[Any]]


def save_fitted(
    workspace: Workspace, name: str, tensors: Tensors, facts: Mapping[str, Any] | None = None
) -> Path:
    """Write the tensors, with JSON-safe ``facts`` beside them, whole or not at all.

    They go to ``<cache_dir>/fitted/NAME.safetensors``, in place of what was there. RequestError
    for a name of other than lower-case letters, digits, "-" and "_".
    """
    from safetensors.numpy import save_file

    target = _path(workspace, name)
    (workspace.cache_dir / FOLDER).mkdir(exist_ok=True)
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    contiguous = {key: np.ascontiguousarray(tensor) for key, tensor in tensors.items()}
    said = json.dumps(dict(facts or {}), sort_keys=True)
    save_file(contiguous, part, seal(contiguous, key=data_key(workspace), name=name, facts=said))
    part.replace(target)
    return target


def load_fitted(
    workspace: Workspace, name: str
) -> tuple[dict[str, NDArray[Any]], dict[str, Any]] | None:
    """The tensors and facts saved under ``name``; None where nothing was.

    For the built-in films what comes with the project stands in where nothing was saved. DataError
    if they were learnt from another catalogue or other interactions, or are damaged.
    """
    path, remedy = fitted_path(workspace, name), "fit it again"
    if path is None:
        return None

    def belongs(metadata: Mapping[str, str]) -> bool:
        if metadata.get("key") != data_key(workspace):
            raise DataError(
                f"{path} was learnt from another catalogue or other interactions than "
                f"{workspace.path or 'the built-in films'} has now: {remedy}"
            )
        if metadata.get("name") != name:
            raise DataError(f"{path} holds what was fitted as {metadata.get('name')!r}: {remedy}")
        return True

    found = read_sealed(path, belongs, remedy=remedy)
    if found is None:
        return None
    tensors, metadata = found
    try:
        return tensors, dict(json.loads(metadata["facts"]))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise DataError(f"{path} is damaged ({error}): {remedy}") from error


def remove_fitted(workspace: Workspace, name: str) -> None:
    """Delete what was saved under ``name`` in the workspace, if anything was."""
    _path(workspace, name).unlink(missing_ok=True)


def fitted_path(workspace: Workspace, name: str) -> Path | None:
    """The file of what was saved under ``name``, the shipped one for the built-in films; or None.

    Nothing is read or made.
    """
    path = _path(workspace, name)
    if not path.is_file() and workspace.path is None:
        path = SHIPPED / path.name
    return path if path.is_file() else None


def _path(workspace: Workspace, name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise RequestError(
            f"{name!r} is no name for what was fitted; allowed are lower-case letters, digits, "
            "'-' and '_', such as 'ease'"
        )
    return workspace.cache_path / FOLDER / f"{name}.safetensors"


def data_key(workspace: Workspace) -> str:
    """What tells the workspace's data from others: sha256 over catalogue and interactions."""
    met = "none" if workspace.path is None else sha256_of(workspace.path / INTERACTIONS)
    return hashlib.sha256(f"{workspace.catalog.checksum} {met}".encode()).hexdigest()
