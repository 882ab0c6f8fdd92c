"""Set trade beside the measures that cover it: which paragraph, from when, how certainly, for how much.

Pure: frames in, a frame out, on whichever engine holds the trade (DuckDB, Spark, Polars, pandas,
PyArrow). A flow is matched by exporter and importer, whoever declared it. What is said is about
declarations, which are often wrong: nothing here speaks of guilt, and nothing is dropped unseen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import narwhals as nw

from tidewaiter.base.errors import QueryError, nearest
from tidewaiter.base.schema_exposure import LAW_COLUMNS, RULE
from tidewaiter.base.terms import EDITION_UNSTATED, TOTAL
from tidewaiter.codes import hs_codes
from tidewaiter.law.compile import EDITIONS, compile_rules
from tidewaiter.law.engine import beside, lazy, rows_of
from tidewaiter.law.regime import Rulebook
from tidewaiter.law.restate import Concordance
from tidewaiter.law.review import mark_suspects
from tidewaiter.law.status import MILD_TO_STRICT, RANK
from tidewaiter.law.table import rows as measure_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tidewaiter.base.schema import Frame

NEEDED: Final = ("exporter", "importer", "product", "hs", "period", "value_usd")
LINE: Final = ("source", "reporter", "partner", "flow", "exporter", "importer", "period", "frequency")
"""Whose declaration about whom and when: within it, codes are parts of wider codes."""

IDENTITY: Final = (*LINE, "hs", "product", "receipt", "row")
TOTALS: Final = ("export", "import")
"""The flows that are totals; re-exports and the like are parts of them and would count twice."""

UNDECIDED: Final = ("too_coarse", "exempt_possible", "within_grace", "partly_in_force", "suspect_data")
"""Statuses under which it is not certain that the measure reaches the goods."""

NOT_CARRIED: Final = frozenset({"rule", "area", "party", "editions", "level", "code"})
"""What only the join needs of a rule."""


def screen(
    trade: Any,
    measure: Any,
    *,
    concordance: Any = None,
    quota_states: Iterable[Mapping[str, Any]] = (),
    suspects: Iterable[Mapping[str, Any]] = (),
    targets: Sequence[str] = (),
    regimes: Sequence[str] = (),
) -> Frame:
    """List every flow of `trade` beside each measure that covers it: rows of `EXPOSURE`.

    `trade` is any frame with exporter, importer, product, hs, period and value_usd (trade or
    reconciled; other columns stay); `measure` a `Rulebook` or a frame or rows of the `measure`
    table; `concordance` rows (or a `Concordance`) that lead codes between HS editions. `quota_states` say of a regime,
    measure and period whether its cap is `within_quota` or `over_quota`; `suspects` are entries of
    the exclusion register. `targets` and `regimes` narrow the law. Raises `QueryError` where a
    column is missing or a regime is not there.
    """
    flows = lazy(trade)
    columns = _columns(flows)
    known = concordance is None or isinstance(concordance, Concordance)
    links = concordance if known else Concordance.of(_as_rows(concordance))
    rules = compile_rules(_chosen(_as_rows(measure), targets, regimes), links)
    if "flow" in columns:
        flows = flows.filter(nw.col("flow").is_in(TOTALS))
    found = _match(flows, beside(flows, RULE.columns, rules), rules, columns)
    found = _judge(_on_days(found))
    found = _with_quota(found, flows, quota_states)
    found = mark_suspects(found, flows, suspects, columns)
    found = _bounded(_ranked(_counted_once(found, columns), columns), columns)
    return found.select(*columns, *(column.name for column in LAW_COLUMNS))


def _columns(flows: Frame) -> list[str]:
    columns = list(flows.collect_schema().names())
    for name in NEEDED:
        if name not in columns:
            message = f"the frame to screen has no column {name}{nearest(name, columns)}; it needs {', '.join(NEEDED)}"
            raise QueryError(message)
    taken = sorted({column.name for column in LAW_COLUMNS} & set(columns))
    if taken:
        message = f"the frame to screen has columns that screening makes itself: {', '.join(taken)}; rename them"
        raise QueryError(message)
    return columns


def _as_rows(given: Any) -> list[Mapping[str, Any]]:
    if isinstance(given, Rulebook):
        return list(measure_rows(given))
    if isinstance(given, list | tuple):
        return list(given)
    return list(rows_of(lazy(given)))


def _chosen(
    measure: list[Mapping[str, Any]], targets: Sequence[str], regimes: Sequence[str]
) -> list[Mapping[str, Any]]:
    for key, wanted in (("target", targets), ("regime", regimes)):
        known = {row[key] for row in measure}
        for one in wanted:
            if one not in known:
                message = f"no measure has the {key} {one!r}{nearest(one, known)}; there are {', '.join(sorted(known))}"
                raise QueryError(message)
    return [
        row
        for row in measure
        if (not targets or row["target"] in targets) and (not regimes or row["regime"] in regimes)
    ]


def _match(flows: Frame, rules: Frame, compiled: list[dict[str, Any]], columns: list[str]) -> Frame:
    """Join flows to rules for equality: first the target, so that few flows are left, then the code.

    Each side of the trade is looked at by itself, cut to each length that the codes of its rules have.
    """
    bit = nw.lit(1 << EDITIONS.index(EDITION_UNSTATED))
    for place, edition in enumerate(hs_codes.EDITIONS):
        bit = nw.when(nw.col("hs") == edition).then(nw.lit(1 << place)).otherwise(bit)
    sides = []
    for direction, own, other in (("from_target", "exporter", "importer"), ("to_target", "importer", "exporter")):
        facing = rules.filter(nw.col("direction") == direction)
        about = sorted({rule["area"] for rule in compiled if rule["direction"] == direction})
        lengths = facing.select("area", "level").unique()
        cut = (
            flows.filter(nw.col(own).is_in(about))
            .join(lengths, left_on=own, right_on="area", how="inner")
            .with_columns(code=_start_of(nw.col("product"), nw.col("level")))
        )
        keys = ["level", "code"]
        matched = cut.join(facing, left_on=[own, *keys], right_on=["area", *keys], how="inner")
        bound = (nw.col("party") == "") | (nw.col("party") == nw.col(other))
        fits = (nw.col("editions") // nw.col("bit")) % 2 == 1
        found = matched.with_columns(bit=bit, target=nw.col(own)).filter(bound, fits)
        extra = [name for name in (*RULE.names, "target") if name not in NOT_CARRIED]
        sides.append(found.select(*columns, *extra))
    return nw.concat(sides, how="vertical")


def _start_of(product: nw.Expr, level: nw.Expr) -> nw.Expr:
    """Take the first `level` digits of a product; at level 0 the whole of it."""
    taken = nw.when(level == 0).then(product)
    start = taken.otherwise(product.str.head(2))
    for digits in (4, 6, 8, 10):
        start = nw.when(level == digits).then(product.str.head(digits)).otherwise(start)
    return start


def _on_days(found: Frame) -> Frame:
    """Say which days of each period the measure's days reach; drop flows of other days."""
    year = nw.col("period").str.head(4).cast(nw.Int64)
    month = nw.concat_str(nw.col("period"), nw.lit("-00")).str.slice(5, 2).cast(nw.Int64)
    first = year * 10000 + nw.when(month > 0).then(month * 100).otherwise(nw.lit(100)) + 1
    last = year * 10000 + nw.when(month > 0).then(month * 100).otherwise(nw.lit(1200)) + 31
    start, grace, end = nw.col("start_day"), nw.col("grace_day"), nw.col("end_day")
    return (
        found.with_columns(first_day=first, last_day=last)
        .filter((nw.col("first_day") <= end) & (nw.col("last_day") >= start))
        .with_columns(
            reaches_outside=(nw.col("first_day") < start) | (nw.col("last_day") > end),
            reaches_grace=(nw.col("first_day") <= grace) & (grace > 0),
            reaches_full=nw.col("last_day") > grace,
        )
    )


