"""Who is asking: told by the credential and the connection alone, never by a request's body.

A key belongs to an owner. Without a key, somebody on this machine is the owner ``local``; from
elsewhere only where the settings let anybody in, and then without lists of what was kept. Knows
nothing about what owners own.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from chatrec.errors import StorageError
from chatrec.serving.headers import API_PATHS
from chatrec.serving.problems import RefusedError, answer, of_chatrec
from chatrec.serving.signing_in import COOKIE, SIGN_IN, SignIns
from chatrec.storage import LOCAL_OWNER, acting_for

ANONYMOUS = "(anyone)"  # no name of a key's owner: what callers without a key keep
OPEN_PATHS = frozenset({"/health", "/ready", "/openapi.json", SIGN_IN})
MAX_SECRET_CHARS = 200
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
_STATE = "caller"


class Entry(Protocol):
    """What is known of a key."""

    @property
    def key_id(self) -> str: ...
    @property
    def owner(self) -> str: ...
    @property
    def acts_for_users(self) -> bool: ...


class Keys(Protocol):
    """Tells keys from other strings."""

    def identify(self, secret: str) -> Entry | None:
        """The key with this secret; None for one that is unknown or revoked."""
        ...

    def entries(self) -> tuple[Entry, ...]:
        """Every key ever made, revoked ones too."""
        ...


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. ``key_id`` is None without a key, ``anonymous`` for one who may be anybody."""

    owner: str
    key_id: str | None = None
    acts_for_users: bool = False
    anonymous: bool = False

    def subject(self, user_id: str | None) -> str:
        """Whose data a request is about that names ``user_id``.

        A key that acts for users keeps each user's data apart. Somebody on this machine may name
        any user's history, and stays who they are. RefusedError (403) for anybody else who
        names another than the owner.
        """
        if user_id is None or user_id == self.owner:
            return self.owner
        if self.key_id is None and not self.anonymous:
            return self.owner
        if self.acts_for_users:
            return acting_for(self.owner, user_id)
        raise RefusedError(
            403,
            "user_id may only be the owner of your key; leave it out, or use a key that may act "
            "for users (chatrec keys create --acts-for-users)",
        )


def caller_of(connection: HTTPConnection) -> Caller:
    """Who sent a request that has passed :class:`Identity`."""
    caller = connection.scope["state"][_STATE]
    assert isinstance(caller, Caller)
    return caller


def is_loopback(host: str) -> bool:
    """Whether an address is of this machine alone: 127.0.0.1, ::1 and the like, "localhost"."""
    if host.lower() == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (address if mapped is None else mapped).is_loopback


def host_name(host: str) -> str:
    """The name in a Host header or an origin's authority, without its port.

    >>> host_name("127.0.0.1:7860"), host_name("[::1]:80"), host_name("Example.com")
    ('127.0.0.1', '::1', 'example.com')
    """
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()


class Identity:
    """Lets requests through with their caller, and refuses (401) those of nobody known.

    A wrong key is refused from everywhere, except where no key was ever made: then a bearer from
    this machine means nothing (OpenAI's clients always send one). A request that a proxy passed on
    is not from this machine.
    """

    def __init__(self, app: ASGIApp, keys: Keys, sign_ins: SignIns, allow_anyone: bool) -> None:
        self._app = app
        self._keys = keys
        self._sign_ins = sign_ins
        self._allow_anyone = allow_anyone

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http" or scope["path"] in OPEN_PATHS:
            await self._app(scope, receive, send)
            return
        try:
            caller = await self._caller(scope)
        except RefusedError as error:
            await answer(scope, error.status, error.detail, error.headers)(scope, receive, send)
        except StorageError as error:
            await of_chatrec(scope, error)(scope, receive, send)
        else:
            if caller is None:
                await _unknown(scope)(scope, receive, send)
                return
            scope.setdefault("state", {})[_STATE] = caller
            await self._app(scope, receive, send)

    def _any_key(self) -> bool:
        return bool(self._keys.entries())

    async def _caller(self, scope: Scope) -> Caller | None:
        headers = Headers(scope=scope)
        secret = _bearer(headers)
        local = is_here(scope, headers)
        if secret is not None:
            entry = await run_in_threadpool(self._keys.identify, secret)
            if entry is not None:
                return Caller(entry.owner, entry.key_id, entry.acts_for_users)
            if not local or await run_in_threadpool(self._any_key):
                raise _not_a_key()
        else:
            signed = self._sign_ins.secret_of(HTTPConnection(scope).cookies.get(COOKIE, ""))
            entry = None
            if signed is not None:
                entry = await run_in_threadpool(self._keys.identify, signed)
            if entry is not None:
                return Caller(entry.owner, entry.key_id, entry.acts_for_users)
        if local:
            return Caller(LOCAL_OWNER)
        return Caller(ANONYMOUS, anonymous=True) if self._allow_anyone else None


def is_here(scope: Scope, headers: Headers) -> bool:
    """Whether a request comes from this machine, by itself and to a name of this machine."""
    client = scope.get("client")
    if client is None or not is_loopback(client[0]):
        return False
    if any(name in headers for name in FORWARDED):
        return False
    return is_loopback(host_name(headers.get("host", "")))


def _bearer(headers: Headers) -> str | None:
    given = headers.getlist("authorization")
    if not given:
        return None
    scheme, _, secret = given[0].partition(" ")
    secret = secret.strip()
    if len(given) > 1 or scheme.lower() != "bearer" or not 1 <= len(secret) <= MAX_SECRET_CHARS:
        raise _not_a_key()
    return secret


def _not_a_key() -> RefusedError:
    return RefusedError(
        401,
        "the credential is not a key of this server, or was revoked; send "
        "'Authorization: Bearer KEY' with a key that `chatrec keys` made",
        _CHALLENGE,
    )


_CHALLENGE: Mapping[str, str] = {"WWW-Authenticate": 'Bearer realm="chatrec"'}


def _unknown(scope: Scope) -> Any:
    if scope["path"] == "/" and scope["method"] in ("GET", "HEAD"):
        return RedirectResponse(SIGN_IN, 303)
    where = "send" if str(scope["path"]).startswith(API_PATHS) else f"sign in at {SIGN_IN}, or send"
    detail = f"this needs a key; {where} 'Authorization: Bearer KEY'"
    return answer(scope, 401, detail, _CHALLENGE)
