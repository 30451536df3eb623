"""Many visitors at once on one real server with the real default decoder: speed, limits, privacy.

Four parts, in one run on one machine, so that they can be compared:

- one at a time: ``--users`` visitors chat without a pause for ``--seconds``, and the server answers
  one message after the other (``CHATREC_TURNS_AT_ONCE=1``);
- together: the same visitors say the same things, and the server answers 8 at once, its default;
- burst: 128 requests in the same moment. Each must be answered with 2xx, 429 or 503, and the server
  must live. From the last of these answers on the time that one request takes must be back to
  normal, which is at most 1.5 times its median before the burst, within 10 s;
- sessions: ``--sessions`` conversations of 6 turns at the same time, each with a limit and a liked
  film of its own. Nothing of another's may appear in a reply, and nothing of one's own be lost. Who
  is told that the server is busy waits as long as it says.

The visitors of the first two parts are locust's (``benchmarks/load_users.py``) and look for
cross-talk as well. Throughput counts complete replies, with all their reasons.

Run: ``python benchmarks/load.py [--to JSON] [--seconds 180] [--users 16] [--sessions 200]``
"""

import argparse
import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
from load_parts import Visitor
from speed import machine, server

USERS_FILE = Path(__file__).with_name("load_users.py")
GAIN_BAR = 1.6
BURST = 128
ALLOWED = frozenset({200, 429, 503})
NORMAL = 1.5  # times the median before the burst
RECOVERY_S = 10.0
PROBES = 5
SESSION_TURNS = 6
REPLY_LIMIT_S = 600.0
KEPT_OPEN_S = 1.0  # a connection; the server closes those that rest for 5 s, maybe as one is used
PROBE = {"text": "a quiet drama", "k": 1}


def main() -> None:
    options = _options()
    figures: dict[str, Any] = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": " ".join(["python", *sys.argv]),
        "machine": machine(),
        "decoder": options.model or "the default",
    }
    with running(options, CHATREC_TURNS_AT_ONCE="1") as address:
        figures["one_at_a_time"] = chatting(address, options)
    with running(options) as address:
        figures["together"] = chatting(address, options)
        per_minute = [figures[mode]["replies_per_min"] for mode in ("one_at_a_time", "together")]
        figures["gain"] = round(per_minute[1] / per_minute[0], 2) if per_minute[0] else None
        figures["gain_bar"] = GAIN_BAR
        if options.burst:
            figures["burst"] = asyncio.run(burst(address, options.burst))
        if options.sessions:
            figures["sessions"] = asyncio.run(sessions(address, options.sessions, options.k))
    text = json.dumps(figures, indent=1)
    print(text)
    if options.to is not None:
        options.to.parent.mkdir(parents=True, exist_ok=True)
        options.to.write_text(text + "\n", encoding="utf-8")


@contextmanager
def running(options: argparse.Namespace, **environment: str) -> Iterator[str]:
    """The address of a warm server with a database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        environment["CHATREC_DATABASE"] = str(Path(folder) / "load.db")
        if options.model is not None:
            environment["CHATREC_MODEL"] = options.model
        cache = Path(os.environ.get("CHATREC_CACHE", Path(folder) / "cache"))
        with patch.dict(os.environ, environment), server(cache) as (address, _, _):
            warm = httpx.post(f"{address}/v1/recommend", json=PROBE, timeout=REPLY_LIMIT_S)
            warm.raise_for_status()
            yield address


def chatting(address: str, options: argparse.Namespace) -> dict[str, Any]:
    """What locust's visitors got: replies per minute, seconds a reply took, failures."""
    with tempfile.TemporaryDirectory() as folder:
        failed = Path(folder) / "failed.txt"
        failed.touch()
        told = {"LOAD_RUN": f"run{time.time_ns()}", "LOAD_FAILED": str(failed)}
        command = [sys.executable, "-m", "locust", "-f", str(USERS_FILE), "--headless"]
        command += ["--users", str(options.users), "--spawn-rate", str(options.users)]
        command += ["--run-time", f"{options.seconds}s", "--host", address]
        command += ["--json", "--skip-log", "--exit-code-on-error", "0"]
        done = subprocess.run(
            command, env={**os.environ, **told}, stdout=subprocess.PIPE, check=True
        )
        failures = Counter(failed.read_text("utf-8").splitlines())
    entries = json.loads(done.stdout)
    took = sorted(
        int(ms) / 1000
        for entry in entries
        for ms, count in entry["response_times"].items()
        for _ in range(count)
    )
    replies = sum(entry["num_requests"] - entry["num_failures"] for entry in entries)
    return {
        "users": options.users,
        "seconds": options.seconds,
        "replies": replies,
        "replies_per_min": round(60 * replies / options.seconds, 2),
        "p50_s": _quantile(took, 0.5),
        "p95_s": _quantile(took, 0.95),
        "failures": sum(failures.values()),
        "failures_by_kind": dict(failures.most_common(10)),
    }


