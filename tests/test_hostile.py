"""Text that users and catalogues write, planted in every place that it can come from.

Each of PLANTED goes through each way out: page, terminal, HTTP, logs, prompts, search, exports.
Nothing of it may act there; it may be shown as the text it is.
"""

from __future__ import annotations

import ast
import contextlib
import csv
import io
import json
import logging
import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from chatrec import cli
from chatrec.conversation.filters import Filter
from chatrec.conversation.profile import Belief, beliefs, reword
from chatrec.conversation.sessions import NEW, Exchange, SessionEntry, Shown
from chatrec.conversation.state import DialogueState
from chatrec.conversation.warm_start import history_in, report
from chatrec.data.printable import json_line, written_out
from chatrec.data.titles import TitleIndex
from chatrec.data.workspace import Workspace
from chatrec.errors import DataError, RequestError
from chatrec.generation.chat import ChatFormat
from chatrec.generation.phrasing import rationale_prompt
from chatrec.generation.ranker import label_prompt
from chatrec.options import tell
from chatrec.prompting import Shown as Met
from chatrec.prompting import ranking_prompt
from chatrec.retrieval.fitted import save_fitted
from chatrec.retrieval.lexical import LexicalRetriever
from chatrec.serving import completions
from chatrec.serving.cards import TurnView, filter_bar, thread
from chatrec.serving.conversation_list import ListView, Shared, conversation_list
from chatrec.serving.logs import JsonLines, PlainLines
from chatrec.serving.panel import PanelView, panel
from chatrec.serving.schema import reply_json
from chatrec.serving.sharing import as_plain_text
from chatrec.serving.welcome import Welcome
from chatrec.storage import open_storage
from chatrec.storage.feedback import FeedbackEvent
from chatrec.storage.feedback_csv import feedback_csv
from chatrec.types import Constraints, Evidence, Query
from tests.generation.tiny_decoders import FAMILIES, tiny_model
from tests.planted import PLANTED, STEERING, answered, catalogue, each, everything, hostile


