import json
import math
import random
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file
from tiny_decoders import tiny_decoder

from chatrec.data.catalog import Catalog
from chatrec.errors import ModelError, RequestError
from chatrec.generation.item_head import ItemHead
from chatrec.generation.loading import quiet_peft
from chatrec.generation.lora_merge import is_plain_lora
from chatrec.settings import LoraKind
from chatrec.training.batches import Steps, Tokens, stream
from chatrec.training.examples import (
    Met,
    TrainingSet,
    histories_of,
    history_example,
    part_of,
    window_example,
    wish_example,
)
from chatrec.training.lora import TuneOptions, tune
from chatrec.training.tensors import hidden_states
from chatrec.training.wishes import sample_wish
from chatrec.types import Interaction, Item

CATALOG = Catalog(
    [
        Item(
            str(i), f"Film {chr(65 + i)}", 1980 + i, ("Drama",) if i % 2 else ("Comedy",),
            (f"Maker {chr(65 + i)}",), (f"Actor {chr(65 + i)}",), ("France",),
            keywords=("chess", "winter") if i % 2 else ("summer", "road trip"),
            description="A clerk walks from Lyon to the sea with a borrowed map and no money.",
        )
        for i in range(8)
    ]
)  # fmt: skip
OPTIONS = TuneOptions(
    steps=6, windows=1, wishes=2, sentences=1, rank=4, item_batches=3, ridge_windows=2, seed=1
)


def data() -> TrainingSet:
    history = tuple(Met(i % 8, True) for i in range(30))
    vectors = np.eye(8, 12, dtype=np.float32)
    return TrainingSet(CATALOG, (history, history[3:]), vectors)


def test_every_lines_end_predicts_the_item_after_it():
    example = window_example(data(), random.Random(0), lambda text: list(text.encode()))
    text = bytes(example.ids).decode()
    assert len(example.positions) == len(example.targets) > 3
    for position, (target,) in zip(example.positions, example.targets, strict=True):
        assert text[position] == "\n"
        rest = text[position + 1 :]
        assert not rest or rest.startswith(f"+ {CATALOG.items[target].title}\n")


def test_a_dropped_item_is_neither_shown_nor_a_target():
    kept = window_example(data(), random.Random(5), lambda text: list(text.encode()), dropout=0.7)
    whole = window_example(data(), random.Random(5), lambda text: list(text.encode()))
    assert 0 < len(kept.targets) < len(whole.targets)


def test_a_history_example_begins_at_the_first_item_and_ends_with_a_target():
    history = data().histories[0][:4]
    example = history_example(CATALOG, history, lambda text: list(text.encode()))
    assert example.targets == ((1,), (2,), (3,))
    assert bytes(example.ids).decode().endswith("+ Film A\n+ Film B\n+ Film C\n")


def test_steps_are_the_same_whoever_makes_them():
    tokens = Tokens(lambda text: list(text.encode()), lambda prompt: [1, 2], 0)
    steps = Steps([data()], OPTIONS, tokens)
    own = list(stream(steps, 2, workers=0))
    assert len(own) == OPTIONS.steps - 2
    assert own == list(stream(steps, 2, workers=1))
    assert [bool(step.wishes) for step in own] == [True, False, True, False]
    assert [bool(step.sentences) for step in own] == [False, True, False, True]


def test_a_set_without_histories_gives_no_windows_of_its_own():
    silent = TrainingSet(CATALOG, (), np.eye(8, 12, dtype=np.float32))
    tokens = Tokens(lambda text: list(text.encode()), lambda prompt: [1, 2], 0)
    steps = Steps([silent, data()], OPTIONS, tokens)
    assert {steps[step].history_set for step in range(6)} == {1}
    assert {steps[step].wish_set for step in range(6)} == {0, 1}


def test_sets_that_no_user_can_be_learnt_from_in_are_refused():
    silent = TrainingSet(CATALOG, (), np.eye(8, 12, dtype=np.float32))
    tokens = Tokens(lambda text: list(text.encode()), lambda prompt: [1, 2], 0)
    with pytest.raises(RequestError, match="no user is left to learn from"):
        Steps([silent, silent], OPTIONS, tokens)


def test_a_wish_is_read_at_the_prompts_end_and_is_fulfilled_by_its_targets():
    example = wish_example(data(), random.Random(4), lambda text: list(text.encode()))
    assert example.positions == (len(example.ids) - 1,)
    assert example.targets[0]


def test_wishes_name_what_their_targets_have():
    rng = random.Random(3)
    for _ in range(50):
        wish = sample_wish(CATALOG, rng)
        assert wish.text
        assert not set(wish.named) & set(wish.targets)


