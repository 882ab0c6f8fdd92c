"""What the tests share: an engine that stays offline, and the tiny world in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import hypothesis
import pytest

import world as tiny
from browser import chromium  # noqa: F401 - a fixture for every test of a page

# How fast a machine is says nothing of whether a law holds: speed is measured in benchmarks/.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tidewaiter.base.schema import Tables


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty engine in memory that downloads nothing."""
    settings = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false", "threads": "1"}
    with duckdb.connect(config=settings) as engine:
        yield engine


@pytest.fixture(scope="session")
def tables() -> Iterator[Tables]:
    """The tiny world as the frames that questions are answered from."""
    settings = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false", "threads": "1"}
    with duckdb.connect(config=settings) as engine:
        yield tiny.world().tables(engine)
