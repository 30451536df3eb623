"""The OpenAPI document: complete, and true of what the routes answer."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from chatrec.serving.openapi import OPEN
from tests.serving.conftest import MakeApp, calling

POSITIVE = schemathesis.GenerationMode.POSITIVE  # the other kind breaks the document's rules
LONG = int(os.environ.get("CHATREC_FUZZ_REQUESTS", "300"))  # of each kind, to each operation
PATHS = (
    "/v1/recommend",
    "/v1/chat/completions",
    "/v1/models",
    "/v1/models/{name}",
    "/v1/feedback",
    "/v1/profile",
    "/v1/sessions",
    "/v1/sessions/{session_id}",
    "/v1/sessions/{session_id}/moved",
    "/v1/export",
    "/v1/data",
    "/health",
    "/ready",
    "/metrics",
)
BODIES = (
    "RecommendBody",
    "ChatBody",
    "FeedbackBody",
    "ProfileBody",
    "TitleBody",
)


def test_every_route_is_described_with_its_errors(app: FastAPI) -> None:
    paths = app.openapi()["paths"]
    assert set(paths) == set(PATHS)
    for path, operations in paths.items():
        for method, operation in operations.items():
            assert operation["description"] or operation["summary"], (method, path)
            assert operation["tags"]
            if path not in OPEN:
                assert {"401", "403", "421"} <= set(operation["responses"]), (method, path)
                assert {"key": []} in operation["security"]


def test_every_reference_leads_somewhere(app: FastAPI) -> None:
    document = app.openapi()
    schemas = document["components"]["schemas"]
    found = set(_references(document))
    assert len(found) > 20
    assert {name.removeprefix("#/components/schemas/") for name in found} <= set(schemas)
    assert "HTTPValidationError" not in schemas


def _references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [name for value in part.values() for name in _references(value)]
    if isinstance(part, list):
        return [name for value in part for name in _references(value)]
    return []


@pytest.mark.parametrize("name", BODIES)
def test_bodies_have_an_example_and_refuse_the_rest(app: FastAPI, name: str) -> None:
    schema = app.openapi()["components"]["schemas"][name]
    assert schema["examples"]
    assert schema["additionalProperties"] is False


def test_the_document_is_served(client: TestClient) -> None:
    assert client.get("/openapi.json").json()["openapi"].startswith("3.")


def test_examples_of_the_document_are_accepted(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    tried = 0
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {})
            reference = content.get("application/json", {}).get("schema", {}).get("$ref", "")
            name = reference.rpartition("/")[2]
            for example in document["components"]["schemas"].get(name, {}).get("examples", ()):
                answer = client.request(method, path.replace("{session_id}", "x"), json=example)
                assert answer.status_code not in (415, 422), (path, answer.text)
                assert answer.status_code < 500
                tried += 1
    assert tried == len(BODIES)


def test_nothing_that_the_document_allows_or_not_breaks_the_server(make_app: MakeApp) -> None:
    assert _fuzz(make_app(max_waiting=1000, max_waiting_each=1000), PATHS, 10) > 100


@pytest.mark.long
@pytest.mark.parametrize("path", PATHS)
def test_no_path_breaks_under_many_requests(
    make_app: MakeApp, path: str, record_property: Callable[[str, object], None]
) -> None:
    sent = _fuzz(make_app(max_waiting=1000, max_waiting_each=1000), (path,), LONG)
    record_property("requests", sent)
    assert sent


def _fuzz(app: FastAPI, paths: Sequence[str], examples: int) -> int:
    """Sends requests made up from the document, right ones and wrong ones; how many.

    Fails on a server error, and on a status, content type or JSON that the document doesn't have.
    """
    schema = schemathesis.openapi.from_dict(app.openapi())
    checks = [
        not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_schema_conformance,
    ]
    tried = 0
    with calling(app) as client:

        def send(case: schemathesis.Case) -> None:
            nonlocal tried
            tried += 1
            asked = case.as_transport_kwargs(base_url="http://127.0.0.1")
            assert not asked.pop("cookies")  # which the client doesn't take one by one
            asked["content"] = asked.pop("data", None)  # as the client calls it
            case.validate_response(client.request(**asked), checks=checks)

        for found in schema.get_all_operations():
            operation = found.ok()
            if operation.path not in paths:
                continue
            parts = [*operation.iter_parameters(), *operation.body]
            for mode in schemathesis.GenerationMode if parts else (POSITIVE,):
                cases = operation.as_strategy(generation_mode=mode)
                check = given(case=cases)(lambda case: send(case))
                settings(
                    max_examples=examples,
                    deadline=None,
                    database=None,
                    derandomize=True,
                    phases=(Phase.generate,),  # making a failure small takes minutes
                    suppress_health_check=list(HealthCheck),
                )(check)()
    return tried
