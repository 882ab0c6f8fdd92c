"""The regimes of Canada that ship are what the law's own XML gives today, byte for byte."""

from __future__ import annotations

import pytest

from tidewaiter.law.canada import regime_yaml
from tidewaiter.law.rulebook import SHIPPED

pytestmark = pytest.mark.real


@pytest.mark.parametrize(("file", "regime"), [("SOR-2014-58", "ca/russia"), ("SOR-2020-214", "ca/belarus")])
def test_the_shipped_regime_is_made_from_the_law(shared_data, file, regime):
    path = shared_data.parent / "facts" / "canada" / f"{file}.xml"
    if not path.exists():
        pytest.skip(f"{file}.xml is not here")
    assert regime_yaml(path.read_bytes(), path.name) == (SHIPPED / f"{regime}.yml").read_text(encoding="utf-8")