class Tags(HTMLParser):
    """Collects the tags and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


@each
def test_nothing_of_it_is_markup_on_the_page(text: str) -> None:
    reply = answered(text)
    entry = SessionEntry(text, text, datetime.now(UTC), datetime.now(UTC), 1)
    told = [Belief("wish", text, "now", text, text)]
    pages = (
        thread([TurnView(text, reply), TurnView(text, error=text)], Welcome("films", 5, (text,))),
        filter_bar([Filter(text, text, text)], again=text),
        panel(PanelView((*told, *beliefs(reply.state, catalogue(text))), note=text)),
        conversation_list(ListView((entry,), note=text, shared=Shared(text, text, text))),
    )
    for page in pages:
        found = Tags()
        found.feed(page)
        assert not found.tags & {"script", "img", "iframe", "a", "object", "style", "link", "base"}
        assert not [name for name, _ in found.attributes if name.startswith("on")]
        assert not [value for name, value in found.attributes if name in ("href", "src", "action")]
        assert STEERING.search(page) is None


@each
def test_nothing_of_it_steers_a_terminal(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    reply = answered(text)
    lines = cli._lines(reply)
    tell("\n".join(lines))
    tell(text, err=True)
    out, err = capsys.readouterr()
    for said in (out, err):
        assert STEERING.search(said.replace("\n", "").replace("\t", "")) is None
    listed = [line for line in lines if re.match(r"\d+\. ", line)]
    assert len(listed) == len(reply.recommendations)
    assert not any(
        "\n" in line for line in listed
    )  # a title begins no line that looks like another


@each
def test_an_error_that_quotes_it_is_one_line(
    text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        sys, "argv", ["chatrec", "import", text.replace("\0", "") or "x", "--to", "/"]
    )
    with pytest.raises(SystemExit):
        cli.main()
    said = capsys.readouterr().err.removesuffix("\n")
    assert STEERING.search(said.replace("\n", "").replace("\t", "")) is None


@each
def test_json_of_it_is_the_same_text_and_steers_nothing(text: str) -> None:
    line = json_line({"title": text})
    assert json.loads(line) == {"title": text}
    assert STEERING.search(line) is None


@each
def test_an_event_of_a_stream_stays_one_event(text: str) -> None:
    event = completions._event({"id": text}, {"content": text})
    assert event.splitlines() == [event.removesuffix("\n\n"), ""]
    assert json.loads(event.removeprefix("data: "))["choices"][0]["delta"] == {"content": text}
    reply = reply_json(answered(text))
    assert json.loads(json.dumps(reply)) == reply


@each
def test_a_log_line_of_it_is_one_line(text: str) -> None:
    record = logging.LogRecord(
        "chatrec", logging.WARNING, "", 0, text.replace("%", "%%"), None, None
    )
    plain, structured = PlainLines().format(record), JsonLines().format(record)
    assert STEERING.search(plain) is None
    assert "\n" not in plain + structured
    assert structured.isascii()


@pytest.fixture(scope="module")
def formats() -> dict[str, tuple[Any, ChatFormat]]:
    found = {family: tiny_model(family)[1] for family in FAMILIES}
    return {family: (tokenizer, ChatFormat(tokenizer)) for family, tokenizer in found.items()}


@each
@pytest.mark.parametrize("family", FAMILIES)
def test_nothing_of_it_is_a_control_token_in_a_prompt(
    text: str, family: str, formats: dict[str, tuple[Any, ChatFormat]]
) -> None:
    tokenizer, chat = formats[family]
    films = catalogue(text)
    item, query = films.items[0], Query(text=text, liked=(films.items[0].item_id,))
    facts = [Evidence("keyword", text, text), Evidence("description", item.description, "x")]

    def controls(ids: list[int]) -> int:
        return sum(token in tokenizer.added_tokens_decoder for token in ids)

    for hostile_prompt, calm_prompt in (
        (
            rationale_prompt(item, facts, "film"),
            rationale_prompt(films.items[1], [Evidence("keyword", "calm", "x")], "film"),
        ),
        (
            label_prompt(query, films, [item]),
            label_prompt(Query(text="calm", liked=("c1",)), films, [films.items[1]]),
        ),
    ):
        assert controls(chat.encode(hostile_prompt)) == controls(chat.encode(calm_prompt))
    examples = [([item], item)]
    prompt = ranking_prompt(
        "film", [Met(item)], wish=text, examples=examples, count_tokens=len, budget=4000
    )
    assert controls(list(tokenizer.encode(prompt.text, add_special_tokens=False))) == 0
    assert all(line.count("\n") == 1 for line in prompt.lines)  # a line stays one item


def test_a_template_in_a_text_is_text_in_a_prompt() -> None:
    text = PLANTED["template"]
    prompt = rationale_prompt(hostile(text), [Evidence("keyword", text, "x")], "film")
    assert "{{ 7 * 7 }}" in prompt[-1].content
    assert "49" not in prompt[-1].content


@each
def test_a_decoder_that_repeats_it_is_not_shown(text: str) -> None:
    recommender = everything(text)
    reply = recommender.respond("a drama by the sea", recommender.start())
    item = recommender.catalog.items[0]
    facts = (Evidence("genre", "Drama", "catalogue"), Evidence("keyword", "sea", "catalogue"))
    [reason] = recommender.writer.write([(item, facts)])
    assert reason.by == "template"
    assert all(r.rationale_by == "template" for r in reply.recommendations)


@each
def test_search_takes_it_for_words(text: str) -> None:
    films = catalogue(text)
    lexical = LexicalRetriever(films)
    lexical.retrieve(Query(text=text), 5)
    lexical.retrieve(Query(near=(films.items[0].item_id,)), 5)
    for word in text.split():
        lexical.weights(re.sub(r"\W", "", word) or "x")
    assert len(lexical.retrieve(Query(text="calm sea"), 5)) >= 4  # nothing was dropped
    TitleIndex(films).find(text)


@each
def test_a_database_keeps_it_as_it_is_or_refuses_it(text: str, tmp_path: Path) -> None:
    storage = open_storage(tmp_path / "chatrec.db")
    sessions, state = storage.sessions, DialogueState().with_user_turn(text)
    shown = Shown(text, text, 1, 1.0, text, "template", (Evidence("keyword", text, text),))
    exchange = Exchange(text, text, "fusion", shown=(shown,))
    sessions.put("ann", "s1", state, version=NEW, exchange=exchange)
    kept, said = sessions.get("ann", "s1"), sessions.exchanges("ann", "s1")[0].said
    assert kept is not None
    assert kept.state.turns[0].text in (text, text.replace("\0", "�").replace("\ud800", "�"))
    assert said in (text, text.replace("\0", "�").replace("\ud800", "�"))
    plain = text.encode("utf-8", "replace").decode()  # as ids come over HTTP
    for act in (
        lambda: sessions.put(text, text, DialogueState(), version=NEW),
        lambda: sessions.rename("ann", "s1", text),
        lambda: sessions.get("ann", plain),
        lambda: sessions.delete("ann", plain),
        lambda: storage.export_of(plain),
    ):
        with contextlib.suppress(RequestError):  # an id or title that is none
            act()
    assert [entry.session_id for entry in sessions.entries("ann", 9)] == ["s1"]
    storage.close()


@each
def test_a_spreadsheet_shows_it(text: str) -> None:
    event = FeedbackEvent(text, text, "like", text)
    [_, row] = list(csv.reader(io.StringIO(feedback_csv([event]), newline="")))
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
    assert text in (row[0], row[0].removeprefix("'"))


@each
def test_a_conversation_shared_as_text_steers_nothing(text: str) -> None:
    shared = as_plain_text(text, [TurnView(text, answered(text))], "en")
    assert STEERING.search(shared.replace("\n", "").replace("\t", "")) is None
    said = shared.split("\n\n")[1] if text == PLANTED["orders"] else "> "
    assert "> " in said


@each
def test_a_history_file_with_it_is_read_or_refused_in_one_line(text: str) -> None:
    films = catalogue(text)
    rows = io.StringIO(newline="")
    csv.writer(rows).writerows(
        [("Name", "Year", "Rating"), (text, "2020", "5"), ("Calm Sea 1", "2001", "4")]
    )
    content = rows.getvalue().encode("utf-8", "surrogatepass")
    try:
        matched = history_in(content, films, TitleIndex(films), f"{text}.csv")
    except DataError as error:
        said = str(error)
    else:
        assert "c1" in matched.ids()
        said = report(matched)
    assert STEERING.search(written_out(said).replace("\n", "").replace("\t", "")) is None


@each
def test_profile_words_examples_and_limits_with_it_do_no_more_than_say_so(text: str) -> None:
    recommender = everything(text)
    state = recommender.respond("a drama by the sea", recommender.start()).state

    def read(words: str, before: DialogueState) -> DialogueState:
        return recommender.understanding.read(words, before).state

    try:
        changed = reword(state, "wish", state.wish, text, read)
    except RequestError:
        changed = state
    limits = Constraints(genres_none=(text,), people_none=(text,), keywords_none=(text,))
    again = replace(changed, constraints=limits)
    assert DialogueState.from_dict(json.loads(json.dumps(again.to_dict()))) == again
    recommender.respond(text, again)
    with pytest.raises(RequestError):
        recommender.start(liked=("no such title at all, " + text[:5],))


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a/b", "x;ls", "x\0y", "", "A", "$(id)"])
def test_names_of_files_that_we_write_cannot_leave_their_folder(name: str, tmp_path: Path) -> None:
    workspace = Workspace(catalogue("calm"), tmp_path)
    with pytest.raises(RequestError, match="no name"):
        save_fitted(workspace, name, {})


FORBIDDEN = {"eval", "exec", "compile", "__import__"}
SHELLS = {"os.system", "os.popen", "pickle.load", "pickle.loads", "marshal.loads", "yaml.load"}


def _calls() -> Iterator[tuple[Path, ast.Call, str]]:
    for path in sorted((Path(cli.__file__).parent).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield path, node, ast.unparse(node.func)


def test_no_text_can_reach_a_shell_an_interpreter_or_a_pickle() -> None:
    calls = list(_calls())
    assert len(calls) > 5_000
    for path, call, name in calls:
        assert name not in FORBIDDEN | SHELLS, path
        assert not any(k.arg == "shell" for k in call.keywords), path
        if name in ("torch.load", "np.load", "numpy.load"):
            pytest.fail(f"{path} loads with {name}")


def test_the_planted_texts_hold_what_they_should() -> None:
    found = {unicodedata.category(char) for text in PLANTED.values() for char in text}
    assert {"Cc", "Cf", "Cs", "Zl"} <= found