async def burst(address: str, n: int) -> dict[str, Any]:
    """``n`` requests in the same moment, and how long the server takes to be as it was."""
    limits = httpx.Limits(max_connections=n + 1, keepalive_expiry=KEPT_OPEN_S)
    async with httpx.AsyncClient(base_url=address, timeout=REPLY_LIMIT_S, limits=limits) as client:
        normal = statistics.median([(await _probe(client))[1] for _ in range(PROBES)])
        begun = time.perf_counter()
        asked = [client.post("/v1/recommend", json={**PROBE, "k": 5}) for _ in range(n)]
        statuses = Counter(answer.status_code for answer in await asyncio.gather(*asked))
        burst_s = time.perf_counter() - begun
        answered = time.perf_counter()
        recovered_s = None
        while recovered_s is None and time.perf_counter() - answered < 2 * RECOVERY_S:
            status, seconds = await _probe(client)
            if status == 200 and seconds <= NORMAL * normal:
                recovered_s = round(time.perf_counter() - answered, 2)
        alive = (await client.get("/health")).status_code == 200
    return {
        "requests": n,
        "statuses": {str(status): count for status, count in sorted(statuses.items())},
        "only_allowed": set(statuses) <= ALLOWED,
        "alive": alive,
        "took_s": round(burst_s, 1),
        "normal_s": round(normal, 2),
        "normal_again_after_s": recovered_s,
        "met": set(statuses) <= ALLOWED
        and alive
        and recovered_s is not None
        and recovered_s <= RECOVERY_S,
    }


async def _probe(client: httpx.AsyncClient) -> tuple[int, float]:
    begun = time.perf_counter()
    status = (await client.post("/v1/recommend", json=PROBE)).status_code
    return status, time.perf_counter() - begun


async def sessions(address: str, n: int, k: int) -> dict[str, Any]:
    """``n`` conversations of 6 turns at once: what leaked from one into another, what failed."""
    begun = time.perf_counter()
    run = f"sessions{time.time_ns()}"
    limits = httpx.Limits(max_connections=n, keepalive_expiry=KEPT_OPEN_S)
    async with httpx.AsyncClient(base_url=address, timeout=REPLY_LIMIT_S, limits=limits) as client:
        held = [_session(client, Visitor(number, run), k) for number in range(n)]
        found = await asyncio.gather(*held)
    wrong = [line for lines, _, _ in found for line in lines]
    return {
        "sessions": n,
        "turns_each": SESSION_TURNS,
        "k": k,
        "replies": sum(replies for _, replies, _ in found),
        "told_to_wait": sum(waits for _, _, waits in found),
        "took_s": round(time.perf_counter() - begun, 1),
        "leaks_and_losses": len(wrong),
        "first_of_them": wrong[:5],
    }


async def _session(
    client: httpx.AsyncClient, visitor: Visitor, k: int
) -> tuple[list[str], int, int]:
    """What was wrong, the number of replies, and how often it was told to wait."""
    wrong: list[str] = []
    replies = waits = 0
    for body in visitor.refinements(random.Random(visitor.number), SESSION_TURNS, k):
        answer = await client.post("/v1/recommend", json=body)
        while answer.status_code in (429, 503):
            waits += 1
            await asyncio.sleep(float(answer.headers["retry-after"]))
            answer = await client.post("/v1/recommend", json=body)
        if answer.status_code != 200:
            return [*wrong, f"status {answer.status_code}: {answer.text[:200]}"], replies, waits
        replies += 1
        if found := visitor.wrong_in(answer.json()):
            wrong.append(found)
    return wrong, replies, waits


def _quantile(ordered: list[float], share: float) -> float | None:
    return round(ordered[int(share * (len(ordered) - 1))], 2) if ordered else None


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--to", type=Path, metavar="JSON")
    parser.add_argument("--seconds", type=int, default=180, help="of each way of serving")
    parser.add_argument("--users", type=int, default=16)
    parser.add_argument("--burst", type=int, default=BURST, help="0: none")
    parser.add_argument("--sessions", type=int, default=200, help="0: none")
    parser.add_argument("--k", type=int, default=1, help="items of a list in the sessions")
    parser.add_argument("--model", help="another decoder than the default")
    options = parser.parse_args()
    if min(options.seconds, options.users) < 1 or min(options.burst, options.sessions) < 0:
        parser.error("--seconds and --users are 1 or more, --burst and --sessions 0 or more")
    return options


if __name__ == "__main__":
    main()
