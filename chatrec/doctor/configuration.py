"""The settings: variables that mean nothing, and values that contradict each other."""

from __future__ import annotations

import os
from collections.abc import Mapping
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path

from chatrec.doctor.findings import Finding, from_error, ok, warning, wrong
from chatrec.errors import RequestError
from chatrec.serving.identity import is_loopback
from chatrec.settings import PREFIX, SETTINGS_DIR, Settings

API_KEY = f"{PREFIX}API_KEY"
# Read from the environment alone; all others are fields of Settings.
OTHERS = (f"{PREFIX}CACHE", API_KEY, SETTINGS_DIR)


def read_settings(data: Path | None) -> tuple[Settings | None, list[Finding]]:
    """The settings as everything else reads them, for the workspace ``data`` where one is given.

    None where they are refused.
    """
    unknown = unknown_variables(os.environ)
    try:
        settings = Settings() if data is None else Settings(data=data)
    except RequestError as error:
        return None, [*unknown, from_error("settings", error)]
    findings = [*unknown, *contradictions(settings, os.environ)]
    return settings, findings or [ok("settings", _said(settings))]


def unknown_variables(environment: Mapping[str, str]) -> list[Finding]:
    """The ``CHATREC_*`` variables that nothing reads, each with the name that it may have meant."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | set(OTHERS)
    findings = []
    for name in sorted(environment):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            near = get_close_matches(name.upper(), known, 1)
            todo = f"{near[0]} may be meant" if near else "unset it"
            findings.append(warning("settings", f"{name} is set, and nothing reads it", todo))
    return findings


def contradictions(settings: Settings, environment: Mapping[str, str]) -> list[Finding]:
    """Settings that can't both hold, have no effect, or are unsafe together."""
    return [
        *_of_the_decoder(settings, environment),
        *_of_reach(settings),
        *_of_databases(settings),
        *_of_limits(settings),
    ]


def _of_the_decoder(settings: Settings, environment: Mapping[str, str]) -> list[Finding]:
    findings = []
    model = settings.model or ""
    remote = model.startswith(("http://", "https://"))
    if remote and settings.adapter is not None:
        findings.append(
            wrong("settings", "adapter is set and model is a server", "load the adapter there")
        )
    if remote and settings.precision != "auto":
        findings.append(
            warning(
                "settings", f"precision {settings.precision} has no effect on a server", "unset it"
            )
        )
    if not remote and environment.get(API_KEY):
        findings.append(warning("settings", f"{API_KEY} is set and model is no server", "unset it"))
    host = model.partition("://")[2].partition("/")[0].rpartition("@")[2].rpartition(":")[0]
    if model.startswith("http://") and environment.get(API_KEY) and not is_loopback(host):
        findings.append(
            warning("settings", f"{API_KEY} goes to the decoder's server in the clear", "use https")
        )
    return findings


def _of_reach(settings: Settings) -> list[Finding]:
    findings = []
    open_to_others = not is_loopback(settings.host)
    if settings.allow_anyone and open_to_others:
        findings.append(
            warning("settings", "allow_anyone lets everybody in without a key", "make keys instead")
        )
    if open_to_others and not settings.allowed_hosts:
        findings.append(
            warning(
                "settings",
                f"host {settings.host} answers under any name",
                f"set {PREFIX}ALLOWED_HOSTS to the names it is called by",
            )
        )
    for name, listed, example in (
        ("allowed_hosts", [h for h in settings.allowed_hosts if "/" in h], "films.example"),
        ("image_hosts", [h for h in settings.image_hosts if "/" in h], "images.example"),
        (
            "cors_origins",
            [o for o in settings.cors_origins if "://" not in o],
            "https://shop.example",
        ),
    ):
        if listed:
            findings.append(
                wrong("settings", f"{name} has {listed[0]!r}", f"write it as {example}")
            )
    return findings


def _of_databases(settings: Settings) -> list[Finding]:
    findings = []
    if settings.vector_database is not None and find_spec("pgvector") is None:
        findings.append(
            wrong(
                "settings",
                "vector_database is set, and pgvector is not installed",
                "run `pip install 'chatrec[scale]'`",
            )
        )
    if settings.retention_days is None and not is_loopback(settings.host):
        findings.append(
            warning(
                "settings",
                "conversations of others are kept for ever",
                f"set {PREFIX}RETENTION_DAYS",
            )
        )
    return findings


def _of_limits(settings: Settings) -> list[Finding]:
    if settings.max_waiting_each > settings.max_waiting:
        return [
            warning(
                "settings",
                f"max_waiting_each is {settings.max_waiting_each} of {settings.max_waiting} in all",
                "lower it, or one owner can fill the line",
            )
        ]
    return []


def _said(settings: Settings) -> str:
    given = sorted(settings.model_fields_set)
    return f"{', '.join(given)} are set" if given else "all are the defaults"
