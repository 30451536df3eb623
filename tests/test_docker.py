"""Dockerfile, compose files and docs/operations.md name nothing that isn't there.

No container is built here: the files are read, linted, and compared with the project.
"""

from __future__ import annotations

import fnmatch
import json
import re
import shlex
import subprocess
import sysconfig
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from packaging.specifiers import SpecifierSet
from typer.testing import CliRunner

from chatrec.cli import app
from chatrec.doctor.configuration import contradictions, unknown_variables
from chatrec.serving.identity import OPEN_PATHS
from chatrec.settings import PROJECT_DIR, Settings

PROJECT = tomllib.loads((PROJECT_DIR / "pyproject.toml").read_text("utf-8"))
OPERATIONS = (PROJECT_DIR / "docs" / "operations.md").read_text("utf-8")
SECRET = re.compile(r"chatrec_[0-9a-f]{12}_|(?i:password|token|secret|api_?key)\s*[=:]\s*\S")
NOT_SECRET = re.compile(r"_FILE: /run/secrets/|^secrets: \[|secrets/|\(cat |^secrets:$")
PROGRAMS = Path(sysconfig.get_path("scripts"))


class Instruction(NamedTuple):
    stage: str
    word: str
    text: str


def instructions() -> Iterator[Instruction]:
    """The Dockerfile's instructions with continued lines joined, each with its stage's name."""
    text = re.sub(r"^\s*#.*\n", "", (PROJECT_DIR / "Dockerfile").read_text("utf-8"), flags=re.M)
    stage = ""
    for line in text.replace("\\\n", " ").splitlines():
        if line.strip():
            word, _, rest = line.partition(" ")
            stage = rest.split()[-1] if word == "FROM" else stage
            yield Instruction(stage, word, " ".join(rest.split()))


DOCKER = tuple(instructions())
COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT_DIR / "compose.yaml").read_text("utf-8"))
CUDA: dict[str, Any] = yaml.safe_load((PROJECT_DIR / "compose.cuda.yaml").read_text("utf-8"))
CHATREC: dict[str, Any] = COMPOSE["services"]["chatrec"]
DB: dict[str, Any] = COMPOSE["services"]["db"]
STAGES = [step.stage for step in DOCKER if step.word == "FROM"]


def of(word: str) -> list[str]:
    return [step.text for step in DOCKER if step.word == word]


def variables() -> dict[str, str]:
    """What the image sets, and over it what compose does, with compose's own defaults filled in."""
    set_there = {
        name: value
        for line in of("ENV")
        for name, value in (pair.partition("=")[::2] for pair in shlex.split(line))
    }
    filled = {
        name: re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", str(value))
        for name, value in CHATREC["environment"].items()
    }
    return set_there | filled


def ignored(path: str) -> bool:
    """Whether .dockerignore leaves the path out; its last pattern that fits decides."""
    out = False
    for line in (PROJECT_DIR / ".dockerignore").read_text("utf-8").splitlines():
        pattern = line.strip().removeprefix("!").removeprefix("**/")
        if not pattern or pattern.startswith("#"):
            continue
        parts = Path(path).parts
        heads = ["/".join(parts[: n + 1]) for n in range(len(parts))]
        names = parts if line.startswith("**/") else heads
        if any(fnmatch.fnmatch(name, pattern) for name in names):
            out = not line.startswith("!")
    return out


