"""Known faults of a publisher, as data: `sources/<id>.corrections.yml`, applied when its file is landed.

A correction names one row by its key and by the value that was printed, so that it does nothing any more
once the publisher has put it right. What it did is said in the notes of the guess.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal  # noqa: TC003 - pydantic reads it
from functools import cache
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, StrictStr, model_validator

from tidewaiter.base.rulefile import parse_rules
from tidewaiter.base.terms import TOTAL, Flow
from tidewaiter.statistics.card import home_of
from tidewaiter.statistics.refusal import counted

if TYPE_CHECKING:
    from tidewaiter.statistics.bench import Bench, Parsed

_KEY = ("reporter", "partner", "flow", "product", "period")


class Correction(BaseModel):
    """One faulty row. `override` needs `value_usd`, `scale` needs `factor`; `flag` only says so."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reporter: StrictStr
    partner: StrictStr
    flow: Flow
    product: StrictStr = TOTAL
    period: StrictStr
    printed_usd: Decimal
    action: Literal["drop", "override", "scale", "flag"]
    value_usd: Decimal | None = None
    factor: Decimal | None = None
    reason: StrictStr
    reported_by: StrictStr
    status: Literal["open", "reported", "confirmed"]

    @model_validator(mode="after")
    def _says_by_what(self) -> Correction:
        if (self.action == "override") != (self.value_usd is not None):
            message = "value_usd belongs to the action override, and only to it"
            raise ValueError(message)
        if (self.action == "scale") != (self.factor is not None):
            message = "factor belongs to the action scale, and only to it"
            raise ValueError(message)
        return self


class Corrections(BaseModel):
    """The content of one corrections file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    corrections: tuple[Correction, ...]


@cache
def corrections_of(source: str) -> tuple[Correction, ...]:
    """Load the corrections of a source, none where it has no file; raises `RuleError`."""
    entry = home_of(source).folder / f"{source}.corrections.yml"
    if not entry.is_file():
        return ()
    return parse_rules(entry.read_text(encoding="utf-8"), entry.name, Corrections).corrections


def correct(bench: Bench, parsed: Parsed) -> Parsed:
    """Apply the corrections of the bench's source to a query for rows of `trade`, and note what they did."""
    known = corrections_of(bench.card.id)
    if not known:
        return parsed
    columns = (*_KEY, "printed_usd", "action", "value_usd", "factor", "reason")
    lists = [[None if (value := getattr(each, name)) is None else str(value) for each in known] for name in columns]
    unnested = ", ".join(f"unnest(${place}::VARCHAR[]) AS {name}" for place, name in enumerate(columns, start=1))
    faults = bench.table(
        f"SELECT * REPLACE (CAST(printed_usd AS DECIMAL(18,3)) AS printed_usd, "
        f"CAST(value_usd AS DECIMAL(18,3)) AS value_usd, CAST(factor AS DECIMAL(18,9)) AS factor) "
        f"FROM (SELECT {unnested})",
        lists,
    )
    on = " AND ".join(f"said.{name} = fault.{name}" for name in _KEY) + " AND said.value_usd = fault.printed_usd"
    met = bench.connection.execute(
        f"SELECT fault.action, fault.reason, count(*) FROM ({parsed.sql}) said JOIN {faults} fault ON {on} "
        "GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    if not met:
        return parsed
    sql = (
        "SELECT said.* REPLACE (CASE fault.action WHEN 'override' THEN fault.value_usd "
        "WHEN 'scale' THEN CAST(said.value_usd * fault.factor AS DECIMAL(18,3)) ELSE said.value_usd END AS value_usd) "
        f"FROM ({parsed.sql}) said LEFT JOIN {faults} fault ON {on} WHERE fault.action IS DISTINCT FROM 'drop'"
    )
    dropped = sum(number for action, _, number in met if action == "drop")
    done = {"drop": "left out", "override": "replaced", "scale": "scaled", "flag": "to be read with care"}
    notes = tuple(f"{counted(number)} {done[action]}: {reason}" for action, reason, number in met)
    return replace(parsed, sql=sql, rows=parsed.rows - dropped, notes=(*parsed.notes, *notes))
