"""The rest of the API: verbs whose answers are tables, each laid out as its file is (columns, rows, notes, source)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response  # noqa: TC002 - the description is made from it

from tidewaiter.base.errors import QueryError
from tidewaiter.base.period import Period
from tidewaiter.codes import areas
from tidewaiter.web import lawbook
from tidewaiter.web.pages import shelved
from tidewaiter.web.questions import HOW, day_of, read
from tidewaiter.web.routes.api import JSON, PROBLEM, AsOf, Regime
from tidewaiter.web.shelf import Made

if TYPE_CHECKING:
    from collections.abc import Callable

    from tidewaiter.base.sheet import Sheet
    from tidewaiter.web.desk import SteadyLake

router = APIRouter(prefix="/api/v1", responses=PROBLEM)

TABLE: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "A table.",
        "content": {JSON: {"schema": {"$ref": "#/components/schemas/Table"}}},
    }
}
MOST_ROWS: Final = 5_000

Span = Annotated[str | None, Query(max_length=40, description="only this period", examples=["2018..2019"])]
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS, description="rows at most")]


@router.get("/screen", summary="Trade beside the measures that cover it", responses=TABLE)
async def screen(
    request: Request,
    target: Annotated[str, Query(max_length=80, description="area the law is about", examples=["PRK"])],
    partner: Annotated[str | None, Query(max_length=80, description="only trade with this area")] = None,
    period: Span = None,
    regime: Annotated[str | None, Query(max_length=80, description="only this regime")] = None,
    as_if: Annotated[str | None, Query(max_length=80, description="a scenario that ships")] = None,
    as_of: AsOf = None,
) -> Response:
    """Sum by measure, reporter and year what was declared in covered goods; sources are never added up."""

    def answer(lake: SteadyLake) -> Sheet:
        from tidewaiter.law.rulebook import find_regime
        from tidewaiter.web.screening import exposed

        book = lawbook.book_as_if(as_if)
        return exposed(
            lake,
            book,
            target=areas.resolve(target, HOW),
            partners=(areas.resolve(partner, HOW),) if partner else (),
            period=Period.parse(period) if period else None,
            regimes=[find_regime(book, regime).id] if regime else [],
            as_of=day_of("as_of", as_of),
        )[1]

    return await _table(request, answer)


@router.get("/caps", summary="The account of a cap", responses=TABLE)
async def caps(
    request: Request,
    regime: Regime,
    ledger: Annotated[str, Query(max_length=80, description="the cap", examples=["refined-petroleum"])],
    year: Annotated[int, Query(ge=1900, le=2200, examples=[2019])],
    as_of: AsOf = None,
) -> Response:
    """Say month by month what was notified, and how much of the cap that is."""

    def answer(_: SteadyLake) -> Sheet:
        from tidewaiter.law.caps import account
        from tidewaiter.law.ledger import find_ledger
        from tidewaiter.law.rulebook import find_regime
        from tidewaiter.tell.law_sheets import account_sheet

        found = find_regime(lawbook.book(), regime)
        return account_sheet(account(find_ledger(regime, ledger), found, year, day_of("as_of", as_of))[-1])

    return await _table(request, answer)


@router.get("/mirror", summary="Both sides of a trade, and what they were settled on", responses=TABLE)
async def mirror(
    request: Request,
    area: Annotated[str, Query(max_length=80, examples=["PRK"])],
    period: Annotated[str, Query(max_length=40, examples=["2019"])],
    partner: Annotated[str, Query(max_length=400, description="partners, with commas between")] = "",
    product: Annotated[str, Query(max_length=400)] = "",
    source: Annotated[str | None, Query(max_length=40)] = None,
    as_of: AsOf = None,
) -> Response:
    """Answer as `tidewaiter mirror` does. What is learned of a source is learned once, which may take a minute."""
    given = {"what": "trade", "area": area, "period": period, "partner": partner, "product": product, "settle": "1"}
    asked = read({**given, "source": source or "", "as_of": as_of or ""})

    def answer(lake: SteadyLake) -> Sheet:
        from tidewaiter.web.explore import BY_NAME

        return BY_NAME["sides"](asked, lake).sheets[0]

    return await _table(request, answer)


@router.get("/diff", summary="What moved between two days", responses=TABLE)
async def diff(
    request: Request,
    first: Annotated[str, Query(alias="from", max_length=10, examples=["2020-01-31"])],
    last: Annotated[str, Query(alias="to", max_length=10, examples=["2020-06-30"])],
    reporter: Annotated[str | None, Query(max_length=80, description="only what this area declared")] = None,
    partner: Annotated[str | None, Query(max_length=80, description="only what was declared about this area")] = None,
    limit: Limit = 500,
) -> Response:
    """List the numbers that changed, appeared or went away, the largest first, with the file that moved them."""
    days = day_of("from", first), day_of("to", last)
    if days[0] is None or days[1] is None or days[0] >= days[1]:
        message = f"from={first} is not before to={last}"
        raise QueryError(message)
    between = (days[0], days[1])

    def answer(lake: SteadyLake) -> Sheet:
        from tidewaiter import pipeline
        from tidewaiter.tell.revisions import revisions_sheet

        found = pipeline.revisions(
            between,
            reporters=[areas.resolve(reporter, HOW)] if reporter else [],
            partners=[areas.resolve(partner, HOW)] if partner else [],
            limit=limit,
            lake=lake,
        )
        return revisions_sheet(found)

    return await _table(request, answer)


async def _table(request: Request, make: Callable[[SteadyLake], Sheet]) -> Response:
    from tidewaiter.tell.sheets import Format, as_bytes

    return await shelved(request, lambda lake: Made(as_bytes([make(lake)], Format.json), JSON, ""))
