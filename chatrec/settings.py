"""Settings of a running chatrec: each default is stated here, once.

Read from ``chatrec.toml`` in the working directory and from ``CHATREC_*`` environment variables
(the environment wins). Only the edge (command line, ``app.py``, assemble) reads settings; the
parts take plain arguments.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

Precision = Literal["auto", "bf16", "nf4"]
PROJECT_DIR = Path(__file__).resolve().parent.parent


def cache_dir() -> Path:
    """Where derived files go: ``$CHATREC_CACHE``, or ``~/.cache/chatrec``."""
    given = os.environ.get("CHATREC_CACHE", "")
    return Path(given).expanduser() if given else Path.home() / ".cache" / "chatrec"


class Settings(BaseSettings):
    """What can be set, with its default. Unknown keys in the file are refused."""

    model_config = SettingsConfigDict(
        env_prefix="CHATREC_", toml_file="chatrec.toml", extra="forbid", frozen=True
    )

    data: Path | None = Field(None, description="workspace folder; None: the built-in films")
    model: str | None = Field(None, description="decoder: name, path or URL; None: the default")
    adapter: Path | None = Field(
        None, description="adapter folder; None: the shipped one where it fits the decoder"
    )
    precision: Precision = "auto"
    host: str = "127.0.0.1"
    port: int = Field(7860, ge=1, le=65535)
    pool_size: int = Field(200, ge=5, description="candidates handed to the ranker")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)
