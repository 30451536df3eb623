"""The decoders that ``gpu.py`` measures: loaded from a folder, or drawn on the device by shape.

A drawn one has a published model's sizes, weights drawn at random in bf16 where they are used, and
another decoder's tokenizer: how long a pass takes depends on neither. In NF4 it is quantised in
memory, layer by layer, as transformers does it while it loads: all linear maps but the output's.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
import transformers

from chatrec.generation.adapter_files import base_key, recorded_base
from chatrec.generation.loading import load_local
from chatrec.generation.model import LocalDecoder
from chatrec.generation.nf4 import quantised

Precision = Literal["bf16", "nf4"]
SEED = 2026
# From the config.json that is published with each of these models.
_QWEN3: dict[str, Any] = {
    "num_hidden_layers": 36,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "head_dim": 128,
    "vocab_size": 151_936,
    "max_position_embeddings": 40_960,
    "rms_norm_eps": 1e-6,
    "rope_parameters": {"rope_type": "default", "rope_theta": 1_000_000.0},
}
SHAPES: dict[str, dict[str, Any]] = {
    "qwen3-4b": _QWEN3
    | {"hidden_size": 2560, "intermediate_size": 9728, "tie_word_embeddings": True},
    "qwen3-8b": _QWEN3
    | {"hidden_size": 4096, "intermediate_size": 12_288, "tie_word_embeddings": False},
    "tiny-qwen3": {
        "hidden_size": 64,
        "intermediate_size": 128,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 16,
        "vocab_size": 400,
    },
}


@dataclass(frozen=True)
class Source:
    """Where a decoder comes from: ``folder`` with its weights, or ``shape`` (a name in SHAPES)

    with the tokenizer of ``folder``. A folder without weights gives its config as the shape.
    """

    folder: Path
    shape: str | None = None

    @property
    def name(self) -> str:
        return self.folder.resolve().name if self.shape is None else self.shape

    @property
    def drawn(self) -> bool:
        """Whether its weights are drawn at random."""
        return self.shape is not None or not any(self.folder.glob("*.safetensors"))

    @property
    def weights(self) -> str:
        """Where its weights are from, in words."""
        if not self.drawn:
            return "as in the folder"
        return (
            "drawn at random in bf16 on the device, prompts of random tokens; "
            f"tokenizer of {self.folder.resolve().name}"
        )

    def adapter(self, offered: Path | None) -> Path | None:
        """``offered``, where it was made for this decoder."""
        if offered is None or self.drawn:
            return None
        return offered if base_key(recorded_base(offered)) == base_key(self.name) else None

    def load(
        self, precision: Precision, device: torch.device, adapter: Path | None = None
    ) -> tuple[LocalDecoder, dict[str, float]]:
        """The decoder, and how long its making took, in seconds."""
        begun = time.perf_counter()
        if not self.drawn:
            decoder = load_local(
                str(self.folder), adapter=adapter, precision=precision, device=device, cache=None
            )
            wait(device)
            return decoder, {"load_s": round(time.perf_counter() - begun, 2)}
        model = draw(self._config(), device)
        wait(device)
        seconds = {"draw_s": round(time.perf_counter() - begun, 2)}
        if precision == "nf4":
            begun = time.perf_counter()
            quantised(model, device)
            wait(device)
            seconds["quantise_s"] = round(time.perf_counter() - begun, 2)
        tokenizer = transformers.AutoTokenizer.from_pretrained(  # nosec B615
            self.folder, local_files_only=True
        )
        return LocalDecoder(model, tokenizer, name=self.name, precision=precision), seconds

    def _config(self) -> Any:
        if self.shape is not None:
            return transformers.Qwen3Config(**SHAPES[self.shape])
        return transformers.AutoConfig.from_pretrained(  # nosec B615
            self.folder, local_files_only=True
        )


def draw(config: Any, device: torch.device) -> Any:
    """A model of that config with random weights, in bf16, in evaluation mode."""
    torch.manual_seed(SEED)
    with torch.device(device):
        model = transformers.AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16)
    return model.eval()


def weight_sizes(model: Any) -> dict[str, float]:
    """MiB of a model's weights and buffers, with what dequantises them; those of a LoRA apart."""
    weights = {**dict(model.named_parameters()), **dict(model.named_buffers())}
    lora = sum(_size(tensor) for name, tensor in weights.items() if "lora_" in name)
    states = [getattr(tensor, "quant_state", None) for tensor in weights.values()]
    constants = [t for state in states if state for t in state.as_dict(packed=True).values()]
    sizes = {"weights_mib": sum(map(_size, [*weights.values(), *constants])) - lora}
    return {
        name: round(size / 2**20, 2)
        for name, size in {**sizes, "adapter_mib": lora}.items()
        if size
    }


def _size(tensor: torch.Tensor) -> int:
    return tensor.numel() * tensor.element_size()


def wait(device: torch.device) -> None:
    """Until the device has done what it was given."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def tiny_folder(parent: Path) -> Path:
    """A decoder of two small layers with a tokenizer of bytes, in a folder of its own."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    folder = parent / "tiny-llama"
    end = "<|im_end|>"
    words = [end, *sorted(pre_tokenizers.ByteLevel.alphabet())]
    tokenizer = Tokenizer(models.BPE({word: n for n, word in enumerate(words)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token=end).save_pretrained(
        folder
    )
    config = transformers.LlamaConfig(
        vocab_size=len(words),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        bos_token_id=0,
        eos_token_id=0,
    )
    draw(config, torch.device("cpu")).save_pretrained(folder)
    return folder
