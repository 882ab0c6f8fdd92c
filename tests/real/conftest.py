"""The publishers' real files, which may not be passed on: they lie beside the repository or are not there."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real files; tests that need it are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"no real files beside the repository ({SHARED.parent.name}/{SHARED.name} is not there)")
    return SHARED
