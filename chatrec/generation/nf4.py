"""Quantises a decoder that is in memory to 4 bits.

transformers quantises while it reads a checkpoint, so an adapter can only stand beside the weights
then: in more memory, slower, and further from the decoder it was trained on than if it is merged
first (docs/quality.md, "The shipped adapter in 4 bits"). Knows modules; knows no files.

Of a small decoder in 4 bits half of the memory are the embeddings, where the output is tied to
them. In int8 they lose nearly nothing and leave room for many of the maps in int8 too, within what
4 bits and bf16 embeddings take.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import nn

from chatrec.generation.int8_rows import Int8Embedding, Int8Map, Int8Rows
from chatrec.generation.nf4_rounding import round_to_nf4

# The maps that 4 bits harm most for their size: by how much their error moves the scores of all
# items after prompts of training users, on the default decoder with its adapter.
FIRST_FINER = ("v_proj", "k_proj", "down_proj")
NF4_BYTES = 1 / 2 + 1 / 64 + 4 / (64 * 256)  # a weight: itself, its block's scale, the scale's own
STEP_BYTES = 2  # a row in int8


def quantised(model: Any, device: torch.device, sample: Sequence[Sequence[int]] = ()) -> Any:
    """``model`` on the device, its linear maps but the output's in NF4.

    NF4 is that of Dettmers et al. (2023, arXiv 2305.14314), here doubly quantised and computing in
    bfloat16. Where the output is tied to the embeddings, these are in int8, as is what
    ``finer_maps`` has room for. The model itself is changed; the device holds one map as it was at
    a time. With a ``sample``, rows of token ids like those that it will read, NF4's errors cancel
    on these (``nf4_rounding.py``); for that the device holds the whole model in float32 for a
    while.
    """
    table, output = model.get_input_embeddings(), model.get_output_embeddings()
    maps = {
        name: module
        for name, module in model.named_modules()
        if isinstance(module, nn.Linear) and module is not output
    }
    finer: set[str] = set()
    tied = type(table) is nn.Embedding and output is not None and output.weight is table.weight
    if tied:
        finer = finer_maps(maps, table.weight.numel() - STEP_BYTES * table.num_embeddings)
    if sample:
        coarse = {name: linear for name, linear in maps.items() if name not in finer}
        reader = copy.deepcopy(model).float().to(device)  # on a CPU bf16 would take much longer
        round_to_nf4(coarse, reader, sample)
        del reader
    if tied:
        rows = Int8Rows(table.weight.to(device))
        model.set_input_embeddings(Int8Embedding(rows))
        model.set_output_embeddings(Int8Map(rows, output.bias))
    for name, linear in maps.items():
        if name in finer:
            small: nn.Module = Int8Map(Int8Rows(linear.weight.to(device)), linear.bias)
        else:
            small = _in_nf4(linear, device)
        model.set_submodule(name, small)
    model.to(device)  # what is left: norms, and embeddings and output where they are apart
    model.is_loaded_in_4bit = True  # by which peft knows how to put a LoRA beside them
    return model


def finer_maps(maps: Mapping[str, nn.Linear], room: float) -> set[str]:
    """The names of the maps that stay in int8: as many as ``room`` bytes over NF4 allow.

    The kinds of FIRST_FINER come first, in all layers; then all maps from the first layer on.
    """
    finer = set()
    for name in sorted(maps, key=lambda name: name.rpartition(".")[2] not in FIRST_FINER):
        outputs, inputs = maps[name].weight.shape
        more = outputs * (inputs * (1 - NF4_BYTES) + STEP_BYTES)
        if more <= room:
            finer.add(name)
            room -= more
    return finer


def _in_nf4(linear: nn.Linear, device: torch.device) -> nn.Module:
    from bitsandbytes.nn import Linear4bit, Params4bit

    small: nn.Module = Linear4bit(
        linear.in_features,
        linear.out_features,
        bias=linear.bias is not None,
        compute_dtype=torch.bfloat16,
        quant_type="nf4",
        device="meta",
    )
    weight = Params4bit(linear.weight.data, quant_type="nf4", module=small)
    small.weight = weight.to(device)  # this is what quantises
    small.bias = linear.bias
    return small
