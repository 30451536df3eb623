"""A sentence-transformer of the BERT family with random weights, as a folder."""

from __future__ import annotations

import string
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from transformers import BertConfig, BertModel, BertTokenizerFast

WIDTH = 16


def save_tiny_encoder(folder: Path, *, seed: int = 0, layers: int = 1) -> Path:
    """Write it into ``folder``; it reads letters, digits and a few marks."""
    torch.manual_seed(seed)
    letters = [*string.ascii_lowercase, *string.digits]
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters]
    vocabulary += [f"##{letter}" for letter in letters]
    part = folder / "part"
    part.mkdir(parents=True)
    (part / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    BertTokenizerFast(str(part / "vocab.txt")).save_pretrained(part)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=WIDTH,
        num_hidden_layers=layers,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=128,
        initializer_range=0.3,
    )
    BertModel(config).save_pretrained(part)
    reader = Transformer(str(part), max_seq_length=128)
    SentenceTransformer(modules=[reader, Pooling(WIDTH, "mean")], device="cpu").save(str(folder))
    return folder
