"""The HTTP interface: translates requests into calls of a built recommender, and replies into JSON.

Here its parts are put together; each route is in the module of its subject, the chat page at ``/``.
Knows nothing about how the recommender was put together.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.middleware.cors import CORSMiddleware

from chatrec import __version__
from chatrec.conversation.recommender import Recommender
from chatrec.errors import DataError, StorageError
from chatrec.serving import ui
from chatrec.serving.completions import Completions, add_completions
from chatrec.serving.headers import REQUEST_ID, SafeHeaders
from chatrec.serving.identity import Identity, is_loopback
from chatrec.serving.limits import BodyLimits
from chatrec.serving.logs import RequestLog, set_up
from chatrec.serving.metrics import Metrics
from chatrec.serving.moving import Moving, add_moved
from chatrec.serving.openapi import described
from chatrec.serving.origins import Origins
from chatrec.serving.pictures import Pictures, add_pictures
from chatrec.serving.problems import add_handlers, answer
from chatrec.serving.recommending import Recommending, add_recommend
from chatrec.serving.records import Records, add_records
from chatrec.serving.server import check_reach, listening, run
from chatrec.serving.signing_in import SignIns, add_sign_in
from chatrec.serving.status import add_status
from chatrec.serving.turns import TurnLimits, Turns
from chatrec.settings import Settings
from chatrec.storage import Storage, open_storage

RETENTION_CHECK_S = 24 * 3600

_log = logging.getLogger(__name__)


def create_app(recommender: Recommender, settings: Settings, storage: Storage) -> FastAPI:
    """The application: ``/v1/...``, ``/health``, ``/ready``, ``/metrics``, the chat page at ``/``.

    ``storage`` is the caller's to close. ``app.state.turns`` are its turns.
    """
    metrics = Metrics()
    limits = TurnLimits(settings.max_waiting, settings.max_waiting_each, settings.turn_timeout_s)
    turns = Turns(recommender, limits, metrics, workers=settings.turns_at_once)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        turns.warm_up()
        forgetting = asyncio.create_task(_forget(storage, settings.retention_days))
        yield
        forgetting.cancel()
        turns.close()

    app = FastAPI(
        title="chatrec", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None
    )
    app.state.turns = turns
    add_handlers(app)
    sign_ins = SignIns()
    _add_middleware(app, settings, storage, sign_ins, metrics)
    recommending = Recommending(turns, storage)
    add_recommend(app, recommending)
    add_moved(app, Moving(turns, storage.sessions, recommending.incognito))
    add_completions(app, Completions(turns, metrics), recommender)
    add_records(app, Records(recommender, storage), storage)
    add_status(app, turns, storage, metrics, settings.model)
    add_sign_in(app, storage.keys, sign_ins)
    _add_unknown(app)
    described(app)
    pictures = Pictures(recommender.catalog, settings.data, settings.image_hosts)
    add_pictures(app, pictures)
    return ui.mount(app, turns, pictures.address, storage)


def serve(recommender: Recommender, host: str, port: int, settings: Settings | None = None) -> None:
    """Serves until interrupted, and prints the address once it is answering.

    Port 0 takes a free one. ``settings`` None: those of the environment and ``chatrec.toml``.
    Raises RequestError where the address can't be used, or may not be without a key.
    """
    settings = Settings() if settings is None else settings
    storage = open_storage(settings.database_address())
    try:
        check_reach(host, storage.keys, settings.allow_anyone)
        with listening(host, port) as listener:
            bound_port = listener.getsockname()[1]
            address = f"http://{f'[{host}]' if ':' in host else host}:{bound_port}"
            set_up(settings.logs)
            app = create_app(recommender, settings.model_copy(update={"host": host}), storage)
            run(app, app.state.turns, listener, address, settings.drain_s)
    finally:
        storage.close()


def _add_middleware(
    app: FastAPI, settings: Settings, storage: Storage, sign_ins: SignIns, metrics: Metrics
) -> None:
    """What every request passes, the last added first."""
    app.add_middleware(BodyLimits)
    app.add_middleware(
        Identity, keys=storage.keys, sign_ins=sign_ins, allow_anyone=settings.allow_anyone
    )
    # With no origins named it lets none in, and keeps Gradio from adding a policy of its own.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.cors_origins,
        allow_methods=["GET", "POST", "PATCH", "DELETE"],
        allow_headers=["Authorization", "Content-Type", REQUEST_ID],
        expose_headers=[REQUEST_ID, "Retry-After"],
    )
    app.add_middleware(
        Origins,
        on_loopback=is_loopback(settings.host),
        allowed_hosts=settings.allowed_hosts,
        cors_origins=settings.cors_origins,
    )
    app.add_middleware(SafeHeaders, image_hosts=settings.image_hosts)
    app.add_middleware(RequestLog, metrics=metrics)


def _add_unknown(app: FastAPI) -> None:
    """Answers for every other path under /v1, which would otherwise reach the page."""

    @app.api_route(
        "/v1/{path:path}",
        methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
        include_in_schema=False,
    )
    async def unknown(path: str, request: Request) -> JSONResponse:
        known = _operations(app.openapi())
        right = [method for method, pattern in known if _fits(pattern, f"/v1/{path}")]
        if not right:
            detail = f"there is no /v1/{path[:80]}; /openapi.json lists what there is"
            return answer(request.scope, 404, detail)
        allowed = ", ".join(sorted(right))
        detail = f"{request.method} is not allowed for /v1/{path[:80]}; allowed: {allowed}"
        return answer(request.scope, 405, detail, {"Allow": allowed})


def _operations(document: dict[str, Any]) -> list[tuple[str, str]]:
    paths = document["paths"]
    return [(method.upper(), path) for path in paths for method in paths[path]]


def _fits(pattern: str, path: str) -> bool:
    wanted, given = pattern.split("/"), path.split("/")
    return len(wanted) == len(given) and all(
        part == one or (part.startswith("{") and one != "")
        for part, one in zip(wanted, given, strict=True)
    )


async def _forget(storage: Storage, days: int | None) -> None:
    """Once a day, deletes what is older than the setting says; for as long as the server runs."""
    while days is not None:
        try:
            await asyncio.to_thread(storage.delete_older_than, days)
        except (StorageError, DataError) as error:
            _log.error("old data could not be deleted; trying again tomorrow", exc_info=error)
        await asyncio.sleep(RETENTION_CHECK_S)
