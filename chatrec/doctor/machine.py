"""The machine: processor, threads, memory, disk, GPU and the port to listen on.

What Linux says in ``/proc`` and in its control groups; elsewhere less is known, and that is said.
"""

from __future__ import annotations

import errno
import ipaddress
import os
import platform
import shutil
import socket
from contextlib import suppress
from pathlib import Path

from chatrec.doctor.findings import Finding, ok, warning, wrong
from chatrec.settings import Settings, cache_dir

PROC, CGROUP = Path("/proc"), Path("/sys/fs/cgroup")
GB = 1e9
USUAL_MEMORY_GB = 1.6  # what the chat about the built-in films takes (README, "Measured")
LEAST_MEMORY_GB = 0.8  # the default decoder's weights in float32, with an int8 copy
DISK_GB = 0.5  # the converted decoder, vectors, a database
HEALTH_TIMEOUT_S = 2.0


def check_machine(settings: Settings | None) -> list[Finding]:
    """Everything about the machine that the settings make use of."""
    findings = [check_processor(), check_threads(), check_memory(), *check_gpu(settings)]
    findings.append(check_disk("cache", cache_dir()))
    return findings if settings is None else [*findings, check_port(settings.host, settings.port)]


def check_processor(proc: Path = PROC) -> Finding:
    """Which instructions there are to multiply with."""
    file = proc / "cpuinfo"
    if not file.is_file():
        return ok("processor", f"{platform.machine()}; its features can't be told here")
    words = set(file.read_text("utf-8", errors="replace").split())
    if platform.machine() not in ("x86_64", "AMD64"):
        return ok("processor", platform.machine())
    known = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16")
    found = [name for name in known if name in words]
    if "avx2" not in found:
        return warning(
            "processor", "it has no AVX2, so the decoder is slow", "use a newer processor or a GPU"
        )
    return ok("processor", f"{platform.machine()} with {', '.join(found)}")


def check_threads(cgroup: Path = CGROUP) -> Finding:
    """How many processors may be used, and how many threads will try to."""
    may = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = _quota(cgroup)
    cores = may if quota is None else min(may, max(int(quota), 1))
    asked = os.environ.get("OMP_NUM_THREADS", "")
    threads = int(asked) if asked.isdecimal() and int(asked) > 0 else may
    if threads > cores:
        return warning(
            "threads",
            f"{threads} threads would share the {cores} processors that may be used",
            f"set OMP_NUM_THREADS={cores}",
        )
    return ok("threads", f"{threads} on {cores} processors")


def check_memory(proc: Path = PROC, cgroup: Path = CGROUP) -> Finding:
    """How much memory is left for a start."""
    free = _free_memory(proc, cgroup)
    if free is None:
        return ok("memory", "what is free can't be told here")
    text = f"{free / GB:.1f} GB are free"
    if free < LEAST_MEMORY_GB * GB:
        return wrong(
            "memory", text, f"free {LEAST_MEMORY_GB} GB at least, or use --model URL or nf4"
        )
    if free < USUAL_MEMORY_GB * GB:
        return warning(
            "memory",
            f"{text}, the chat about the built-in films takes {USUAL_MEMORY_GB}",
            "free some, or use --precision nf4",
        )
    return ok("memory", text)


def check_disk(subject: str, folder: Path) -> Finding:
    """Whether files can be written to ``folder``, or to where it will be made, and how many."""
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
        return wrong(
            subject, f"{there} can't be written to", "give chatrec's user the right to write there"
        )
    free = shutil.disk_usage(there).free
    text = f"{folder} has {free / GB:.1f} GB free"
    if free < DISK_GB * GB:
        return warning(subject, text, f"free {DISK_GB} GB there")
    return ok(subject, text)


def check_gpu(settings: Settings | None, devices: Path = Path("/dev")) -> list[Finding]:
    """The GPU that torch sees, if any."""
    import torch

    wants_nf4 = settings is not None and settings.precision == "nf4"
    if torch.cuda.is_available():
        found = torch.cuda.get_device_properties(0)
        text = f"{found.name}, {found.total_memory / GB:.0f} GB"
        return [ok("gpu", f"{text}, bf16 {'yes' if torch.cuda.is_bf16_supported() else 'no'}")]
    if (devices / "nvidiactl").exists():
        return [
            warning(
                "gpu",
                f"there is one, but torch {torch.__version__} can't use it",
                "install the CUDA build of torch, or update the driver",
            )
        ]
    if wants_nf4:
        return [warning("gpu", "none, and on a CPU nf4 is slow", "leave precision at auto")]
    return [ok("gpu", "none; the CPU is used")]


def check_port(host: str, port: int) -> Finding:
    """Whether the server can listen there. The port is let go again at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except (OSError, OverflowError) as error:
        taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        if taken and _answers(host, port):
            return ok("port", f"{host} port {port}: chatrec is answering there")
        return wrong(
            "port",
            f"{host} port {port} can't be listened on ({error})",
            "choose another with CHATREC_PORT, and an address of this machine with CHATREC_HOST",
        )
    return ok("port", f"{host} port {port} is free")


def _answers(host: str, port: int) -> bool:
    """Whether what listens there is chatrec."""
    import httpx

    with suppress(httpx.HTTPError, ValueError):
        name = "localhost" if _is_any(host) else f"[{host}]" if ":" in host else host
        health = httpx.get(f"http://{name}:{port}/health", timeout=HEALTH_TIMEOUT_S)
        return bool(health.json() == {"status": "ok"})
    return False


def _is_any(host: str) -> bool:
    """Whether the host stands for all addresses of this machine."""
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def _quota(cgroup: Path) -> float | None:
    """The processors that a container may use; None without a limit."""
    numbers = _words(cgroup / "cpu.max")
    if len(numbers) == 2 and all(number.isdecimal() for number in numbers):
        return int(numbers[0]) / int(numbers[1])
    return None


def _free_memory(proc: Path, cgroup: Path) -> int | None:
    """Bytes that a new process can have, in this container too; None where that isn't known."""
    words = _words(proc / "meminfo")
    if "MemAvailable:" not in words:
        return None
    free = int(words[words.index("MemAvailable:") + 1]) * 1024
    limit, used = _words(cgroup / "memory.max"), _words(cgroup / "memory.current")
    if limit and used and limit[0].isdecimal():
        stat = _words(cgroup / "memory.stat")
        pairs = dict(zip(stat[::2], stat[1::2], strict=False))
        reclaimable = int(pairs.get("inactive_file", "0"))  # of files read, given back when asked
        free = min(free, max(int(limit[0]) - int(used[0]) + reclaimable, 0))
    return free


def _words(path: Path) -> list[str]:
    return path.read_text("utf-8").split() if path.is_file() else []