@pytest.mark.parametrize(
    ("program", "file"),
    [("hadolint", "Dockerfile"), ("compose-lint", "compose.yaml")],
)
def test_a_linter_finds_nothing(program: str, file: str) -> None:
    ran = subprocess.run(
        [PROGRAMS / program, file], cwd=PROJECT_DIR, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_what_is_copied_is_there_and_reaches_the_build() -> None:
    copied = [line.split() for line in of("COPY") if "--from" not in line]
    sources = [source for *found, _ in copied for source in found]
    assert {"chatrec", "prompts", "adapters", "constraints.txt"} <= set(sources)
    assert [source for source in sources if not (PROJECT_DIR / source).exists()] == []
    assert [source for source in sources if ignored(source)] == []


def test_the_image_has_what_the_code_reads_beside_the_package() -> None:
    copied = {word for line in of("COPY") for word in line.split()}
    assert {"prompts", "adapters", "pyproject.toml", "constraints.txt"} <= copied


@pytest.mark.parametrize(
    "path",
    ["secrets/chatrec_database", ".git/config", ".venv/bin/python", "workspaces/a", "runs/x",
     "chatrec.toml", "tests/test_docker.py", "chatrec/__pycache__/cli.pyc", ".env"],
)  # fmt: skip
def test_what_is_nobodys_business_stays_out_of_the_build(path: str) -> None:
    assert ignored(path)


def test_a_change_of_the_code_installs_nothing_anew() -> None:
    at = next(n for n, step in enumerate(DOCKER) if "make " in step.text and step.word == "RUN")
    assert not any(s.word == "COPY" and s.text.startswith("chatrec ") for s in DOCKER[:at])


def test_make_targets_exist() -> None:
    targets = [t for line in of("RUN") for t in re.findall(r"(?:^|&& )make (\S+)", line)]
    assert targets == [".venv/.installed"]
    for target in targets:
        ran = subprocess.run(
            ["make", "--dry-run", target], cwd=PROJECT_DIR, capture_output=True, check=False
        )
        assert ran.returncode == 0, ran.stderr


def test_packages_are_installed_from_the_projects_own_pins() -> None:
    installs = [line for line in of("RUN") if "pip install" in line]
    assert installs
    assert all("-c constraints.txt" in line for line in installs)
    extras = {
        e for line in installs for found in re.findall(r"\[(.*?)\]", line) for e in found.split(",")
    }
    assert extras == {"postgres", "scale"}
    assert extras <= set(PROJECT["project"]["optional-dependencies"])


def test_every_stage_has_one_python_that_the_project_takes() -> None:
    (version,) = (text.partition("=")[2] for text in of("ARG") if text.startswith("PYTHON="))
    assert SpecifierSet(PROJECT["project"]["requires-python"]).contains(f"{version}.0")
    assert version == PROJECT["tool"]["mypy"]["python_version"]
    bases = [text.split()[0] for text in of("FROM")]
    assert all("${PYTHON}" in base or base in STAGES for base in bases)


def test_images_name_a_version() -> None:
    tags = [DB["image"], *(t.split()[0] for t in of("FROM") if t.split()[0] not in STAGES)]
    assert all(re.search(r":[\d$]", tag) for tag in tags)


def test_variables_are_settings_and_their_values_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    found = variables()
    assert not unknown_variables(found)
    for name, value in found.items():
        if name.startswith("CHATREC_") and not name.endswith(("_CACHE", "_DIR")):
            monkeypatch.setenv(name, value)
    settings = Settings()
    assert not contradictions(settings, {})
    assert settings.host == "0.0.0.0"
    assert {"localhost", "127.0.0.1"} <= set(settings.allowed_hosts)


def test_a_secret_is_named_after_a_setting() -> None:
    assert CHATREC["environment"]["CHATREC_SETTINGS_DIR"] == "/run/secrets"
    assert [name.removeprefix("chatrec_") for name in CHATREC["secrets"]] == ["database"]
    assert "database" in Settings.model_fields
    assert DB["environment"]["POSTGRES_PASSWORD_FILE"] == f"/run/secrets/{DB['secrets'][0]}"
    files = {name: Path(found["file"]) for name, found in COMPOSE["secrets"].items()}
    assert set(files) == {*CHATREC["secrets"], *DB["secrets"]}
    for name, path in files.items():
        assert path.name == name
        assert "secrets/" in (PROJECT_DIR / ".gitignore").read_text("utf-8").splitlines()


def test_the_port_is_one_everywhere() -> None:
    port = variables()["CHATREC_PORT"]
    assert of("EXPOSE") == [port]
    assert CHATREC["ports"] == [f"127.0.0.1:{port}:{port}"]
    for text in (of("HEALTHCHECK")[0], str(CHATREC["healthcheck"]["test"])):
        assert f"http://127.0.0.1:{port}/" in text


def test_health_is_asked_alike_at_a_route_that_needs_no_key() -> None:
    (check,) = of("HEALTHCHECK")
    command = json.loads(check.partition("CMD ")[2])
    assert ["CMD", *command] == CHATREC["healthcheck"]["test"]
    (route,) = re.findall(r":\d+(/\w+)'", command[-1])
    assert route in OPEN_PATHS
    compile(command[-1], "HEALTHCHECK", "exec")
    for name in ("interval", "timeout", "retries"):
        assert f"--{name}={CHATREC['healthcheck'][name]}" in check


def test_commands_exist() -> None:
    (entry,) = (json.loads(text) for text in of("ENTRYPOINT"))
    (default,) = (json.loads(text) for text in of("CMD"))
    assert entry == ["chatrec"]
    assert entry[0] in PROJECT["project"]["scripts"]
    run = [shlex.split(line)[1:] for line in of("RUN") if line.startswith("chatrec ")]
    assert run == [["prepare"]]
    for words in (default, *run):
        assert CliRunner().invoke(app, [*words, "--help"]).exit_code == 0


def test_nobody_is_root() -> None:
    last = max(n for n, step in enumerate(DOCKER) if step.word == "USER")
    user = DOCKER[last].text
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)
    assert DOCKER[last].stage == "prepared"
    assert f"--uid {user.split(':')[0]} " in " ".join(of("RUN"))
    assert CHATREC["user"] == user
    assert DB["user"] == "postgres"
    for service in COMPOSE["services"].values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert "privileged" not in service


