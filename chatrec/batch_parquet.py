"""The lists of ``chatrec batch`` as one Parquet file: a row a user, its list as nested columns.

Knows the JSON lines of shards; knows nothing about how they were made.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

EVIDENCE = pl.Struct({"kind": pl.String, "text": pl.String, "source": pl.String})
RECOMMENDATION = pl.Struct(
    {
        "item_id": pl.String,
        "title": pl.String,
        "rank": pl.Int64,
        "score": pl.Float64,
        "rationale": pl.String,
        "rationale_by": pl.String,
        "evidence": pl.List(EVIDENCE),
    }
)
SCHEMA = pl.Schema(
    [
        ("row", pl.Int64()),
        ("user", pl.String()),
        ("reply", pl.String()),
        ("led_by", pl.String()),
        ("recommendations", pl.List(RECOMMENDATION)),
        ("state", pl.String()),  # JSON: its shape differs from user to user
    ]
)


def write_parquet(shards: Sequence[Path], to: Path, scratch: Path) -> None:
    """Writes the lines of the shards, in order, into ``to``; one shard is in memory at a time."""
    parts = []
    for shard in shards:
        with shard.open(encoding="utf-8") as lines:
            frame = pl.DataFrame([_record(line) for line in lines], schema=SCHEMA)
        parts.append(scratch / f".{shard.stem}.parquet")
        frame.write_parquet(parts[-1])
    pl.scan_parquet(parts).sink_parquet(to, maintain_order=True)
    for part in parts:
        part.unlink()


def _record(line: str) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(line)
    return record | {"state": json.dumps(record["state"], ensure_ascii=False)}
