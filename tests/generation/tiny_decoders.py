"""Tiny decoders of four families: random weights, a small tokenizer, the family's chat format."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers
from transformers import (
    Gemma3ForCausalLM,
    Gemma3TextConfig,
    LlamaConfig,
    LlamaForCausalLM,
    MistralConfig,
    MistralForCausalLM,
    PreTrainedTokenizerFast,
    Qwen3Config,
    Qwen3ForCausalLM,
)

from chatrec.generation.model import Chunk, LocalDecoder
from chatrec.prompting import Message, Prompt

CHATML = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + "
    "message['content'] + '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}"
    "{% if enable_thinking is defined and enable_thinking is false and thinks %}"
    "{{ '<think>\n\n</think>\n\n' }}{% endif %}{% endif %}"
)
QWEN3 = "{% set thinks = true %}" + CHATML
LLAMA3 = (
    "{{ bos_token }}{% for message in messages %}{{ '<|start_header_id|>' + message['role'] + "
    "'<|end_header_id|>\n\n' + message['content'] | trim + '<|eot_id|>' }}{% endfor %}"
    "{% if add_generation_prompt %}"
    "{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}"
)
GEMMA = (
    "{{ bos_token }}{% if messages[0]['role'] == 'system' %}"
    "{{ raise_exception('System role not supported') }}{% endif %}"
    "{% for message in messages %}"
    "{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('Conversation roles must alternate user/assistant') }}{% endif %}"
    "{% set role = 'model' if message['role'] == 'assistant' else message['role'] %}"
    "{{ '<start_of_turn>' + role + '\n' + message['content'] | trim + '<end_of_turn>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<start_of_turn>model\n' }}{% endif %}"
)
MISTRAL = (
    "{{ bos_token }}{% for message in messages %}{% if message['role'] == 'user' %}"
    "{{ '[INST] ' + message['content'] + ' [/INST]' }}{% elif message['role'] == 'assistant' %}"
    "{{ ' ' + message['content'] + eos_token }}{% endif %}{% endfor %}"
)


def byte_level_tokenizer(specials: list[str], plain: list[str], **options: Any) -> Any:
    """One token a byte, as GPT-2 spells bytes, plus a few merges and the control tokens."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    merges = [("t", "h"), ("th", "e"), ("Ġ", "the"), ("i", "n")]
    words = [*alphabet, *(left + right for left, right in merges)]
    vocab = {word: number for number, word in enumerate(words)}
    tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return _finished(tokenizer, specials, plain, options)


def sentence_piece_tokenizer(specials: list[str], **options: Any) -> Any:
    """One token a character with bytes to fall back on, spaces as ▁, as Gemma and Mistral do."""
    chars = [chr(code) for code in range(33, 127)]
    words = ["<unk>", *(f"<0x{byte:02X}>" for byte in range(256)), "▁", "\n", *chars]
    vocab = {word: number for number, word in enumerate(words)}
    tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=[], unk_token="<unk>", byte_fallback=True))
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    )
    return _finished(tokenizer, specials, [], options)


def _finished(
    tokenizer: Tokenizer, specials: list[str], plain: list[str], options: dict[str, Any]
) -> Any:
    tokenizer.add_special_tokens([AddedToken(text, special=True) for text in specials])
    tokenizer.add_tokens([AddedToken(text, special=False, normalized=False) for text in plain])
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, **options)


SIZES: dict[str, Any] = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 8,
    "max_position_embeddings": 512,
    "initializer_range": 0.4,  # spread logits, so that rounding never decides
}


def _llama_tokenizer() -> Any:
    specials = ["<|begin_of_text|>", "<|eot_id|>", "<|start_header_id|>", "<|end_header_id|>"]
    return byte_level_tokenizer(
        specials, [], bos_token=specials[0], eos_token=specials[1], chat_template=LLAMA3
    )


def _qwen_tokenizer() -> Any:
    specials = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    return byte_level_tokenizer(
        specials, ["<think>", "</think>"], eos_token="<|im_end|>", chat_template=QWEN3
    )


def _gemma_tokenizer() -> Any:
    specials = ["<bos>", "<eos>", "<start_of_turn>", "<end_of_turn>"]
    return sentence_piece_tokenizer(
        specials, bos_token="<bos>", eos_token="<eos>", chat_template=GEMMA
    )


def _mistral_tokenizer() -> Any:
    specials = ["<s>", "</s>", "[INST]", "[/INST]"]
    return sentence_piece_tokenizer(
        specials, bos_token="<s>", eos_token="</s>", chat_template=MISTRAL
    )


FAMILIES: dict[str, tuple[Callable[[], Any], Any, Any, dict[str, Any]]] = {
    "llama": (_llama_tokenizer, LlamaConfig, LlamaForCausalLM, {}),
    "qwen3": (_qwen_tokenizer, Qwen3Config, Qwen3ForCausalLM, {"tie_word_embeddings": True}),
    "gemma3": (
        _gemma_tokenizer,
        Gemma3TextConfig,
        Gemma3ForCausalLM,
        {"sliding_window": 16, "layer_types": ["sliding_attention", "full_attention"]},
    ),
    "mistral": (_mistral_tokenizer, MistralConfig, MistralForCausalLM, {"sliding_window": None}),
}


def tiny_model(family: str) -> tuple[Any, Any]:
    """The model (in evaluation mode) and the tokenizer of ``family``, the same at every call."""
    make_tokenizer, config_class, model_class, extra = FAMILIES[family]
    tokenizer = make_tokenizer()
    config = config_class(
        **SIZES,
        **extra,
        vocab_size=len(tokenizer) + 5,  # padded, as real checkpoints are
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.eos_token_id,
    )
    with torch.random.fork_rng():
        torch.manual_seed(7)
        model = model_class(config)
    return model.eval(), tokenizer


def tiny_decoder(family: str) -> LocalDecoder:
    """A decoder of ``family`` with random weights."""
    model, tokenizer = tiny_model(family)
    return LocalDecoder(model, tokenizer, name=f"tiny-{family}", precision="float32")


def ask(text: str, system: str = "Be brief.") -> Prompt:
    """A system message and a user message."""
    return (Message("system", system), Message("user", text))


PROMPTS = (ask("the moon"), ask("a longer wish: the thin man in the rain"), ask("x"))


def texts(chunks: Iterable[Chunk], n: int) -> list[str]:
    """The whole answer of each of ``n`` prompts."""
    joined = [""] * n
    for chunk in chunks:
        joined[chunk.index] += chunk.text
    return joined
