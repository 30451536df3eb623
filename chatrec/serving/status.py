"""Whether the server lives, whether it answers at once, and its figures for Prometheus."""

from __future__ import annotations

from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from chatrec.serving.answers import HealthOut, ProblemOut, ReadyOut, Responses, responses
from chatrec.serving.metrics import Metrics
from chatrec.serving.turns import Turns
from chatrec.storage import Storage

_READY: Responses = {
    200: {"model": ReadyOut},
    503: {
        "description": "not yet, not any more, or without its database",
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/ReadyOut"}},
            "application/problem+json": {
                "schema": {"$ref": f"#/components/schemas/{ProblemOut.__name__}"}
            },
        },
    },
}
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def add_status(
    app: FastAPI, turns: Turns, storage: Storage, metrics: Metrics, model: str | None
) -> None:
    """``/health``, ``/ready`` and ``/metrics``. ``model`` is the decoder's setting."""
    catalog = turns.recommender.catalog
    facts = {
        "items": len(catalog),
        "domain": catalog.domain,
        "decoder": decoder_kind(model),
        "encoder": turns.recommender.equipment.reading,
        "database": storage.kind,
    }
    metrics.watch(turns)

    @app.get("/health", tags=["operations"], responses={200: {"model": HealthOut}})
    async def health() -> dict[str, str]:
        """The process answers, whatever else."""
        return {"status": "ok"}

    @app.get(
        "/ready",
        tags=["operations"],
        response_model=None,
        responses=_READY,
    )
    async def ready() -> JSONResponse:
        """200 once warm, with the database at hand; 503 before that and while the server stops.

        Where warming up has failed, asking has it tried again.
        """
        status = "closing" if turns.closing else turns.warmth
        if status == "failed":
            turns.warm_up()
        await run_in_threadpool(storage.check)
        return JSONResponse({"status": status} | facts, 200 if status == "ready" else 503)

    @app.get(
        "/metrics",
        tags=["operations"],
        response_class=Response,
        responses=responses({"content": {"text/plain": {"schema": {"type": "string"}}}}),
    )
    async def figures() -> Response:
        """Prometheus' text format; for this machine, or with a key."""
        return Response(metrics.text(), media_type=METRICS_TYPE)


def decoder_kind(model: str | None) -> str:
    """What kind of decoder the setting names: an address or a path may hold what is nobody's."""
    if model is None:
        return "default"
    return "remote" if "://" in model else "local"
