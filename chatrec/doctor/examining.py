"""All checks, in the order of a report; each is done whatever the others found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from chatrec.assemble import adapter_folder
from chatrec.doctor.configuration import read_settings
from chatrec.doctor.findings import Finding
from chatrec.doctor.machine import check_machine
from chatrec.doctor.models import check_adapter_of, check_decoder, check_encoder, check_reading
from chatrec.doctor.packages import check_packages
from chatrec.doctor.storing import (
    check_database,
    check_fitted,
    check_vector_database,
    check_workspace,
)


def examined(folder: Path | None = None) -> Iterator[Finding]:
    """Every finding, as it is made; ``folder`` is the workspace, None the one that is set.

    Where the settings are refused, only what doesn't depend on them is looked at.
    """
    settings, found = read_settings(folder)
    yield from check_packages(settings)
    yield from found
    yield from check_machine(settings)
    if settings is None:
        return
    workspace, opened = check_workspace(settings.data)
    yield from check_decoder(settings)
    for adapter in (adapter_folder(settings), *settings.adapters):
        yield from check_adapter_of(settings, adapter)
    yield from check_reading(settings, workspace)
    yield from check_encoder(workspace, settings.encoder_adapter)
    yield from opened
    if workspace is not None:
        yield from check_fitted(workspace)
    yield from check_vector_database(settings)
    yield from check_database(settings)
