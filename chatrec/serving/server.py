"""Runs an application on a listening socket: says where, and ends it without cutting anybody off.

An interrupt (Ctrl-C) ends at once. A SIGTERM drains: ``/ready`` says so, new messages are refused
with Retry-After, those that were taken are answered. Knows nothing about what is served.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import sys
from contextlib import suppress
from types import FrameType

import uvicorn
from fastapi import FastAPI

from chatrec.errors import RequestError
from chatrec.serving.identity import is_loopback
from chatrec.serving.turns import Turns
from chatrec.storage import Keys

CONNECTIONS = 1_000  # open at once; beyond that uvicorn answers 503 itself
GRACE_S = 2  # for answers that are on their way when everything else has ended


class Server(uvicorn.Server):
    """uvicorn's server that prints its address and drains."""

    def __init__(self, app: FastAPI, turns: Turns, address: str, drain_s: float) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                proxy_headers=False,  # whoever writes X-Forwarded-For is not to be believed
                server_header=False,
                limit_concurrency=CONNECTIONS,
                timeout_graceful_shutdown=GRACE_S,
            )
        )
        self._turns = turns
        self._address = address
        self._drain_s = drain_s
        self._terminated = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's, and then the address on standard output."""
        await super().startup(sockets)
        if self.started:
            sys.stdout.write(f"chatrec is answering at {self._address}\n")
            sys.stdout.flush()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Notes which signal it was."""
        self._terminated = self._terminated or sig == signal.SIGTERM
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Drains after a SIGTERM; then as uvicorn's."""
        if self._terminated:
            await asyncio.to_thread(self._turns.drain, self._drain_s)
        # Open pages hold a connection each; that these are cut now is no error to log.
        log = logging.getLogger("uvicorn.error")
        level = log.level
        log.setLevel(logging.CRITICAL)
        await super().shutdown(sockets)
        log.setLevel(level)


def run(app: FastAPI, turns: Turns, listener: socket.socket, address: str, drain_s: float) -> None:
    """Serves until interrupted or terminated."""
    server = Server(app, turns, address, drain_s)
    with suppress(KeyboardInterrupt):  # the way to end it
        server.run(sockets=[listener])


def listening(host: str, port: int) -> socket.socket:
    """A socket on that address; port 0 takes a free one. RequestError where it can't be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        raise RequestError(
            f"cannot listen on {host} port {port} ({error}); "
            "choose a free port with --port and an address of this machine with --host"
        ) from error


def check_reach(host: str, keys: Keys, allow_anyone: bool) -> None:
    """RequestError for an address that others can reach while there is no key to tell them by."""
    if not (is_loopback(host) or allow_anyone or keys.any_active()):
        raise RequestError(
            f"host {host!r} can be reached from other machines, and there is no API key; make one "
            "with `chatrec keys create OWNER`, or set CHATREC_ALLOW_ANYONE=true to let anybody in"
        )