def test_what_is_written_lies_on_volumes() -> None:
    (listed,) = (json.loads(text) for text in of("VOLUME"))
    mounts = dict(mount.split(":")[:2] for mount in CHATREC["volumes"])
    assert set(mounts.values()) == set(listed)
    assert set(mounts) <= set(COMPOSE["volumes"])
    found = variables()
    for name in ("CHATREC_CACHE", "XDG_STATE_HOME", "HOME"):
        assert any(found[name].startswith(place) for place in listed)
        assert found[name] in " ".join(of("RUN"))
    assert "/tmp" in CHATREC["tmpfs"]


def test_compose_builds_targets_that_there_are_and_waits_for_the_database() -> None:
    assert STAGES[-1] == CHATREC["build"]["target"] == "cpu"
    other = CUDA["services"]["chatrec"]
    assert other["build"]["target"] in STAGES
    assert set(CUDA["services"]) <= set(COMPOSE["services"])
    assert set(CHATREC["build"]["args"]) <= {text.split("=")[0] for text in of("ARG")}
    assert CHATREC["depends_on"]["db"]["condition"] == "service_healthy"
    assert DB["healthcheck"]["test"][1] == "pg_isready"
    assert not DB.get("ports")


def test_a_stop_leaves_time_to_drain() -> None:
    drain_s = float(variables()["CHATREC_DRAIN_S"])
    assert int(CHATREC["stop_grace_period"].removesuffix("s")) > drain_s
    assert of("STOPSIGNAL") == ["SIGTERM"]


@pytest.mark.parametrize("name", ["Dockerfile", "compose.yaml", "compose.cuda.yaml"])
def test_no_secret_stands_in_a_file(name: str) -> None:
    lines = (PROJECT_DIR / name).read_text("utf-8").splitlines()
    said = [line.strip() for line in lines if not line.lstrip().startswith("#")]
    assert [line for line in said if SECRET.search(line) and not NOT_SECRET.search(line)] == []


def test_a_planted_secret_would_be_noticed() -> None:
    for line in ("ENV API_KEY=abc", "POSTGRES_PASSWORD: hunter2", "x=chatrec_0123456789ab_zz"):
        assert SECRET.search(line)
        assert not NOT_SECRET.search(line)


def shell_lines() -> list[list[str]]:
    """The commands in docs/operations.md, split as a shell would."""
    blocks = re.findall(r"^```bash\n(.*?)^```", OPERATIONS, re.M | re.S)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    return [shlex.split(line, comments=True) for line in lines if line.strip()]


def chatrec_words() -> list[list[str]]:
    """What follows ``chatrec`` in them, as a command or as compose's service."""
    found = []
    for words in shell_lines():
        if words and words[0] == "chatrec":
            found.append(words[1:])
        elif words[:3] == ["docker", "compose", "run"] and "chatrec" in words:
            found.append(words[words.index("chatrec") + 1 :])
    return found


@pytest.mark.parametrize("words", chatrec_words(), ids=" ".join)
def test_a_command_in_the_guide_exists(words: list[str]) -> None:
    result = CliRunner().invoke(app, [*words, "--help"])
    assert result.exit_code == 0, result.output


def test_the_guide_has_commands_services_files_and_figures_that_exist() -> None:
    assert len(chatrec_words()) >= 5
    for words in shell_lines():
        if words[:2] == ["docker", "compose"]:
            assert {"db", "chatrec"} & set(words) or words[2] not in ("run", "exec", "logs")
            files = [words[n + 1] for n, word in enumerate(words) if word == "--file"]
            assert all((PROJECT_DIR / file).is_file() for file in files)
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", OPERATIONS) if "://" not in link]
    assert all((PROJECT_DIR / "docs" / link).exists() for link in links)
