"""What the project promises around its code: README, prompts, adapter cards, size, light import."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from chatrec.cli import app
from chatrec.data.importing import import_workspace
from chatrec.data.workspace import Workspace
from chatrec.generation.adapter_files import ADAPTER_CONFIG, CARD, recorded_base
from chatrec.generation.item_head import HeadFacts
from chatrec.prompting import PROMPTS_DIR, domain_words, render
from chatrec.retrieval.encoder import DEFAULT_ENCODER
from chatrec.serving.schema import ChatBody, RecommendBody
from chatrec.settings import PROJECT_DIR
from chatrec.training.adapter import Card

README = (PROJECT_DIR / "README.md").read_text("utf-8")
MAX_TREE_BYTES = 60_000_000
TEMPLATE_VALUES: dict[str, object] = {
    "liked": ["Arrival", "Moon"],
    "wish": "something quieter",
    "candidates": [("A", "Alien (1979)"), ("B", "Solaris (1972)")],
    "title": "Solaris (1972)",
    "facts": ["directed by Andrei Tarkovsky", "theme: memory"],
    "start": "Andrei Tarkovsky",
}
CARD_VALUES: dict[str, object] = {
    "card": Card("toy", "tiny", "toy data", "ours", 1, "chatrec tune", "1 step", {"ndcg": "0.1"}),
    "facts": HeadFacts("tiny", "all-MiniLM-L6-v2", "0123", ("film",), 0.5, 0.5),
}


def blocks(language: str) -> list[str]:
    """README's code blocks of a language, continued lines joined."""
    found = re.findall(rf"^```{language}\n(.*?)^```", README, re.M | re.S)
    return [block.replace("\\\n", " ") for block in found]


def shell_lines(program: str) -> list[list[str]]:
    """README's commands that start with ``program``, each without it, split as a shell would."""
    lines = [line for block in blocks("bash") for line in block.splitlines()]
    split = [shlex.split(line, comments=" #" in line) for line in lines if line.strip()]
    return [words[1:] for words in split if words and words[0] == program]


CHATREC_LINES = shell_lines("chatrec")
CURL_LINES = shell_lines("curl")
TEMPLATES = sorted(
    str(path.relative_to(PROMPTS_DIR).with_suffix("")) for path in PROMPTS_DIR.rglob("*.jinja")
)
DOMAINS = sorted(path.stem for path in (PROMPTS_DIR / "domains").glob("*.jinja"))
CARDS = sorted((PROJECT_DIR / "adapters").glob(f"*/{CARD}"))


def test_readme_shows_commands_requests_and_python() -> None:
    assert len(CHATREC_LINES) >= 10
    assert len(CURL_LINES) >= 3
    assert len(blocks("python")) == 1


@pytest.mark.parametrize("words", CHATREC_LINES, ids=" ".join)
def test_readme_command_has_names_and_options_that_exist(words: list[str]) -> None:
    result = CliRunner().invoke(app, [*words, "--help"])
    assert result.exit_code == 0, result.output
    assert "Usage" in result.output


def test_command_with_an_unknown_option_would_be_noticed() -> None:
    result = CliRunner().invoke(app, ["recommend", "x", "--no-such-option", "--help"])
    assert result.exit_code == 2


@pytest.mark.parametrize("words", CURL_LINES, ids=lambda words: words[1])
def test_readme_request_is_accepted_by_the_schema(words: list[str]) -> None:
    body = json.loads(words[words.index("-d") + 1])
    url = next(word for word in words if word.startswith("http"))
    if url.endswith("/v1/recommend"):
        assert RecommendBody.model_validate(body).text
    else:
        assert url.endswith("/v1/chat/completions")
        assert ChatBody.model_validate(body).user_texts()


def test_readme_make_targets_exist() -> None:
    makefile = (PROJECT_DIR / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.M))
    named = {words[0] for words in shell_lines("make")}
    assert named == {"run", "test"}
    assert named | {"setup", "check", "test-long"} <= targets


def test_readme_links_lead_to_files() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in link]
    assert links
    missing = [link for link in links if not (PROJECT_DIR / link).exists()]
    assert not missing


@pytest.mark.slow
def test_readme_python_example_runs() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", blocks("python")[0]],
        cwd=PROJECT_DIR,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    lines = ran.stdout.splitlines()
    assert [line.split()[0] for line in lines[:3]] == ["1", "2", "3"]


def test_example_files_import_as_the_readme_says(tmp_path: Path) -> None:
    words = next(words for words in CHATREC_LINES if words[0] == "import")
    catalog, interactions = words[1], words[words.index("--interactions") + 1]
    import_workspace(
        PROJECT_DIR / catalog,
        PROJECT_DIR / interactions,
        tmp_path / "books",
        domain=words[words.index("--domain") + 1],
        progress=False,
    )
    workspace = Workspace.open(tmp_path / "books")
    assert len(workspace.catalog) == 24
    assert len(workspace.history("ben")) == 5
    assert workspace.catalog.get("b03").creators == ("Emily Brontë",)


def test_there_are_templates_and_domains() -> None:
    assert {"label", "rank_head", "rank_tail", "rationale", "domains/item"} <= set(TEMPLATES)


@pytest.mark.parametrize("part", ["system", "user"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_template_renders_with_the_known_variables(template: str, part: str) -> None:
    values = CARD_VALUES if template == "card" else TEMPLATE_VALUES
    text = render(template, part=part, **values, **domain_words("film"))
    assert text.strip()
    assert "{" not in text


@pytest.mark.parametrize("domain", DOMAINS)
def test_domain_has_the_words_of_item(domain: str) -> None:
    words = domain_words(domain)
    assert set(words) == set(domain_words("item"))
    assert all(words.values())


def test_there_is_an_adapter() -> None:
    assert CARDS


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.parent.name)
def test_adapter_card_names_base_data_and_terms(card: Path) -> None:
    text = card.read_text("utf-8")
    named = dict(re.findall(r"^- \*\*([^*]+):\*\* (.+)$", text, re.M))
    decoder = (card.parent / ADAPTER_CONFIG).is_file()
    base = recorded_base(card.parent) if decoder else DEFAULT_ENCODER
    assert base in named["Base"]
    assert named["Learnt from"].strip()
    assert named["Terms of that data"].strip()
    if "MovieLens" in named["Learnt from"]:
        assert "no commercial use" in named["Terms of that data"]


def test_importing_chatrec_loads_no_heavy_library() -> None:
    heavy = ("torch", "transformers", "gradio", "faiss", "sentence_transformers", "polars")
    code = f"import sys, chatrec; print([name for name in {heavy!r} if name in sys.modules])"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT_DIR, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"


def test_tracked_files_are_below_60_megabytes() -> None:
    if not (PROJECT_DIR / ".git").exists():
        pytest.skip("not a git checkout: there is no list of tracked files")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=PROJECT_DIR, capture_output=True, text=True, check=True
    )
    files = [PROJECT_DIR / name for name in listed.stdout.split("\0") if name]
    assert len(files) > 50
    assert sum(file.stat().st_size for file in files if file.is_file()) < MAX_TREE_BYTES