def _judge(found: Frame) -> Frame:
    """Find the strictest and the mildest day of each period; where they differ the period is partly in force."""
    full, grace = nw.col("reaches_full"), nw.col("reaches_grace")
    strict = nw.when(full).then(nw.col("rank")).otherwise(nw.col("grace_rank"))
    inside = nw.when(grace).then(nw.col("grace_rank")).otherwise(nw.col("rank"))
    mild = nw.when(nw.col("reaches_outside")).then(nw.lit(RANK["permitted"])).otherwise(inside)
    word = nw.when(full).then(nw.col("word")).otherwise(nw.col("grace_word"))
    return found.with_columns(strict=strict, mild=mild, said=word).with_columns(
        force=nw.when(nw.col("strict") == nw.col("mild")).then(nw.lit("in_force")).otherwise(nw.lit("partly")),
        coverage=nw.when(nw.col("whole")).then(nw.lit("full")).otherwise(nw.lit("partial")),
        # A flow too coarse to tell stays so, whatever days of its period the law reaches.
        status=nw.when((nw.col("strict") == nw.col("mild")) | nw.col("coarse"))
        .then(nw.col("said"))
        .otherwise(nw.lit("partly_in_force")),
    )


def _with_quota(found: Frame, flows: Frame, states: Iterable[Mapping[str, Any]]) -> Frame:
    """Replace `quota_undecided` where a ledger says whether the cap was reached by then."""
    from tidewaiter.base.schema import TEXT, Column

    given = list(states)
    if not given:
        return found
    names = ("regime", "measure", "period")
    shape = [*(Column(name, TEXT, "") for name in names), Column("quota_state", TEXT, "")]
    known = beside(flows, shape, given)
    decided = (nw.col("status") == "quota_undecided") & ~nw.col("quota_state").is_null()
    joined = found.join(known, on=list(names), how="left")
    ranks = nw.when(nw.col("quota_state") == "over_quota").then(nw.lit(RANK["over_quota"]))
    return joined.with_columns(
        status=nw.when(decided).then(nw.col("quota_state")).otherwise(nw.col("status")),
        strict=nw.when(decided).then(ranks.otherwise(nw.lit(RANK["within_quota"]))).otherwise(nw.col("strict")),
    ).drop("quota_state")


