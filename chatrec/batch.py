"""``chatrec batch``: lists and reasons for many users, shard by shard, wired here.

A shard is made from its rows, the model and the options alone, by one thread: first all its lists,
then the reasons of all of them together. So it comes out the same to the last byte whenever and by
whom it is made. Knows nothing about how a shard is kept (:mod:`chatrec.batch_run`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from chatrec import __version__
from chatrec.assemble import adapter_folder, assemble, open_workspace, text_encoder
from chatrec.batch_rows import BatchRow, check_names, read_rows
from chatrec.batch_run import About, RunFolder, Share
from chatrec.conversation.recommender import Recommender, Reply
from chatrec.data.checksums import file_sha256
from chatrec.data.printable import json_line
from chatrec.data.workspace import MANIFEST, Workspace
from chatrec.errors import DataError, RequestError
from chatrec.evaluation.simulated_systems import Silent
from chatrec.generation.model import LocalDecoder
from chatrec.retrieval.fitted import FOLDER
from chatrec.serving.schema import MAX_TEXT_CHARS, reply_json
from chatrec.settings import Settings

FILES = (".jsonl", ".parquet")
NO_FOLDERS = (".json", ".ndjson", ".csv", ".tsv", ".gz", ".zst")  # what somebody may have meant

Report = Callable[[int, int, Mapping[str, float]], None]
Told = Callable[[], None]


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """What lists are made: ``text`` and ``k`` stand in where a row has none, ``seed`` of reasons.

    Shards are ``shard_size`` rows of the file each, in its order.
    """

    text: str
    k: int
    reasons: bool
    seed: int
    shard_size: int

    def __post_init__(self) -> None:
        if self.shard_size < 1:
            raise RequestError(f"--shard-size is {self.shard_size}; give 1 or more")
        if not 1 <= self.k <= 50:
            raise RequestError(f"-k is {self.k}; allowed are 1 to 50")
        if not 0 < len(self.text.strip()) <= len(self.text) <= MAX_TEXT_CHARS:
            raise RequestError(
                f"--text has {len(self.text)} characters; give a wish of 1 to {MAX_TEXT_CHARS}"
            )
        if not 0 <= self.seed < 2**31:
            raise RequestError(f"--seed is {self.seed}; give 0 to {2**31 - 1}")


@dataclass(frozen=True, slots=True)
class Done:
    """What a call came to. ``unfinished`` shards of ``shards`` are other machines' to make.

    ``made`` were made by this call; ``empty`` counts the lists of a finished run with no items.
    """

    rows: int
    shards: int
    made: int
    unfinished: int
    empty: int

    def text(self, to: Path) -> str:
        """What to tell the user."""
        if self.unfinished:
            return (
                f"{self.made} of {self.shards} shards made now, {self.unfinished} left for "
                f"other parts: {to} is whole once they are made"
            )
        empty = f"; {self.empty:,} of them found no item" if self.empty else ""
        return f"{self.rows:,} lists in {to} ({self.made} of {self.shards} shards made now){empty}"


def make_lists(
    users: Path,
    to: Path,
    settings: Settings,
    options: BatchOptions,
    *,
    share: Share,
    say: Callable[[str], None],
    report: Report,
) -> Done:
    """Makes the lists of the rows in ``users``, and goes on where an earlier call was ended.

    ``to`` is a folder of shards, or a file (.jsonl or .parquet) that all are merged into once they
    are there, with the shards in ``to`` + ``.run`` beside it. ``share`` says which shards this call
    makes. Raises DataError for rows that can't be used, before anything is written; RequestError
    where the run was begun with something else, or another process is at the same shard.
    """
    if to.suffix.lower() in NO_FOLDERS:
        raise RequestError(f"--to {to}: lists go to a .jsonl, a .parquet or a folder; name one")
    merged = to if to.suffix.lower() in FILES else None
    folder = RunFolder(to if merged is None else to.with_name(f"{to.name}.run"))
    if merged is not None and merged.exists() and not folder.path.exists():
        raise DataError(f"{merged} exists already: choose another --to, or move it")
    rows = read_rows(users, options.text, options.k)
    workspace = open_workspace(settings.data)
    recommender = assemble(settings, say)
    check_names(users, rows, recommender, frozenset(workspace.histories.users))
    folder.begin(_about(users, rows, settings, options, workspace, recommender))
    whole = merged is not None and folder.is_merged(merged)
    shards = [rows[at : at + options.shard_size] for at in range(0, len(rows), options.shard_size)]
    made = _make_shards(folder, shards, share, ListMaker(recommender, options), report)
    left = sum(not folder.is_finished(number) for number in range(1, len(shards) + 1))
    if left == 0 and merged is not None and not whole:
        folder.merge(len(shards), merged)
    empty = folder.noted(len(shards), "empty") if left == 0 else 0
    return Done(len(rows), len(shards), made, left, empty)


class ListMaker:
    """Makes the lines of a shard. Asks nothing back: nobody is there to answer."""

    def __init__(self, recommender: Recommender, options: BatchOptions) -> None:
        recommender.asker = Silent()
        self._recommender = recommender
        self._options = options

    def steps(self, rows: Sequence[BatchRow]) -> int:
        """How many steps, at most, these rows are told in: one a list, one a reason."""
        return sum(1 + (row.body.k if self._options.reasons else 0) for row in rows)

    def replies(self, rows: Sequence[BatchRow], told: Told) -> list[Reply]:
        """The reply of each row."""
        decoder = self._recommender.writer.decoder
        if isinstance(decoder, LocalDecoder):
            decoder.forget()
        replies = []
        for row in rows:
            replies.append(self._list(row))
            told()
        return self._with_reasons(replies, told) if self._options.reasons else replies

    def _list(self, row: BatchRow) -> Reply:
        """The list without its reasons."""
        state = row.start(self._recommender)
        return next(iter(self._recommender.stream(row.body.text, state, row.body.k)))

    def _with_reasons(self, replies: Sequence[Reply], told: Told) -> list[Reply]:
        shown = [list(reply.recommendations) for reply in replies]
        lists = [[(one.item, one.evidence) for one in listed] for listed in shown]
        for number, reason in self._recommender.writer.write_lists(lists, self._options.seed):
            one = shown[number][reason.index]
            shown[number][reason.index] = replace(
                one, rationale=reason.text, rationale_by=reason.by
            )
            told()
        return [
            replace(
                reply,
                recommendations=tuple(listed),
                state=reply.state.with_reasons((r.item.item_id, r.rationale) for r in listed),
            )
            for reply, listed in zip(replies, shown, strict=True)
        ]


def line_of(row: BatchRow, reply: Reply) -> str:
    """A list as a line of JSON: what ``/v1/recommend`` answers, less the times, which vary."""
    answer: dict[str, Any] = reply_json(reply)
    del answer["timings_ms"]
    return json_line({"row": row.number, "user": row.body.user_id} | answer)


def _make_shards(
    folder: RunFolder,
    shards: Sequence[Sequence[BatchRow]],
    share: Share,
    maker: ListMaker,
    report: Report,
) -> int:
    """Makes the shards of this share that aren't finished; how many they were."""
    numbered = [(number, rows) for number, rows in enumerate(shards, start=1) if share.has(number)]
    left = [(number, rows) for number, rows in numbered if not folder.is_finished(number)]
    steps = _Steps(sum(maker.steps(rows) for _, rows in left), report)
    made = 0
    for number, rows in left:
        with folder.making(number):
            if not folder.is_finished(number):  # another process may have been quicker
                made += 1
                replies = maker.replies(rows, steps.one)
                lines = [line_of(row, reply) for row, reply in zip(rows, replies, strict=True)]
                empty = sum(not reply.recommendations for reply in replies)
                folder.keep(number, lines, empty=empty)
        steps.shard(maker.steps(rows))
    return made


