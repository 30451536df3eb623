"""Signing in to the page with a key: a form, and a cookie that no script can read.

The cookie holds a random name under which this process remembers the key; the key itself stays
out of the browser and out of addresses. A key that is revoked signs nobody in any more.
"""

from __future__ import annotations

import html
import secrets
import threading
import time
from collections import OrderedDict
from typing import Protocol
from urllib.parse import parse_qs

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from chatrec.serving.header import language_of_visit
from chatrec.serving.page_words import say

SIGN_IN = "/sign-in"
SIGN_OUT = "/sign-out"
COOKIE = "chatrec_sign_in"
LASTS_S = 12 * 3600
MOST = 10_000  # sign-ins remembered; the oldest is forgotten beyond that

_FORM = """<!doctype html>
<html lang="LANGUAGE"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>chatrec: SIGN_IN</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:15vh auto;padding:0 1rem;
color-scheme:light dark}input,button{font:inherit;padding:.5rem;width:100%;box-sizing:border-box;
margin-top:.5rem}</style>
<main><h1>chatrec</h1><p role="status">SAID</p>
<form method="post"><label for="key">YOUR_KEY</label>
<input id="key" name="key" type="password" autocomplete="current-password" maxlength="200" required
autofocus><button>SIGN_IN</button></form></main></html>
"""


class Identifies(Protocol):
    """Tells keys from other strings."""

    def identify(self, secret: str) -> object | None:
        """The key with this secret; None for one that is unknown or revoked."""
        ...


class SignIns:
    """Which key each cookie stands for; for one process, and safe to use from several threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, secret: str) -> str:
        """A new cookie's value for a key that was found to be right."""
        name = secrets.token_urlsafe(32)
        with self._lock:
            self._kept[name] = (secret, time.monotonic() + LASTS_S)
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return name

    def secret_of(self, name: str) -> str | None:
        """The key that a cookie stands for; None where it is unknown or has run out."""
        with self._lock:
            secret, until = self._kept.get(name, ("", 0.0))
        return secret if until > time.monotonic() else None

    def remove(self, name: str) -> None:
        """Forgets a cookie."""
        with self._lock:
            self._kept.pop(name, None)


def add_sign_in(app: FastAPI, keys: Identifies, sign_ins: SignIns) -> None:
    """The form at ``/sign-in`` and the way out at ``/sign-out``."""

    @app.get(SIGN_IN, include_in_schema=False)
    async def form(request: Request) -> HTMLResponse:
        return _form(request, "for_keys", 200)

    @app.post(SIGN_IN, include_in_schema=False)
    async def sign_in(request: Request) -> Response:
        fields = parse_qs((await request.body()).decode("utf-8", "replace"), max_num_fields=4)
        secret = fields.get("key", [""])[0].strip()
        if not secret or await run_in_threadpool(keys.identify, secret) is None:
            return _form(request, "wrong_key", 401)
        response = RedirectResponse("/", 303)
        https = "https" in (request.url.scheme, request.headers.get("x-forwarded-proto", ""))
        response.set_cookie(
            COOKIE,
            sign_ins.add(secret),
            max_age=LASTS_S,
            httponly=True,
            samesite="lax",
            secure=https,
        )
        return response

    @app.post(SIGN_OUT, include_in_schema=False)
    async def sign_out(request: Request) -> Response:
        sign_ins.remove(request.cookies.get(COOKIE, ""))
        response = RedirectResponse(SIGN_IN, 303)
        response.delete_cookie(COOKIE, httponly=True, samesite="lax")
        return response


def _form(request: Request, said: str, status: int) -> HTMLResponse:
    """The form in the visitor's language, with these words of the page said above it."""
    language = language_of_visit(request.cookies, request.headers.get("accept-language", ""))
    page = _FORM.replace("LANGUAGE", language)
    for mark, name in (("SAID", said), ("YOUR_KEY", "your_key"), ("SIGN_IN", "sign_in")):
        page = page.replace(mark, html.escape(say(name, language)))
    return HTMLResponse(page, status)