def _counted_once(found: Frame, columns: list[str]) -> Frame:
    """Mark rows whose value also stands in a wider code of the same declaration and measure.

    Flows of all goods and flows too coarse to tell are never part of a sum to begin with.
    """
    line = [name for name in (*LINE, "hs") if name in columns]
    same = [*line, "regime", "measure", "reading", "law_code", "target", "direction", "coarse"]
    product = nw.col("product")
    found = found.with_columns(
        digits=nw.when(product == TOTAL).then(nw.lit(0)).otherwise(product.str.len_chars().cast(nw.Int64)),
        in_chapter=product.str.head(2),
        in_heading=product.str.head(4),
        in_subheading=product.str.head(6),
    )
    part = nw.lit(False)
    for length, wider in ((2, "in_chapter"), (4, "in_heading"), (6, "in_subheading")):
        shortest = nw.col("digits").min().over(*same, wider)
        part = part | ((nw.col("digits") > length) & (shortest <= length))
    return found.with_columns(is_part=part)


def _ranked(found: Frame, columns: list[str]) -> Frame:
    """Mark the strictest status among all measures and readings of one flow."""
    flow = [name for name in IDENTITY if name in columns]
    order = (
        nw.col("strict") * 4
        + nw.when(nw.col("force") == "in_force").then(nw.lit(2)).otherwise(nw.lit(0))
        + nw.when(nw.col("coverage") == "full").then(nw.lit(1)).otherwise(nw.lit(0))
    )
    return found.with_columns(order=order).with_columns(
        is_strictest=nw.col("order") == nw.col("order").max().over(*flow)
    )


def _bounded(found: Frame, columns: list[str]) -> Frame:
    """Say how much the measure covers for certain and at most."""
    low = "low_usd" if "low_usd" in columns else "value_usd"
    high = "high_usd" if "high_usd" in columns else "value_usd"
    certain = (nw.col("coverage") == "full") & ~nw.col("status").is_in(UNDECIDED)
    permitted = nw.col("status") == MILD_TO_STRICT[0]
    return found.with_columns(
        covered_low_usd=nw.when(certain & ~permitted).then(nw.col(low)).otherwise(nw.col(low) - nw.col(low)),
        covered_high_usd=nw.when(permitted).then(nw.col(high) - nw.col(high)).otherwise(nw.col(high)),
    )
