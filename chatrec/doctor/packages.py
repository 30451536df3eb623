"""Python and the installed packages, against ``pyproject.toml`` and ``constraints.txt``.

Reads what is written about packages; imports none of them.
"""

from __future__ import annotations

import platform
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from chatrec.doctor.findings import Finding, ok, warning, wrong
from chatrec.settings import PROJECT_DIR, Settings

AGAIN = "run `make setup`"
NAMED = 3  # packages that a line names
# Extras that a set-up has, and what goes without them.
USUAL = {"models": "the default models", "serve": "the page and the API", "quant": "4-bit weights"}


def check_packages(settings: Settings | None, project: Path = PROJECT_DIR) -> list[Finding]:
    """Python's version, the packages that are needed, and whether they were tested together."""
    file = project / "pyproject.toml"
    if not file.is_file():
        return [wrong("packages", f"{file} is missing", "run chatrec from its checkout")]
    about = tomllib.loads(file.read_text("utf-8"))["project"]
    groups = {"": about["dependencies"]} | _wanted_extras(settings, about["optional-dependencies"])
    findings = [_python(about["requires-python"])]
    for extra, listed in groups.items():
        findings += _faults(extra, [Requirement(line) for line in listed])
    if len(findings) == 1:
        findings.append(ok("packages", f"{sum(map(len, groups.values()))} are as pyproject needs"))
    return findings + _untested(project / "constraints.txt", groups.values())


def _python(needed: str) -> Finding:
    found = platform.python_version()
    if SpecifierSet(needed).contains(found, prereleases=True):
        return ok("python", f"{found} ({platform.machine()})")
    return wrong("python", f"{found}, but {needed} is needed", "run `make PYTHON=... setup`")


def _wanted_extras(
    settings: Settings | None, extras: Mapping[str, list[str]]
) -> dict[str, list[str]]:
    wanted = list(USUAL)
    if settings is not None:
        wanted += ["postgres"] if "postgres" in settings.database_address()[:10] else []
        wanted += [] if settings.vector_database is None else ["scale"]
    return {name: extras[name] for name in wanted}


def _faults(extra: str, requirements: Sequence[Requirement]) -> list[Finding]:
    """The packages of one group that are missing or of another version."""
    findings = []
    for requirement in requirements:
        found = _installed(requirement.name)
        if found is not None and requirement.specifier.contains(found, prereleases=True):
            continue
        state = "is not installed" if found is None else f"is {found}"
        text = f"{requirement.name} {state}, {requirement.specifier or 'any version'} is needed"
        if extra in USUAL:
            findings.append(warning("packages", f"{text} for {USUAL[extra]}", AGAIN))
        else:
            todo = f"run `pip install 'chatrec[{extra}]'`" if extra else AGAIN
            findings.append(wrong("packages", text, todo))
    return findings


def _untested(constraints: Path, groups: Iterable[Sequence[str]]) -> list[Finding]:
    """A warning where installed versions aren't those that were tested together."""
    if not constraints.is_file():
        return [warning("packages", f"{constraints} is missing", "take it from the checkout")]
    lines = constraints.read_text("utf-8").splitlines()
    pins = {
        canonicalize_name(name): pin
        for name, _, pin in (line.partition("==") for line in lines)
        if pin
    }
    differing = []
    for name in (Requirement(line).name for group in groups for line in group):
        found, pinned = _installed(name), pins.get(canonicalize_name(name))
        if found is not None and pinned is not None and found.partition("+")[0] != pinned:
            differing.append(f"{name} {found} instead of {pinned}")
    if not differing:
        return []
    more = f" and {len(differing) - NAMED} more" if len(differing) > NAMED else ""
    return [
        warning("packages", f"not as tested: {', '.join(differing[:NAMED])}{more}", AGAIN),
    ]


def _installed(name: str) -> str | None:
    try:
        found: Any = version(name)
    except PackageNotFoundError:
        return None
    return str(found)
