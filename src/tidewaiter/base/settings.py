"""Where the lake lives and which engine reads it: from the environment, with sensible defaults."""

from __future__ import annotations

import re
from functools import lru_cache

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from tidewaiter.base.errors import InputError


def _default_home() -> str:
    from platformdirs import user_data_dir

    return user_data_dir("tidewaiter", appauthor=False)


class Settings(BaseSettings):
    """Settings, each read from an environment variable of the same name with TIDEWAITER_ before it.

    An empty variable counts as one that is not set.
    """

    model_config = SettingsConfigDict(env_prefix="TIDEWAITER_", env_ignore_empty=True, frozen=True)

    home: str = Field(default_factory=_default_home, description="folder or object-store URL of the lake")
    memory_limit: str = Field(default="1GB", description="most memory the engine may take before it spills to disk")
    threads: int | None = Field(default=None, ge=1, description="engine threads; all cores by default")
    engine: str = Field(
        default="duckdb",
        description="what runs the big tables: duckdb, local (Spark on this machine) or spark://host:port (a cluster)",
    )
    fetch_pace: float | None = Field(
        default=None, ge=0, description="seconds between two questions to a publisher; its card says how many otherwise"
    )
    fetch_rows: int | None = Field(
        default=None,
        ge=1,
        description="rows at which a publisher cuts an answer, where that is no longer what its card says",
    )
    sources: str | None = Field(
        default=None, description="folders with sources of your own, apart as in PATH; each source a card and a parser"
    )

    @field_validator("engine")
    @classmethod
    def _known_engine(cls, value: str) -> str:
        if not re.fullmatch(r"duckdb|local|spark://[^\s/,:]+:\d+(,[^\s/,:]+:\d+)*", value):
            message = "write duckdb, local or spark://host:port"
            raise ValueError(message)
        return value


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings of this process, read once; raises `InputError` for one that cannot be used."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(("TIDEWAITER", *(str(part).upper() for part in first["loc"])))
        message = f"{name} is {first['input']!r}: {first['msg']}"
        raise InputError(message) from None
