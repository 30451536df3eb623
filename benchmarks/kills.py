"""Kills in the middle of writing: whether anything that was acknowledged is lost or doubled.

Eight processes write feedback and conversations as fast as they can. Each notes in a file of its
own what it is about to write and, once the storage has returned, that it was acknowledged.

``--database sqlite``: in each round all writers get SIGKILL at one random moment. The storage is
then opened anew, as after a restart, and every event that was under way is sent once more, as a
client would.

``--database postgresql``: in each round the server gets it: all of its processes (SIGKILL), or
SIGQUIT, which ends it at once as well, in turn. The writers live, and repeat what failed until the
server, started again, answers. In the end the writers are killed too.

Checked after each round, and once more for all rounds at the end: each acknowledged event is there
once with its content, and nothing that was never sent; each acknowledged exchange is there, the
exchanges are numbered without a gap, and a conversation's state has all of them; SQLite's
integrity and foreign-key checks find nothing (PostgreSQL, with checksums: every page can be read,
and every key's index has the rows of its table).

Run: ``python benchmarks/kills.py [--database sqlite|postgresql|both] [--kills N] [--writers 8]
[--seed 2026] [--add-to JSON]``
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, select, text

if not __package__:  # as a script; tests import it by its full name
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.postgres_server import PostgresServer
from benchmarks.writers import Forker, Writers, event_of, lines_of
from chatrec.storage import Storage, open_storage
from chatrec.storage.database import open_database
from chatrec.storage.tables import metadata

KILLS = {"sqlite": 200, "postgresql": 50}
MOST_DELAY_S = 0.25  # between the moment when all write, and the kill
NOTHING: Mapping[str, Any] = {"state": {"liked": []}, "exchanges": []}


@dataclass
class Tally:
    """What was found in all rounds of one database; the last five are faults."""

    database: str
    kills: int = 0
    writers: int = 0
    events_acknowledged: int = 0
    exchanges_acknowledged: int = 0
    under_way: int = 0  # events sent and not acknowledged when the kill came
    of_those_stored: int = 0
    failed_writes: int = 0  # while the server was away; repeated until it answered
    of_those_stored_events: int = 0  # whose commit was made, and only the answer was lost
    events_lost: int = 0
    events_doubled: int = 0
    events_wrong: int = 0
    exchanges_lost: int = 0
    integrity_problems: int = 0

    def faults(self) -> int:
        """How much is wrong."""
        return (
            self.events_lost
            + self.events_doubled
            + self.events_wrong
            + self.exchanges_lost
            + self.integrity_problems
        )


def check_round(where: str, owner: str, writers: Writers, tally: Tally) -> None:
    """Opens the storage as after a restart, and looks for faults in it."""
    tally.kills += 1
    with closing(open_storage(where)) as storage:
        compare(storage, owner, writers, tally)
    tally.integrity_problems += count_problems(where)


def compare(storage: Storage, owner: str, writers: Writers, tally: Tally) -> None:
    """Compares what is stored with what was acknowledged, and sends again what was under way."""
    sent, acknowledged = writers.noted("sent"), writers.noted("acknowledged")
    under_way = sorted({*sent} - {*acknowledged})
    before = {event.event_id for event in storage.feedback.events(owner)}
    answers = {name: storage.feedback.add(owner, event_of(name)) for name in under_way}
    tally.under_way += len(under_way)
    tally.of_those_stored += sum(answer == "already" for answer in answers.values())
    tally.events_wrong += sum((answers[n] == "already") != (n in before) for n in under_way)
    tally.events_acknowledged += len(acknowledged)
    tally.failed_writes += len(writers.noted("failed"))
    tally.of_those_stored_events += len(writers.noted("already"))
    count_events(storage, owner, sent, tally)
    said: dict[str, list[str]] = {}
    for note in writers.noted("said"):
        session_id, name = note.split(" ")
        said.setdefault(session_id, []).append(name)
        tally.exchanges_acknowledged += 1
    stored = {part["session_id"]: part for part in storage.export_of(owner)["sessions"]}
    tally.exchanges_lost += sum(
        count_lost(stored.get(session_id, NOTHING), names) for session_id, names in said.items()
    )


def count_events(storage: Storage, owner: str, sent: list[str], tally: Tally) -> None:
    """Each event that was sent must be there once, as it was sent, and no other."""
    stored = storage.feedback.events(owner)
    by_id = {event.event_id: event for event in stored}
    tally.events_doubled += len(stored) - len(by_id)
    tally.events_lost += len({*sent} - {*by_id})
    tally.events_wrong += len({*by_id} - {*sent})
    for event in stored:
        tally.events_wrong += replace(event_of(event.event_id), at=event.at) != event


def count_lost(session: Mapping[str, Any], names: list[str]) -> int:
    """Acknowledged exchanges that are missing or doubled, in the state or in the log."""
    kept = session["state"]["liked"]
    logged = [part["record"]["said"] for part in session["exchanges"]]
    numbers = [part["number"] for part in session["exchanges"]]
    lost = len({*names} - {*kept}) + len({*names} - {*logged})
    gaps = numbers != list(range(1, len(numbers) + 1))
    return lost + (len(kept) - len({*kept})) + (logged != kept) + gaps


def count_problems(where: str) -> int:
    """What the database's own checks find; a page that can't be read raises."""
    with closing(open_database(where)) as database, database.writing() as connection:
        if database.is_sqlite:
            said = connection.execute(text("PRAGMA integrity_check")).scalars().all()
            said += connection.execute(text("PRAGMA foreign_key_check")).all()
            return len([line for line in said if line != "ok"])
        return sum(index_differs(connection, table) for table in metadata.sorted_tables)


def index_differs(connection: Connection, table: Table) -> bool:
    """Whether a table's rows, read page by page, are others than those that its key's index has."""
    key = select(*table.primary_key)
    found = []
    for by_pages, by_index in (("on", "off"), ("off", "on")):
        for way in ("indexscan", "indexonlyscan", "bitmapscan"):
            connection.execute(text(f"SET LOCAL enable_{way} = {by_index}"))
        connection.execute(text(f"SET LOCAL enable_seqscan = {by_pages}"))
        query = select(table) if by_pages == "on" else key.order_by(*table.primary_key)
        rows = connection.execute(query)
        found.append({tuple(row[: len(table.primary_key)]) for row in rows})
    return found[0] != found[1]


def kill_writers(where: str, kills: int, writers: int, seed: int, logs: Path) -> Tally:
    """Rounds in which the writers are killed."""
    tally, rng = Tally("sqlite", writers=writers), random.Random(seed)
    with Forker() as forker:
        for number in range(kills):
            owner = f"round-{number}"
            group = Writers(forker, where, owner, logs, writers)
            group.await_writing()
            time.sleep(rng.uniform(0, MOST_DELAY_S))
            group.kill()
            check_round(where, owner, group, tally)
            say_how_far(tally, kills)
    recheck(where, kills, writers, logs, tally)
    return tally


def kill_server(server: PostgresServer, kills: int, writers: int, seed: int, logs: Path) -> Tally:
    """Rounds in which the server is killed and started again while the writers go on."""
    tally, rng = Tally("postgresql", writers=writers), random.Random(seed)
    with Forker() as forker:
        for number in range(kills):
            owner = f"round-{number}"
            group = Writers(forker, server.url, owner, logs, writers)
            before = group.await_writing()
            time.sleep(rng.uniform(0, MOST_DELAY_S))
            end = server.stop_at_once if number % 2 else server.kill
            end()
            server.start()
            group.await_writing(before)
            group.kill()
            check_round(server.url, owner, group, tally)
            say_how_far(tally, kills)
    recheck(server.url, kills, writers, logs, tally)
    return tally


def recheck(where: str, kills: int, writers: int, logs: Path, tally: Tally) -> None:
    """All rounds' events once more: later kills must not have harmed what was there before."""
    with closing(open_storage(where)) as storage:
        for number in range(kills):
            owner = f"round-{number}"
            lines = [line for w in range(writers) for line in lines_of(logs / f"{owner}-{w}.log")]
            sent = [line.partition(" ")[2] for line in lines if line.startswith("sent ")]
            count_events(storage, owner, sent, tally)


