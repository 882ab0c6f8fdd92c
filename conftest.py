"""What holds for every test run: in CI a skipped test is a failed run.

Tests on real files are the one exception: they may be skipped where their folder is absent.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

REAL_FILES = Path(__file__).resolve().parent.parent / "shared" / "data"


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run when CI skipped what it should have run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or os.environ.get("CI") != "true":
        return
    skipped = [report.nodeid for report in reporter.stats.get("skipped", [])]
    if not REAL_FILES.is_dir():
        skipped = [name for name in skipped if not name.startswith("tests/real/")]
    if skipped:
        reporter.write_line(f"CI: {len(skipped)} skipped, which counts as failure: {', '.join(skipped[:5])}", red=True)
        session.exitstatus = 1
