"""Which host a request may name and which pages may send it: against DNS rebinding and forgery.

Knows nothing about who is asking.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from chatrec.serving.identity import host_name, is_loopback
from chatrec.serving.problems import answer

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Origins:
    """Refuses a Host that is not this server's (421), and writes from other sites' pages (403).

    A server on loopback is called ``localhost`` or by a loopback address, and by ``allowed_hosts``;
    one on another address by whatever leads to it, unless ``allowed_hosts`` are named.
    """

    def __init__(
        self,
        app: ASGIApp,
        on_loopback: bool,
        allowed_hosts: Sequence[str] = (),
        cors_origins: Sequence[str] = (),
    ) -> None:
        self._app = app
        self._on_loopback = on_loopback
        self._hosts = frozenset(host.lower() for host in allowed_hosts)
        self._origins = frozenset(cors_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self._is_ours(host):
            detail = (
                f"this server is not {host[:80]!r}; call it by a name of this machine, or name "
                "that host in the setting allowed_hosts"
            )
            await answer(scope, 421, detail)(scope, receive, send)
        elif scope["method"] not in _SAFE and not self._is_welcome(headers.get("origin"), host):
            detail = (
                f"a page of {headers['origin'][:80]!r} may not send this; name that origin in the "
                "setting cors_origins if it may"
            )
            await answer(scope, 403, detail)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_ours(self, host: str) -> bool:
        name = host_name(host)
        if name in self._hosts:
            return True
        return is_loopback(name) if self._on_loopback else not self._hosts

    def _is_welcome(self, origin: str | None, host: str) -> bool:
        if origin is None or origin in self._origins:
            return True
        return origin.partition("://")[2].lower() == host.lower()
