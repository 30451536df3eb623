"""Reads benchmark turns: what was said before a recommender's turn, and what it then named.

The files of He et al. (CIKM 2023) and of iEvaLM (Wang et al., EMNLP 2023), one turn a line, with
the tables of entities and items that stand beside them. Knows names; knows no catalogue.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import unquote

from chatrec.data.dialogue_files import Record, records
from chatrec.data.text_files import check_file, read_text
from chatrec.errors import DataError, RequestError, shortened

Protocol = Literal["cikm23", "ievalm"]
_RESOURCE = "<http://dbpedia.org/resource/"
_ENTITIES = {"cikm23": "prev_entity", "ievalm": "entity"}


@dataclass(frozen=True, slots=True)
class Turn:
    """One recommender's turn. ``context`` is what was said, oldest first, the seeker last;
    ``named`` the items named in it, ``labels`` those of the turn itself, both as keys of
    :attr:`Benchmark.items`. ``entities`` says whether anything at all was named before.
    """

    dialogue_id: str
    context: tuple[str, ...]
    named: tuple[str, ...]
    labels: tuple[str, ...]
    entities: bool


@dataclass(frozen=True, slots=True)
class Benchmark:
    """Turns, and the ``items`` that may be recommended in them: their names by key."""

    turns: tuple[Turn, ...]
    items: Mapping[str, str]


def read_benchmark(path: Path, protocol: str) -> Benchmark:
    """The turns of ``path``, and the tables ``<protocol>_entity2id.json`` and
    ``<protocol>_item_ids.json`` beside it. RequestError for another protocol; DataError for missing
    files or keys.
    """
    if protocol not in get_args(Protocol):
        raise RequestError(
            f"protocol is {protocol!r}; allowed are {', '.join(get_args(Protocol))}: use one"
        )
    numbers = _table(path.parent / f"{protocol}_entity2id.json", dict)
    names = {str(number): name for name, number in numbers.items()}
    listed = path.parent / f"{protocol}_item_ids.json"
    items = {}
    for number in map(str, _table(listed, list)):
        if number not in names:
            raise DataError(f"{listed}: {number} is no entity's number: copy both tables again")
        items[number] = _plain(names[number])
    keys = None if protocol == "cikm23" else {name: str(n) for name, n in numbers.items()}
    turns = [_turn(path, row, record, protocol, keys, items) for row, record in records(path)]
    return Benchmark(tuple(turns), items)


def _turn(
    path: Path,
    row: int,
    record: Record,
    protocol: str,
    keys: Mapping[str, str] | None,
    items: Mapping[str, str],
) -> Turn:
    lists = ("context", "rec", _ENTITIES[protocol])
    missing = [key for key in ("dialog_id", *lists) if key not in record]
    if missing:
        raise DataError(
            f"{path}, row {row}: no key {missing[0]!r}, got {', '.join(list(record)[:8])}; "
            f"protocol {protocol} needs dialog_id, {', '.join(lists)}: check the protocol"
        )
    for key in lists:
        if not isinstance(record[key], list):
            raise DataError(
                f"{path}, row {row}: {key} is {shortened(record[key])}; a list is needed"
            )
    before = _keys(record[_ENTITIES[protocol]], keys)
    return Turn(
        str(record["dialog_id"]),
        tuple(text for text in record["context"] if text),
        tuple(dict.fromkeys(key for key in before if key in items)),
        tuple(key for key in _keys(record["rec"], keys) if key in items),
        bool(before),
    )


def _keys(entities: Sequence[Any], keys: Mapping[str, str] | None) -> list[str]:
    if keys is None:
        return [str(entity) for entity in entities]
    return [keys[name] for name in entities if name in keys]


def _table(path: Path, kind: type) -> Any:
    check_file(path)
    try:
        table = json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path} isn't JSON ({error}): copy it again") from error
    if not isinstance(table, kind):
        raise DataError(
            f"{path} holds a {type(table).__name__}, not a {kind.__name__}: copy it again"
        )
    return table


def _plain(name: str) -> str:
    """A DBpedia resource as a name: ``Jaws (1975 film)``; other names as they are.

    >>> _plain("<http://dbpedia.org/resource/Jaws_(film)>")
    'Jaws (film)'
    """
    if not name.startswith(_RESOURCE):
        return name
    return unquote(name.removeprefix(_RESOURCE).removesuffix(">")).replace("_", " ")
