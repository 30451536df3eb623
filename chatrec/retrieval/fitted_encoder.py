"""Which encoder reads a workspace's wishes: the adapter asked for, its own, the shipped, or none.

Knows where a workspace keeps the adapter that was tuned for it; knows nothing about how that is
learnt (:mod:`chatrec.training.embedder`).
"""

from __future__ import annotations

from pathlib import Path

from chatrec.data.workspace import Workspace
from chatrec.errors import DataError
from chatrec.retrieval.encoder import TextEncoder
from chatrec.retrieval.fitted import FOLDER

NAME = "encoder"


def encoder_folder(workspace: Workspace) -> Path:
    """Where the workspace's own adapter is kept once it was tuned."""
    return workspace.cache_path / FOLDER / NAME


def workspace_encoder(
    workspace: Workspace, adapter: Path | None = None, shipped: Path | None = None
) -> TextEncoder:
    """The encoder for the workspace, with ``adapter`` where it is given.

    Else with its own, of which DataError if it was tuned for another catalogue; else with the
    ``shipped`` one where that learnt from this kind of catalogue. ModelError for a damaged one.
    """
    own = encoder_folder(workspace)
    if adapter is not None:
        return TextEncoder(adapter=adapter)
    if own.is_dir():
        encoder = TextEncoder(adapter=own)
        if encoder.adapter is not None and encoder.adapter.catalogs != (
            workspace.catalog.checksum,
        ):
            raise DataError(
                f"{own} was tuned for another catalogue than {workspace.path or 'the built-in'} "
                "has now: tune it again with `chatrec tune DIR --encoder`, or delete that folder"
            )
        return encoder
    if shipped is not None:
        encoder = TextEncoder(adapter=shipped)
        if encoder.adapter is not None and workspace.domain in encoder.adapter.domains:
            return encoder
    return TextEncoder()
