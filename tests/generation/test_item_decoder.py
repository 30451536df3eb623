from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from chatrec.errors import ModelError
from chatrec.generation.item_decoder import (
    DecoderShape,
    ItemDecoder,
    ItemNetwork,
    title_embeddings,
)
from chatrec.generation.loading import load_layers
from tests.generation.tiny_decoders import FAMILIES, tiny_model

N, WIDTH = 7, 4
SHAPE = DecoderShape(depth=1, rank=2, window=5)


def stack(family: str = "llama", depth: int = 1) -> Any:
    model, _ = tiny_model(family)
    layers = model.get_decoder()
    layers.layers = layers.layers[:depth]
    layers.config.num_hidden_layers = depth
    return layers


def network(family: str = "llama", seed: int = 0) -> ItemNetwork:
    layers = stack(family)
    torch.manual_seed(seed)
    hidden = layers.config.hidden_size
    made = ItemNetwork(layers, torch.randn(N, hidden), torch.randn(N, WIDTH), SHAPE)
    with torch.no_grad():
        for parameter in made.learnt.values():
            parameter.add_(0.1 * torch.randn_like(parameter))
    return made


@pytest.fixture
def decoder() -> ItemDecoder:
    return ItemDecoder(network(), SHAPE)


def past(*items: int) -> np.ndarray:
    return np.array(items, dtype=np.int32)


@pytest.mark.parametrize("family", FAMILIES)
def test_scores_are_log_probabilities_above_chance_for_every_family(family: str):
    scores = ItemDecoder(network(family), SHAPE).scores([past(0, 1, 2)])
    assert scores.shape == (1, N)
    assert np.exp(scores - np.log(N)).sum() == pytest.approx(1.0, abs=1e-5)


def test_a_past_scores_the_same_alone_and_beside_longer_ones(decoder: ItemDecoder):
    pasts = [past(3), past(0, 1, 2, 3), past(), past(6, 5)]
    together = decoder.scores(pasts)
    for row, alone in zip(together, pasts, strict=True):
        np.testing.assert_allclose(row, decoder.scores([alone])[0], atol=1e-5)
    assert not together[2].any()  # nothing is known after an empty past


def test_the_order_counts_and_only_the_last_items_of_the_window(decoder: ItemDecoder):
    first = decoder.scores([past(0, 1, 2)])[0]
    assert not np.allclose(first, decoder.scores([past(2, 1, 0)])[0])
    long, window = past(6, 6, 0, 1, 2, 3, 4), past(0, 1, 2, 3, 4)
    np.testing.assert_allclose(*decoder.scores([long, window]), atol=1e-5)


def test_a_state_sees_no_later_item():
    made = network().eval()
    with torch.no_grad():
        states = made(torch.tensor([[1, 2, 3], [1, 2, 6]]))
    torch.testing.assert_close(states[0, :2], states[1, :2])
    assert not torch.allclose(states[0, 2], states[1, 2])


def test_only_lora_norms_and_what_belongs_to_items_are_learnt():
    made = network()
    layers = {name for name in made.learnt if name.startswith("layers.")}
    assert layers
    assert all("lora_" in name or "norm" in name for name in layers)
    assert set(made.learnt) - layers == {
        "entering", "leaving", "bias", "enter.weight", "leave.weight", "leave.bias",
    }  # fmt: skip


def test_what_was_saved_scores_the_same_on_fresh_layers(decoder: ItemDecoder):
    again = ItemDecoder.from_tensors(decoder.tensors(), stack())
    pasts = [past(0, 1, 2), past(4)]
    np.testing.assert_allclose(again.scores(pasts), decoder.scores(pasts), atol=1e-6)


@pytest.mark.parametrize("broken", ["missing", "shape"])
def test_tensors_that_do_not_fit_are_refused(decoder: ItemDecoder, broken: str):
    tensors = decoder.tensors()
    name = "network.leave.weight"
    tensors = {n: t for n, t in tensors.items() if n != name}
    if broken == "shape":
        tensors[name] = np.zeros((WIDTH, 3), dtype=np.float32)
    with pytest.raises(ModelError, match="train it again"):
        ItemDecoder.from_tensors(tensors, stack())


def test_titles_are_means_of_their_tokens_as_large_as_embeddings_are():
    layers = stack()
    table = layers.get_input_embeddings().weight.detach()
    found = title_embeddings(layers, lambda title: [1, 2] if title else [], ["Moon", ""])
    usual = table.square().mean().sqrt()
    torch.testing.assert_close(found.square().mean(dim=1).sqrt(), usual.expand(2))
    direction = torch.nn.functional.cosine_similarity(found[0], (table[1] + table[2]) / 2, dim=0)
    assert float(direction) == pytest.approx(1.0, abs=1e-5)
    assert torch.isfinite(found).all()


def test_the_first_layers_are_those_of_the_whole_decoder(tiny_model_folder: Path):
    layers, tokenizer = load_layers(str(tiny_model_folder), 1, cache=None)
    whole, same = tiny_model("llama")
    ids = torch.tensor([tokenizer.encode("the moon", add_special_tokens=False)])
    assert ids.tolist() == [same.encode("the moon", add_special_tokens=False)]
    seen = whole.get_decoder()(ids, output_hidden_states=True).hidden_states[1]
    torch.testing.assert_close(layers(ids).last_hidden_state, layers.norm(seen))


@pytest.mark.parametrize("depth", [0, 3])
def test_a_depth_that_the_decoder_lacks_is_refused(tiny_model_folder: Path, depth: int):
    with pytest.raises(ModelError, match=f"depth is {depth}; .* has 1 to 2 layers"):
        load_layers(str(tiny_model_folder), depth, cache=None)
