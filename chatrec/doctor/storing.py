"""The workspace with what was fitted for it, and the database: whole, and of one another.

Nothing is made: a database that isn't there yet stays away.
"""

from __future__ import annotations

from pathlib import Path

from chatrec.data.workspace import Workspace
from chatrec.doctor.findings import Finding, from_error, ok, warning, wrong
from chatrec.doctor.machine import check_disk
from chatrec.errors import DataError, ModelError, RequestError, StorageError
from chatrec.retrieval.choice_order import ChoiceOrder
from chatrec.retrieval.dense import TextEncoder, kept_vectors
from chatrec.retrieval.fitted import fitted_path, load_fitted
from chatrec.retrieval.fitted_branches import FUSION, MODELS
from chatrec.serving.identity import is_loopback
from chatrec.settings import Settings
from chatrec.storage.examination import Examination, examine

FITTED = (*MODELS, FUSION, ChoiceOrder.name)


def check_workspace(folder: Path | None) -> tuple[Workspace | None, list[Finding]]:
    """The workspace, its checksums and its tables; None where it can't be opened."""
    try:
        workspace = Workspace.builtin() if folder is None else Workspace.open(folder)
        histories, _ = workspace.histories, workspace.report
    except (DataError, OSError) as error:
        return None, [from_error("workspace", error)]
    where = "the built-in films" if folder is None else str(folder)
    text = f"{where}: {len(workspace.catalog):,} items of the kind {workspace.domain!r}"
    return workspace, [ok("workspace", f"{text}, {len(histories.items):,} interactions")]


def check_fitted(workspace: Workspace) -> list[Finding]:
    """What was computed for the workspace and is kept in its cache folder."""
    findings = [_vectors(workspace)]
    for name in FITTED:
        if fitted_path(workspace, name) is not None:
            try:
                load_fitted(workspace, name)
            except DataError as error:
                findings.append(from_error("fitted", error))
            else:
                findings.append(ok("fitted", f"{name} is whole and of this workspace"))
    if len(findings) == 1 and len(workspace.histories.items):
        findings.append(
            warning(
                "fitted",
                "nothing was learnt from the workspace's interactions",
                "run `chatrec tune DIR --retriever`",
            )
        )
    return findings


def check_database(settings: Settings) -> list[Finding]:
    """The database for conversations, feedback and keys: reachable, whole, of this version."""
    address = settings.database_address()
    try:
        found = examine(address)
    except (DataError, StorageError) as error:
        return [from_error("database", error)]
    findings = [_state_of(found)]
    if found.kind == "sqlite":
        findings.append(check_disk("database", Path(found.where).parent))
    findings += [
        wrong("database", problem, "restore it from a backup") for problem in found.problems
    ]
    findings += [warning("database", risk, "see docs/storage.md") for risk in found.risks]
    return [*findings, *_keys(found, settings)]


def check_vector_database(settings: Settings) -> list[Finding]:
    """The PostgreSQL that holds the vectors, where one is set: reachable, with pgvector."""
    if settings.vector_database is None:
        return []
    from chatrec.retrieval.pgvector_index import server_version

    try:
        found = server_version(settings.vector_database)
    except (DataError, RequestError) as error:
        return [from_error("vectors", error)]
    return [ok("vectors", f"PostgreSQL answers, with pgvector {found}")]


def _vectors(workspace: Workspace) -> Finding:
    anew = "they are computed at the next start"
    try:
        kept = kept_vectors(workspace, TextEncoder().revision)
    except (DataError, ModelError) as error:
        return warning("vectors", str(error), anew)
    if kept is None:
        count = len(workspace.catalog)
        return ok("vectors", f"those of the {count:,} items aren't kept yet; {anew}")
    return ok("vectors", f"{len(kept):,} of {kept.shape[1]} numbers are whole")


def _state_of(found: Examination) -> Finding:
    if not found.exists:
        return ok("database", f"{found.where} isn't there yet; it is made at the first start")
    if found.revision is None:
        return ok("database", f"{found.where} has no tables yet; they are made at the next start")
    if found.revision not in found.known:
        return wrong(
            "database",
            f"{found.where} was made by another version of chatrec (revision {found.revision})",
            "update chatrec, or give another database",
        )
    if found.revision != found.known[-1]:
        return warning(
            "database",
            f"{found.where} is of revision {found.revision}; {found.known[-1]} is the newest",
            "back it up: the next start brings it up to date",
        )
    if found.problems:
        return warning("database", f"{found.where} ({found.kind}) answers", "see what follows")
    return ok("database", f"{found.where} ({found.kind}) is whole, revision {found.revision}")


def _keys(found: Examination, settings: Settings) -> list[Finding]:
    if is_loopback(settings.host) or settings.allow_anyone:
        return []
    if not found.active_keys:
        return [
            wrong(
                "keys",
                f"host {settings.host} can be reached by others, and there is no API key",
                "make one with `chatrec keys create OWNER`",
            )
        ]
    return [ok("keys", f"{found.active_keys} in force")]
