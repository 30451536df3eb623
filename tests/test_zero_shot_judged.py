"""The judged requests for unseen catalogues, and the measures that are taken with them."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.zero_shot_judged import (
    REQUESTS,
    PlainBm25,
    Request,
    figures,
    full_precision,
    ndcg,
    parsed,
    precision,
    unjudged,
)
from chatrec.data.catalog import Catalog
from chatrec.types import Item, Query

JUDGED = [parsed(line) for line in REQUESTS.read_text("utf-8").splitlines()]
ASKED = Request("a01", "anime", "mood", "sad", {"best": 2, "half": 1, "bad": 0})


def test_fifty_requests_of_each_domain_are_judged():
    assert Counter(request.domain for request in JUDGED) == {"anime": 50, "app": 50}
    assert len({request.request_id for request in JUDGED}) == 100
    assert {grade for request in JUDGED for grade in request.grades.values()} == {0, 1, 2}
    assert all(any(request.grades.values()) for request in JUDGED)


def test_each_kind_of_request_is_in_the_development_and_in_the_test_part():
    parts = Counter((request.kind, request.part) for request in JUDGED)
    assert {part for _, part in parts} == {"development", "test"}
    assert all(parts[kind, part] > 0 for kind, _ in parts for part in ("development", "test"))


def test_ndcg_is_one_for_the_best_order_and_weighs_grades():
    assert ndcg(ASKED, ["best", "half", "bad"]) == pytest.approx(1.0)
    # Gains 1 and 3 at ranks 1 and 2, over gains 3 and 1: 1 / log2(3) = 0.6309.
    assert ndcg(ASKED, ["half", "best"]) == pytest.approx((1 + 3 * 0.6309) / (3 + 0.6309), abs=1e-4)
    assert ndcg(ASKED, ["bad", "never judged"]) == 0.0


def test_precision_is_of_five_places_and_counts_grades():
    shown = ["best", "half", "bad", "never judged", "other", "best"]
    assert precision(ASKED, shown) == pytest.approx(2 / 5)
    assert full_precision(ASKED, shown) == pytest.approx(1 / 5)


def test_items_without_a_grade_are_given_to_the_judge_and_reported():
    lists = {"a01": {"plain_bm25": ["half", "new"], "fused": ["best", "half"]}}
    assert list(unjudged([ASKED], lists)) == [{"id": "a01", "item_id": "new"}]
    measured = figures([ASKED], lists)["measures"]["all"]
    assert measured["plain_bm25"]["not_judged"] == 0.5
    assert measured["fused"]["not_judged"] == 0.0
    assert measured["fused - plain_bm25"]["ndcg@10"]["mean"] > 0


def test_plain_bm25_puts_rare_words_and_short_texts_first():
    items = (
        Item("long", "One", description="rain " + "and other words " * 20),
        Item("short", "Two", description="rain today"),
        Item("none", "Three", description="sun today"),
    )
    found = PlainBm25(Catalog(items)).retrieve(Query(text="Rain!"), 5)
    assert [candidate.item_id for candidate in found] == ["short", "long"]
