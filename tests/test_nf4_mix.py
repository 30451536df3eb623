"""The benchmark of the mix of 4 and 8 bits: chances, its figures from them, and their text."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from chatrec.generation.item_head import ItemHead

with pytest.MonkeyPatch.context() as patch:
    patch.syspath_prepend(str(Path(__file__).resolve().parent.parent / "benchmarks"))
    from nf4_mix import in_int8, in_nf4, in_parts, log_chances
    from nf4_mix_report import divergence, expected, figures, markdown


def logs(*chances: float) -> Any:
    return np.log(np.array(chances))


def test_what_was_met_has_no_chance_and_the_rest_sum_to_one() -> None:
    torch.manual_seed(0)
    head = ItemHead(hidden_size=6, text_dim=4, width=5)
    data: Any = SimpleNamespace(
        items=np.eye(4, 5, dtype=np.float32), popularity=np.zeros(4, dtype=np.float32)
    )
    with torch.no_grad():
        chances = log_chances(head, data, torch.randn(6), [2])
    assert chances[2] == -torch.inf
    assert chances.exp().sum().item() == pytest.approx(1, abs=1e-6)


def test_expected_gain_and_divergence_by_hand() -> None:
    halves = logs(0.5, 0.25, 0.25)
    in_order, reversed_order = np.array([3.0, 2.0, 1.0]), np.array([1.0, 2.0, 3.0])
    third = 1 / np.log2(3)
    assert expected(halves, in_order) == pytest.approx(0.5 + 0.25 * third + 0.25 / 2)
    assert expected(halves, reversed_order) == pytest.approx(0.25 + 0.25 * third + 0.5 / 2)
    assert divergence(halves, halves) == 0
    assert divergence(logs(0.5, 0.5), logs(0.8, 0.2)) == pytest.approx(0.5 * np.log(1 / 0.64))
    unmet = np.array([np.log(1.0), -np.inf])
    assert divergence(unmet, unmet) == 0


def test_int8_is_far_closer_than_nf4() -> None:
    torch.manual_seed(0)
    weight = torch.randn(8, 128).bfloat16()
    off = [float((back(weight) - weight.float()).norm()) for back in (in_nf4, in_int8)]
    assert 0 < off[1] < 0.2 * off[0]


def test_cases_come_in_parts_of_a_size() -> None:
    assert list(in_parts([1, 2, 3, 4, 5], 2)) == [[1, 2], [3, 4], [5]]


def test_figures_compare_each_form_with_bf16_on_the_same_cases() -> None:
    harm = [
        ("toy", 9, {"nf4": {"layers.0.mlp.up_proj.weight": 2.0, "embed_tokens.weight": 1.0},
                    "int8": {"layers.0.mlp.up_proj.weight": 0.0, "embed_tokens.weight": 0.5}}),
        ("toy", 9, {"nf4": {"layers.0.mlp.up_proj.weight": 0.0, "embed_tokens.weight": -1.0},
                    "int8": {"layers.0.mlp.up_proj.weight": 0.0, "embed_tokens.weight": 0.5}}),
    ]  # fmt: skip
    part = {
        "users": [1, 2],
        "targets": [0, 1],
        "forms": {
            "bf16": [logs(0.6, 0.4), logs(0.6, 0.4)],
            "nf4, mixed": [logs(0.4, 0.6), logs(0.6, 0.4)],
        },
    }
    found = figures(harm, {"bf16": 100, "nf4, mixed": 41}, {"test": part})
    assert found["weights / bf16"] == 0.41
    assert found["harm"]["kinds"]["up_proj"] == {"nf4": 2.0, "int8": 0.0}
    assert found["harm"]["kinds"]["embed_tokens"] == {"nf4": 1.0, "int8": 0.25}
    assert list(found["harm"]["layers"]) == ["0"]
    second = 1 / np.log2(3)
    mixed = found["parts"]["test"]["nf4, mixed"]
    assert mixed["ndcg@10"]["mean"] == pytest.approx(second)
    assert mixed["ndcg@10"]["reference"] == pytest.approx((1 + second) / 2)
    drawn = mixed["ndcg@10, chosen by the head"]
    assert drawn["difference"] == pytest.approx((0.4 + 0.6 * second - 0.6 - 0.4 * second) / 2)
    assert found["parts"]["test"]["bf16"]["divergence"]["mean"] == 0
    validation = {"nf4": {**mixed, "ndcg@10, chosen by the head": {**drawn, "change": -0.095}}}
    found["parts"]["validation"] = validation
    text = markdown({"file": "x.json", **found})
    assert "of every map in NF4 it says -9.5%" in text
    assert "| test | 2 | nf4, mixed | 0.6309 |" in text
    assert "| nf4 | 2.00000 | 1.00000 |" in text
