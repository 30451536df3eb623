"""Quantises a decoder that is in memory to 4 bits.

transformers quantises while it reads a checkpoint, so an adapter can only stand beside the weights
then: in more memory, slower, and further from the decoder it was trained on than if it is merged
first (docs/quality.md, "The shipped adapter in 4 bits"). Knows modules; knows no files.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn


def quantised(model: Any, device: torch.device) -> Any:
    """``model`` on the device, its linear maps but the output's in NF4 (Dettmers et al. 2023,

    arXiv 2305.14314), doubly quantised, computing in bfloat16. The model itself is changed; the
    device holds one map as it was at a time.
    """
    from bitsandbytes.nn import Linear4bit, Params4bit

    output = model.get_output_embeddings()
    names = [
        name
        for name, module in model.named_modules()
        if isinstance(module, nn.Linear) and module is not output
    ]
    for name in names:
        linear = model.get_submodule(name)
        small = Linear4bit(
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
        model.set_submodule(name, small)
    model.to(device)  # what is left: embeddings, norms, output
    model.is_loaded_in_4bit = True  # by which peft knows how to put a LoRA beside them
    return model