def test_a_theme_that_stands_twice_is_one_theme():
    catalog = Catalog([Item("1", "A", keywords=("chess", "chess"))])
    for seed in range(20):
        assert "chess, " not in sample_wish(catalog, random.Random(seed)).text


def test_a_catalogue_of_bare_titles_has_no_wishes():
    with pytest.raises(RequestError, match="no wish could be made"):
        sample_wish(Catalog([Item("1", "A")]), random.Random(0))


def test_histories_are_ordered_by_time_and_liked_from_the_users_mean_up():
    rows = [Interaction("u", "1", 20.0, 5.0), Interaction("u", "0", 10.0, 1.0)]
    assert histories_of(rows, CATALOG) == {"u": (Met(0, False), Met(1, True))}


@pytest.mark.parametrize("weight", [0.1, 1234.5])
def test_whoever_weighs_all_alike_likes_all(weight):
    rows = [Interaction("u", str(i), float(i), weight) for i in range(3)]
    assert [met.liked for met in histories_of(rows, CATALOG)["u"]] == [True, True, True]


def test_a_user_keeps_their_part_and_parts_have_their_shares():
    parts = [part_of(str(user), 2026) for user in range(2000)]
    assert parts == [part_of(str(user), 2026) for user in range(2000)]
    assert parts.count("test") / 2000 == pytest.approx(0.10, abs=0.03)
    assert parts.count("validation") / 2000 == pytest.approx(0.05, abs=0.02)


