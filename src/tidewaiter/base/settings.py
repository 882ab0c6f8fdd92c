"""Where the lake lives and which engine reads it: from the environment, with sensible defaults."""

from __future__ import annotations

from functools import lru_cache

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


def _default_home() -> str:
    from platformdirs import user_data_dir

    return user_data_dir("tidewaiter", appauthor=False)


class Settings(BaseSettings):
    """Settings, each read from an environment variable of the same name with TIDEWAITER_ before it."""

    model_config = SettingsConfigDict(env_prefix="TIDEWAITER_", frozen=True)

    home: str = Field(default_factory=_default_home, description="folder or object-store URL of the lake")
    memory_limit: str = Field(default="1GB", description="most memory the engine may take before it spills to disk")
    threads: int | None = Field(default=None, ge=1, description="engine threads; all cores by default")


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings of this process, read once."""
    return Settings()
