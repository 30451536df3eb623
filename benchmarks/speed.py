"""Start-up, speed and memory of the default set-up, against what the project promises.

Each figure is the median of ``--runs`` runs in fresh processes:

- first start and later start: ``app.py`` from its launch to the page's server answering, with an
  empty cache folder and then with the filled one;
- prefill: one forward pass of the decoder over 511 tokens;
- ranked list: from the ask to the list without its reasons, over ``tests/requests.jsonl``, and of
  what is said next (LATER, in turn), which the decoder reads as well;
- all five reasons: from the ask to the complete reply over HTTP, over ten of those requests;
- memory: resident memory of the server after those ten, and its peak.

The bars are meant for a machine whose prefill takes 0.26 s. Seconds are therefore compared twice:
as they are, and with the bars scaled by this machine's prefill (which also takes in what else runs
on it). Memory is not scaled. Linux only, as it reads ``/proc``.

Run: ``python benchmarks/speed.py [--to JSON] [--runs 3]``
"""

import argparse
import importlib.metadata
import json
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
REQUESTS = ROOT / "tests" / "requests.jsonl"
BARS = {
    "first_start_s": 60.0,
    "later_start_s": 12.0,
    "list_s": 0.7,  # with it comes the first word
    "later_list_s": 1.5,
    "reasons_s": 3.5,
    "steady_gb": 1.6,
    "peak_gb": 1.6,
}
PREFILL_S = 0.26  # of the machine that the bars are meant for
PREFILL_TOKENS = 511
LATER = (
    "something newer",
    "I've seen the first one, it was great",
    "no horror please, and shorter",
    "more like the second one but funnier",
    "not for me. Maybe something from France?",
)
ASKED = 10
START_LIMIT_S = 600.0
REPLY_LIMIT_S = 300.0


def main() -> None:
    options = _options()
    if options.part is not None:
        print(json.dumps(PARTS[options.part]()))
        return
    runs = []
    for number in range(1, options.runs + 1):
        print(f"run {number} of {options.runs}", file=sys.stderr)
        with tempfile.TemporaryDirectory() as cache:
            runs.append(one_run(Path(cache)))
    figures = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        **summary(runs),
        "runs": runs,
    }
    text = json.dumps(figures, indent=1)
    print(text)
    if options.to is not None:
        options.to.parent.mkdir(parents=True, exist_ok=True)
        options.to.write_text(text + "\n", encoding="utf-8")


def summary(runs: list[dict[str, float]]) -> dict[str, Any]:
    """The medians over the runs, and how each stands to its bar, as it is and scaled."""
    medians = {name: round(statistics.median(run[name] for run in runs), 3) for name in runs[0]}
    slower = medians["prefill_s"] / PREFILL_S
    bars = {}
    for name, bar in BARS.items():
        scaled = bar * slower if name.endswith("_s") else bar
        bars[name] = {
            "measured": medians[name],
            "bar": bar,
            "met": medians[name] < bar,
            "bar_scaled": round(scaled, 2),
            "met_scaled": medians[name] < scaled,
        }
    return {"prefill_s": medians["prefill_s"], "slower": round(slower, 2), "bars": bars}


