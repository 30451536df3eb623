"""The headers of every answer that tell a browser what it must not do, and the request's id.

The page may run Gradio's inline scripts and templates, and loads nothing from any other host but
the images of hosts that the settings name. Everything else may do nothing at all in a browser.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

API_PATHS = ("/v1/", "/health", "/ready", "/metrics", "/openapi.json")
REQUEST_ID = "X-Request-Id"
NOTHING = "default-src 'none'; frame-ancestors 'none'"


def page_policy(image_hosts: Sequence[str] = ()) -> str:
    """The Content-Security-Policy of the page; pictures may come from ``image_hosts``, by https."""
    pictures = "".join(f" https://{host}" for host in image_hosts)
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval'",  # Gradio's templates are functions
            "style-src 'self' 'unsafe-inline'",
            f"img-src 'self' data: blob:{pictures}",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def headers_for(scope: Scope, policy: str = NOTHING) -> dict[str, str]:
    """The headers of an answer to this request; ``policy`` is the page's."""
    api = str(scope["path"]).startswith(API_PATHS)
    found = {
        "Content-Security-Policy": NOTHING if api else policy,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        # Not "no-referrer" everywhere: browsers would send the page's own forms as of nobody.
        "Referrer-Policy": "no-referrer" if api else "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
    if api:
        found["Cache-Control"] = "no-store"
    request_id = scope.get("state", {}).get("request_id")
    return found | ({REQUEST_ID: request_id} if isinstance(request_id, str) else {})


class SafeHeaders:
    """Adds the headers to every answer that passes, unless the answer has one of its own."""

    def __init__(self, app: ASGIApp, image_hosts: Sequence[str] = ()) -> None:
        self._app = app
        self._policy = page_policy(image_hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        added = headers_for(scope, self._policy)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in added.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)