def say_how_far(tally: Tally, kills: int) -> None:
    """A line after every tenth kill and the last."""
    if tally.kills % 10 == 0 or tally.kills == kills:
        print(f"{tally.database}: {tally.kills} of {kills} kills, {tally.faults()} faults")
        sys.stdout.flush()


def main() -> int:
    options = _options()
    faults = 0
    for name in ("sqlite", "postgresql") if options.database == "both" else (options.database,):
        kills = KILLS[name] if options.kills is None else options.kills
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="kills-") as made:
            folder = Path(made)
            if name == "sqlite":
                where = str(folder / "kept.db")
                tally = kill_writers(where, kills, options.writers, options.seed, folder)
            else:
                with PostgresServer() as server:
                    tally = kill_server(server, kills, options.writers, options.seed, folder)
        faults += tally.faults()
        found = {
            "command": " ".join(["python benchmarks/kills.py", *sys.argv[1:]]),
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python "
            f"{platform.python_version()}, SQLite {sqlite3.sqlite_version}",
            "seed": options.seed,
            "seconds": round(time.monotonic() - began, 1),
            **asdict(tally),
        }
        print(json.dumps(found, indent=1))
        if options.add_to is not None:
            add_result(options.add_to, found)
    return int(faults > 0)


def add_result(path: Path, found: dict[str, Any]) -> None:
    """Adds a run to the file of results; kills may be done in several runs."""
    runs = json.loads(path.read_text())["runs"] if path.exists() else []
    path.write_text(json.dumps({"runs": [*runs, found]}, indent=1) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--kills", type=int, help="else 200 for SQLite and 50 for PostgreSQL")
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--add-to", type=Path, help="a JSON file that gets the result besides")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