def one_run(cache: Path) -> dict[str, float]:
    """All figures once, in seconds and GB (10**9 bytes), beginning with an empty ``cache``."""
    found: dict[str, float] = {}
    for name, seconds in _part("preparing", cache / "parts").items():
        found[f"first_start_{name}"] = seconds
    with server(cache / "real") as (_, seconds, _):
        found["first_start_s"] = seconds
    found |= _part("answering", cache / "real")
    with server(cache / "real") as (address, seconds, pid):
        found["later_start_s"] = seconds
        found["after_start_gb"] = _memory_gb(pid, "VmRSS")
        ask(address, "a quiet drama", 5)  # the warm-up
        times = []
        for request in _requests()[:: len(_requests()) // ASKED][:ASKED]:
            begun = time.perf_counter()
            ask(address, request["text"], 5)
            times.append(time.perf_counter() - begun)
        found["reasons_s"] = statistics.median(times)
        found["steady_gb"] = _memory_gb(pid, "VmRSS")
        found["peak_gb"] = _memory_gb(pid, "VmHWM")
    return found


@contextmanager
def server(cache: Path) -> Iterator[tuple[str, float, int]]:
    """A running ``app.py``: its address, the seconds until it answered, its process id."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "app.py")],
        cwd=ROOT,
        env=_environment(cache) | {"CHATREC_PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not _answers(f"{address}/health"):
            if process.poll() is not None:
                sys.exit(f"speed.py: app.py ended with {process.returncode}; run it by hand")
            if time.perf_counter() - begun > START_LIMIT_S:
                sys.exit(f"speed.py: app.py did not answer in {START_LIMIT_S:.0f} s")
            time.sleep(0.05)
        yield address, time.perf_counter() - begun, process.pid
    finally:
        process.terminate()
        process.wait(timeout=60)


def ask(address: str, text: str, k: int) -> None:
    """One request, answered in full."""
    body = json.dumps({"text": text, "k": k}).encode()
    request = urllib.request.Request(
        f"{address}/v1/recommend", body, {"Content-Type": "application/json"}
    )
    with _opener().open(request, timeout=REPLY_LIMIT_S) as reply:
        json.load(reply)


def preparing() -> dict[str, float]:
    """Seconds of the two things that only the first start does."""
    from chatrec.data.workspace import Workspace
    from chatrec.generation.gguf import default_decoder_dir
    from chatrec.retrieval.dense import TextEncoder, item_vectors

    begun = time.perf_counter()
    default_decoder_dir()
    converted = time.perf_counter()
    encoder = TextEncoder()
    encoder.encode(["loads the encoder"])
    loaded = time.perf_counter()
    item_vectors(Workspace.builtin(), encoder)
    return {
        "convert_s": converted - begun,
        "load_encoder_s": loaded - converted,
        "embed_s": time.perf_counter() - loaded,
    }


def answering() -> dict[str, float]:
    """Seconds of a prefill and of a ranked list, medians, in one warm process."""
    from chatrec.assemble import assemble
    from chatrec.generation.model import LocalDecoder, load_decoder
    from chatrec.settings import Settings

    decoder = load_decoder(None, adapter=None, precision="auto", device="cpu")
    if not isinstance(decoder, LocalDecoder):
        raise TypeError("the default decoder is not a local one")
    ids = list(range(1000, 1000 + PREFILL_TOKENS))
    prefills = [_seconds(lambda: decoder.last_hidden([ids])) for _ in range(6)][1:]
    recommender = assemble(Settings())
    lists, later = [], []
    for request, further in zip([*_requests()[:3], *_requests()], cycle(LATER), strict=False):
        state = recommender.start(None, request.get("liked", ()), request.get("disliked", ()))
        begun = time.perf_counter()
        reply = next(recommender.stream(request["text"], state, request.get("k", 5)))
        lists.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        next(recommender.stream(further, reply.state))
        later.append(time.perf_counter() - begun)
    prefills += [_seconds(lambda: decoder.last_hidden([ids])) for _ in range(6)][1:]
    return {
        "prefill_s": statistics.median(prefills),
        "list_s": statistics.median(lists[3:]),
        "later_list_s": statistics.median(later[3:]),
    }


PARTS: dict[str, Callable[[], dict[str, float]]] = {
    "preparing": preparing,
    "answering": answering,
}


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        if line.startswith("model name")
    ]
    return {
        "cpu": names[0] if names else platform.processor(),
        "cpu_cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "load_before": round(os.getloadavg()[0], 2),
        "omp_num_threads": os.environ.get("OMP_NUM_THREADS", "not set"),
        "python": platform.python_version(),
        "torch": importlib.metadata.version("torch"),
        "transformers": importlib.metadata.version("transformers"),
    }


def _part(name: str, cache: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, __file__, "--part", name],
        cwd=ROOT,
        env=_environment(cache),
        stdout=subprocess.PIPE,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _environment(cache: Path) -> dict[str, str]:
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, "CHATREC_CACHE": str(cache), "PYTHONPATH": path, "HF_HUB_OFFLINE": "1"}


def _requests() -> list[dict[str, Any]]:
    return [json.loads(line) for line in REQUESTS.read_text("utf-8").splitlines()]


def _seconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _memory_gb(pid: int, field: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1024 / 1e9
    raise LookupError(f"/proc/{pid}/status has no {field}")


def _answers(address: str) -> bool:
    try:
        with _opener().open(address, timeout=5) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--to", type=Path, metavar="JSON")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--part", choices=sorted(PARTS), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.runs < 1:
        parser.error(f"--runs is {options.runs}; give 1 or more")
    return options


if __name__ == "__main__":
    main()
