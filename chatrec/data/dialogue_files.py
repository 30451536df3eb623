"""Reads dialogues out of the files that public collections come as: JSON, one dialogue a line.

ReDial (as published, and with roles), OpenDialKG's and USS's messages, INSPIRED's utterances, and
sequences of mentions without text. Knows their keys; which item of a catalogue a name or id stands
for is the caller's business (:class:`Named`).
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from chatrec.data.dialogues import Dialogue, Speaker, Utterance, joined
from chatrec.data.text_files import check_file, read_text
from chatrec.errors import DataError, shortened

Named = Callable[[str], int | None]  # the item_index of an item's id or name in the file
Record = Mapping[str, Any]

_SPEAKERS: Mapping[str, Speaker] = {
    "seeker": "seeker",
    "user": "seeker",
    "recommender": "recommender",
    "system": "recommender",
    "assistant": "recommender",
}
_AT_ID = re.compile(r"@(\d+)")
_QUOTED = re.compile(r'"[^"]{1,80}"')


def read_dialogues(
    path: Path, named: Named, genres: Mapping[str, str] | None = None
) -> list[Dialogue]:
    """All dialogues of a file; items that ``named`` knows neither by id nor by name are left out.

    ``genres`` says which genre of the catalogue the ids of a sequence of mentions stand for.
    Neighbouring utterances of one speaker are one. DataError for a file that isn't JSON lines or
    has other keys, with its row.
    """
    found = []
    for row, record in records(path):
        try:
            found.append(_dialogue(path, row, record, named, genres or {}))
        except (KeyError, TypeError, AttributeError) as error:
            raise DataError(
                f"{path}, row {row}: a key is missing or of another type ({error!r}); messages "
                "need role and text, mentions role, type and item_id: check the file"
            ) from error
    return found


def records(path: Path) -> list[tuple[int, Record]]:
    """The JSON objects of a file with their line numbers, from 1."""
    check_file(path)
    found = []
    for row, line in enumerate(read_text(path).split("\n"), start=1):  # JSON may hold U+2028
        if line.strip():
            found.append((row, _object(path, row, line)))
    return found


def speaker_of(path: Path, row: int, role: object) -> Speaker:
    """Who speaks, by the role's name in the file."""
    speaker = _SPEAKERS.get(str(role))
    if speaker is None:
        raise DataError(
            f"{path}, row {row}: the role {shortened(role)} says neither side; allowed are "
            f"{', '.join(_SPEAKERS)}: rename it"
        )
    return speaker


def _object(path: Path, row: int, line: str) -> Record:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise DataError(
            f"{path}, row {row}: not JSON ({error}); one dialogue a line is needed"
        ) from error
    if not isinstance(record, dict):
        raise DataError(f"{path}, row {row}: got {shortened(record)}; a JSON object is needed")
    return record


def _dialogue(
    path: Path, row: int, record: Record, named: Named, genres: Mapping[str, str]
) -> Dialogue:
    titles = record.get("movies") or record.get("movieMentions") or {}
    if isinstance(titles, Mapping):
        named = _by_id_or_title(named, titles)
    if "events" in record:
        turns = [_event(path, row, event, named, genres) for event in record["events"]]
    elif "initiatorWorkerId" in record:
        turns = [_published(m, record["initiatorWorkerId"], named) for m in record["messages"]]
    elif "messages" in record or "utterances" in record:
        said = record["messages"] if "messages" in record else record["utterances"]
        turns = [_said(path, row, message, named) for message in said]
    else:
        raise DataError(
            f"{path}, row {row}: none of the keys messages, utterances or events, got "
            f"{', '.join(list(record)[:8])}; dialogues of ReDial, INSPIRED or OpenDialKG are read"
        )
    name = next(
        (str(record[key]) for key in _IDS if record.get(key) is not None), f"{path.name}:{row}"
    )
    return Dialogue(name, joined(turns), float(name) if name.isdecimal() else None)


_IDS = ("conversation_id", "conversationId", "dialog_id", "dialog_no")


def _said(path: Path, row: int, message: Record, named: Named) -> Utterance:
    """An utterance with a role, its items as ids in the text, ids beside it, or titles."""
    text = html.unescape(message["text"])
    ids = message.get("movie_ids") or message.get("movies2") or message.get("item") or []
    items = _known([str(one) for one in ids], named)
    speaker = speaker_of(path, row, message.get("role"))
    return Utterance(speaker, untitled(_QUOTED.sub(" ", _AT_ID.sub(" ", text)), ids), items)


def _published(message: Record, seeker: object, named: Named) -> Utterance:
    """A message as ReDial publishes it: who sent it, and @id for each film."""
    text = html.unescape(message["text"])
    speaker: Speaker = "seeker" if message["senderWorkerId"] == seeker else "recommender"
    return Utterance(speaker, _AT_ID.sub(" ", text), _known(_AT_ID.findall(text), named))


def _event(
    path: Path, row: int, event: Record, named: Named, genres: Mapping[str, str]
) -> Utterance:
    """A mention without its words."""
    speaker = speaker_of(path, row, event.get("role"))
    if event.get("type") == "genre":
        genre = genres.get(event["source_id"])
        return Utterance(speaker, genres=() if genre is None else (genre,))
    if event.get("type") != "film" or event["item_id"] is None:
        return Utterance(speaker)
    return Utterance(speaker, items=_known([str(event["item_id"])], named))


def _by_id_or_title(named: Named, titles: Mapping[str, object]) -> Named:
    """Looks up what an id stands for in the file where the id itself isn't known."""

    def look_up(name: str) -> int | None:
        index = named(name)
        title = titles.get(name)
        return named(str(title)) if index is None and title is not None else index

    return look_up


def _known(names: Sequence[str], named: Named) -> tuple[int, ...]:
    found = (named(name) for name in names)
    return tuple(index for index in found if index is not None)


def untitled(text: str, titles: Sequence[object]) -> str:
    """The text without these titles, each with or without a year after it.

    >>> untitled("I saw Joker (2019) and liked joker", ["Joker (2019)"])
    'I saw   and liked  '
    """
    for title in sorted((str(t) for t in titles), key=len, reverse=True):
        bare = re.sub(r"\s*\(\d{4}\)$", "", title)
        if bare:
            text = re.sub(
                rf"(?<!\w){re.escape(bare)}(?!\w)(\s*\(\d{{4}}\))?", " ", text, flags=re.I
            )
    return text
