"""A run's folder: what is put back, and what isn't taken up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from chatrec.training.checkpoints import BEST, CHECKPOINT, LOG, Checkpoints

Weights = dict[str, torch.nn.Parameter]


def begun(run: Path, identity: str = "a", value: float = 1.0) -> tuple[Checkpoints, Weights]:
    """A run whose two parameters are all ``value``."""
    named = {name: torch.nn.Parameter(torch.full((2, 3), value)) for name in ("down", "up")}
    optimiser = torch.optim.AdamW(list(named.values()), lr=0.1)
    return Checkpoints(run, identity, named, optimiser), named


def learn(kept: Checkpoints, named: Weights) -> None:
    sum(parameter.square().sum() for parameter in named.values()).backward()
    kept._optimiser.step()
    kept._optimiser.zero_grad()


def test_a_run_taken_up_goes_on_as_one_that_was_not_killed(tmp_path: Path) -> None:
    whole, weights = begun(tmp_path / "whole")
    learn(whole, weights)
    whole.save(step=1, loss=0.25, finished=False)
    again, others = begun(tmp_path / "whole", value=9.0)
    assert again.resume() == {"step": 1, "loss": 0.25, "finished": False}
    for run, named in ((whole, weights), (again, others)):
        learn(run, named)
    for name, parameter in weights.items():
        assert torch.equal(parameter, others[name]), name


def test_a_checkpoint_of_something_else_changes_nothing(tmp_path: Path) -> None:
    kept, _ = begun(tmp_path, "a")
    kept.save(step=1)
    other, weights = begun(tmp_path, "b", value=9.0)
    assert other.resume() is None
    assert all((parameter == 9.0).all() for parameter in weights.values())
    assert begun(tmp_path / "new")[0].resume() is None


def test_parameters_without_an_optimisers_state_are_taken_up(tmp_path: Path) -> None:
    kept, _ = begun(tmp_path, value=2.0)
    kept.save(step=0)
    again, weights = begun(tmp_path, value=9.0)
    assert again.resume() == {"step": 0}
    assert all((parameter == 2.0).all() for parameter in weights.values())
    learn(again, weights)


def test_the_best_parameters_come_back(tmp_path: Path) -> None:
    kept, weights = begun(tmp_path)
    kept.keep_best()
    learn(kept, weights)
    assert not (weights["up"] == 1.0).any()
    kept.take_best()
    assert (weights["up"] == 1.0).all()


def test_a_checkpoint_is_replaced_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, weights = begun(tmp_path)
    kept.save(step=1)

    def killed(*given: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("chatrec.training.checkpoints.save_file", killed)
    learn(kept, weights)
    with pytest.raises(KeyboardInterrupt):
        kept.save(step=2)
    assert begun(tmp_path)[0].resume() == {"step": 1}
    assert {path.name for path in tmp_path.iterdir()} == {CHECKPOINT}


def test_the_log_has_a_line_for_each_call(tmp_path: Path) -> None:
    kept, _ = begun(tmp_path)
    kept.log({"step": 1, "loss": 0.5})
    kept.log({"step": 2, "loss": 0.25})
    lines = [json.loads(line) for line in (tmp_path / LOG).read_text().splitlines()]
    assert lines == [{"step": 1, "loss": 0.5}, {"step": 2, "loss": 0.25}]
    assert not (tmp_path / BEST).exists()