class _Steps:
    """Reports steps of all; what a shard took less than was thought is made up at its end."""

    def __init__(self, total: int, report: Report) -> None:
        self._total = total
        self._report = report
        self._before = self._now = 0

    def one(self) -> None:
        self._now += 1
        self._report(self._now, self._total, {})

    def shard(self, steps: int) -> None:
        self._before += steps
        self._now = self._before
        self._report(self._now, self._total, {})


def _about(
    users: Path,
    rows: Sequence[BatchRow],
    settings: Settings,
    options: BatchOptions,
    workspace: Workspace,
    recommender: Recommender,
) -> About:
    """All that the lists depend on, by names that a refusal can use."""
    decoder = recommender.writer.decoder
    adapter = adapter_folder(settings)
    path = workspace.path
    about: dict[str, str | int | bool] = {
        "chatrec": __version__,
        "users": file_sha256(users),
        "rows": len(rows),
        "shard size": options.shard_size,
        "text": options.text,
        "k": options.k,
        "reasons": options.reasons,
        "seed": options.seed,
        "workspace": workspace.catalog.checksum if path is None else file_sha256(path / MANIFEST),
        "fitted": _checksum(workspace.cache_dir / FOLDER),
        "pool size": settings.pool_size,
        "model": "none" if decoder is None else decoder.name,
        "adapter": "none" if adapter is None else _checksum(adapter),
        "encoder": text_encoder(workspace, settings.encoder_adapter).query_revision,
    }
    if isinstance(decoder, LocalDecoder):
        return {**about, "precision": f"{decoder.precision} on {decoder.device.type}"}
    return {**about, "server": str(settings.model)}


def _checksum(folder: Path) -> str:
    """sha256 over the names and contents of a folder's files; of no files where there is none."""
    found = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            found.update(f"{file.relative_to(folder)} {file_sha256(file)}\n".encode())
    return found.hexdigest()