def test_a_killed_run_ends_where_an_unbroken_one_does(tmp_path):
    class KilledError(Exception):
        pass

    def kill(step, steps, losses):
        if step == 4:
            raise KilledError

    tune(tiny_decoder("llama"), [data()], OPTIONS, tmp_path / "whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("chatrec.training.lora.CHECKPOINT_EVERY_S", -1.0)
        with pytest.raises(KilledError):
            tune(tiny_decoder("llama"), [data()], OPTIONS, tmp_path / "broken", report=kill)
    tune(tiny_decoder("llama"), [data()], OPTIONS, tmp_path / "broken")
    whole = load_file(tmp_path / "whole" / "checkpoint.safetensors")
    broken = load_file(tmp_path / "broken" / "checkpoint.safetensors")
    assert whole.keys() == broken.keys()
    for name, value in whole.items():
        assert torch.allclose(value, broken[name], atol=1e-5), name


def test_training_changes_lora_and_head(tmp_path):
    decoder = tiny_decoder("llama")
    model, head = tune(decoder, [data()], OPTIONS, tmp_path / "run")
    changed = [p.detach() for n, p in model.named_parameters() if "lora_B" in n]
    assert changed
    assert all(float(p.abs().max()) > 0 for p in changed)
    assert float(head.item_outer.weight.detach().abs().max()) > 0


def test_the_parameters_that_validated_best_are_taken(tmp_path):
    validated = replace(data(), validation=data().histories)
    options = replace(OPTIONS, validate_every=2, lora_rate=3e-3)
    model, head = tune(tiny_decoder("llama"), [validated], options, tmp_path / "run")
    log = [json.loads(line) for line in (tmp_path / "run" / "log.jsonl").read_text().splitlines()]
    scores = {
        line["step"]: line["validation history"] * line["validation wish"]
        for line in log
        if "validation history" in line
    }
    assert set(scores) == {2, 4, 6}
    best = load_file(tmp_path / "run" / "best.safetensors")
    for name, parameter in head.named_parameters():
        assert torch.equal(parameter, best[f"head.{name}"]), name
    last = load_file(tmp_path / "run" / "checkpoint.safetensors")
    same = all(torch.equal(best[name], last[name]) for name in best)
    assert same == (max(scores, key=lambda step: scores[step]) == 6)
    assert model is not None


@pytest.mark.parametrize("wishes", [0, 1])
def test_wishes_are_validated_on_where_they_are_learnt(tmp_path, wishes):
    validated = replace(data(), validation=data().histories)
    options = replace(OPTIONS, steps=2, wishes=wishes, validate_every=2)
    tune(tiny_decoder("llama"), [validated], options, tmp_path / "run")
    line = json.loads((tmp_path / "run" / "log.jsonl").read_text().splitlines()[-1])
    assert "validation history" in line
    assert ("validation wish" in line) == bool(wishes)


def test_a_run_that_its_time_ended_is_finished(tmp_path):
    options = replace(OPTIONS, max_seconds=1e-9)
    _, first = tune(tiny_decoder("llama"), [data()], options, tmp_path / "run")
    unbounded = replace(options, max_seconds=math.inf)
    _, again = tune(tiny_decoder("llama"), [data()], unbounded, tmp_path / "run")
    for name, value in first.state_dict().items():
        assert torch.equal(value, again.state_dict()[name]), name


def test_a_run_of_other_data_or_of_another_decoder_is_not_taken_up(tmp_path):
    def steps(decoder, given):
        taken = []
        options = replace(OPTIONS, steps=2)
        tune(decoder, [given], options, tmp_path, report=lambda step, *_: taken.append(step))
        return taken

    assert steps(tiny_decoder("llama"), data()) == [1, 2]
    assert steps(tiny_decoder("llama"), data()) == []
    fewer = replace(data(), histories=data().histories[:1])
    assert steps(tiny_decoder("llama"), fewer) == [1, 2]
    other = tiny_decoder("llama")
    other.name = "another base of the same shape"
    assert steps(other, fewer) == [1, 2]


def test_what_a_gpu_has_no_memory_for_is_taken_in_parts(tmp_path, monkeypatch):
    options = replace(OPTIONS, windows=3, wishes=4, sentences=2, lora_dropout=0.0)
    tune(tiny_decoder("llama"), [data()], options, tmp_path / "whole")

    def small(model, prompts):
        if len(prompts) > 2:
            raise torch.OutOfMemoryError
        return hidden_states(model, prompts)

    monkeypatch.setattr("chatrec.training.lora.hidden_states", small)
    tune(tiny_decoder("llama"), [data()], options, tmp_path / "parted")
    whole, parted = (
        [json.loads(line) for line in (tmp_path / run / "log.jsonl").read_text().splitlines()]
        for run in ("whole", "parted")
    )
    assert [line.pop("parts") for line in parted] == [2.0] * options.steps
    for one, other in zip(whole, parted, strict=True):
        assert other == pytest.approx(one, rel=2e-3)


def test_training_that_runs_away_is_said(tmp_path):
    spoilt = replace(data(), text_vectors=np.full((8, 12), np.nan, dtype=np.float32))
    with pytest.raises(ModelError, match="the loss is nan at step 0"):
        tune(tiny_decoder("llama"), [spoilt], OPTIONS, tmp_path)


def test_only_the_decoder_works_in_half_precision(tmp_path, monkeypatch):
    asked = []

    def logits(head, hidden, items, popularity):
        asked.append(torch.is_autocast_enabled("cpu"))
        return own(head, hidden, items, popularity)

    def norm(module, given, out):
        in_half.append(torch.is_autocast_enabled("cpu"))

    own, in_half = ItemHead.logits, []
    monkeypatch.setattr(ItemHead, "logits", logits)
    monkeypatch.setattr(
        "chatrec.training.tensors.half_precision",
        lambda device: torch.autocast(device.type, torch.bfloat16),  # as on a GPU
    )
    decoder = tiny_decoder("llama")
    decoder.model.get_decoder().norm.register_forward_hook(norm)
    validated = replace(data(), validation=data().histories)
    tune(decoder, [validated], replace(OPTIONS, steps=2), tmp_path)
    assert set(in_half) == {True}
    assert set(asked) == {False}


def test_a_step_that_one_example_is_too_much_for_fails(tmp_path, monkeypatch):
    def none(model, prompts):
        raise torch.OutOfMemoryError

    monkeypatch.setattr("chatrec.training.lora.hidden_states", none)
    with pytest.raises(torch.OutOfMemoryError):
        tune(tiny_decoder("llama"), [data()], OPTIONS, tmp_path / "run")


@pytest.mark.parametrize("kind", get_args(LoraKind))
def test_a_loaded_adapter_of_each_kind_is_what_was_trained(tmp_path, kind):
    options = replace(OPTIONS, lora=kind, lora_rate=5e-3)
    decoder = tiny_decoder("llama")
    ids = torch.tensor([[3, 1, 4, 1, 5, 9, 2, 6]])
    base = decoder.model(ids).logits
    model, _ = tune(decoder, [data()], options, tmp_path / "run")
    trained = model.eval()(ids).logits
    assert not torch.allclose(base, trained, atol=1e-3)
    model.save_pretrained(str(tmp_path / "adapter"))
    assert is_plain_lora(tmp_path / "adapter") == (kind != "dora")
    with quiet_peft():
        loaded = PeftModel.from_pretrained(tiny_decoder("llama").model, str(tmp_path / "adapter"))
    assert torch.allclose(loaded.eval()(ids).logits, trained, atol=1e-4)


def test_a_killed_run_of_singular_parts_ends_as_an_unbroken_one(tmp_path):
    options = replace(OPTIONS, lora="pissa")
    whole, _ = tune(tiny_decoder("llama"), [data()], options, tmp_path / "run")
    again, _ = tune(tiny_decoder("llama"), [data()], options, tmp_path / "run")  # taken up
    for (name, one), other in zip(whole.named_parameters(), again.parameters(), strict=True):
        assert torch.allclose(one, other, atol=1e-6), name
