"""The printed figures that ship with the package, as rows of `published` and a receipt of their own."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Final

from tidewaiter.base.errors import LakeError
from tidewaiter.base.schema import PUBLISHED, RECEIPT
from tidewaiter.lake.engine import literal, quoted
from tidewaiter.lake.store import digest

SHIPPED: Final = "shipped"
"""The name of the receipt that the package's own figures have."""


def shipped_csv() -> Path:
    """Return the packaged table of figures."""
    return Path(str(files("tidewaiter") / "statistics" / "published.csv"))


def published_sql(path: Path) -> str:
    """Select the packaged figures in the columns of `published`, the first data row being 1."""
    values = {"receipt": literal(SHIPPED), "row": "row_number() OVER ()"}
    selected = ", ".join(
        f"CAST({values.get(each.name, quoted(each.name))} AS {each.type}) AS {quoted(each.name)}"
        for each in PUBLISHED.columns
    )
    return (
        f"SELECT {selected} FROM read_csv({literal(str(path))}, header = true, delim = ',', quote = '\"', "
        "escape = '\"', all_varchar = true, parallel = false)"
    )


def receipt_sql(path: Path) -> str:
    """Select the one receipt of the packaged figures.

    Its vintage is the day the newest of them was printed; its bytes can be read from the package.
    """
    sha256, size = _digest(path)
    tool = version("tidewaiter")
    printed = f"(SELECT max(published_on) FROM ({published_sql(path)}))"
    values = {
        "receipt": literal(SHIPPED),
        "sha256": literal(sha256),
        "source": "'published'",
        "file": literal(path.name),
        "url": "NULL",
        "licence": "'facts, collected by the Tidewaiter developers; Apache-2.0'",
        "citation": literal(f"Figures printed by the press and UN bodies, as collected in Tidewaiter {tool}."),
        "retrieved_at": printed,
        "vintage": printed,
        "bytes": str(size),
        "rows": f"(SELECT count(*) FROM ({published_sql(path)}))",
        "table": literal(PUBLISHED.name),
        "complete": "false",
        "tool": literal(tool),
    }
    selected = ", ".join(f"CAST({values[each.name]} AS {each.type}) AS {quoted(each.name)}" for each in RECEIPT.columns)
    return f"SELECT {selected}"


@lru_cache(maxsize=4)
def _digest(path: Path) -> tuple[str, int]:
    try:
        return digest(path)
    except OSError as error:
        message = f"the figures that ship with Tidewaiter cannot be read at {path}; install it again"
        raise LakeError(message) from error
