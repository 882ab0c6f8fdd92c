"""The JSON API, version 1: the verbs of the command line and the library, one address each. Owns no arithmetic."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from tidewaiter.web import contracts
from tidewaiter.web.pages import shelved
from tidewaiter.web.questions import MOST_PARTNERS, MOST_PRODUCTS, day_of, read
from tidewaiter.web.shelf import Made

if TYPE_CHECKING:
    from collections.abc import Callable

    from tidewaiter.base.question import Query as Question
    from tidewaiter.web.desk import SteadyLake
    from tidewaiter.web.questions import Asked

JSON: Final = "application/json"
PROBLEM: Final[dict[int | str, dict[str, Any]]] = {
    "default": {
        "description": "What went wrong.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}

router = APIRouter(prefix="/api/v1", responses=PROBLEM)

Area = Annotated[str, Query(max_length=80, description="alpha-3 code, M49 number or exact name", examples=["PRK"])]
When = Annotated[str, Query(max_length=40, description="2019, 2019-07, 2019Q1 or 2017..2020", examples=["2019"])]
AsOf = Annotated[str | None, Query(max_length=10, description="answer from what was published by that day")]
Regime = Annotated[str, Query(max_length=80, description="id of a regime", examples=["un/dprk"])]
AsIf = Annotated[str | None, Query(max_length=80, description="a scenario that ships")]


@router.get(
    "/ask",
    summary="One question, one answer with its rows",
    responses={200: {"model": contracts.Answer | contracts.Refusal}},
)
async def ask(  # noqa: PLR0913, PLR0917 - as many parameters as the question has
    request: Request,
    area: Area,
    period: When,
    what: Literal["imports", "exports", "trade", "balance"] = "imports",
    partner: Annotated[str, Query(max_length=400, description=f"up to {MOST_PARTNERS}, with commas between")] = "",
    product: Annotated[
        str, Query(max_length=400, description=f"up to {MOST_PRODUCTS} HS codes; all goods by default")
    ] = "",
    against: Annotated[str | None, Query(max_length=40, description="base period of a change")] = None,
    by: Annotated[Literal["partner", "product", "month", "year"] | None, Query(description="break it down")] = None,
    level: Annotated[
        Literal["2", "4", "6", "8"], Query(description="digits of the codes when broken down by product")
    ] = "2",
    share: Annotated[Literal["0", "1"], Query(description="1: as a share")] = "0",
    weight: Annotated[Literal["0", "1"], Query(description="1: kilograms instead of dollars")] = "0",
    side: Annotated[
        Literal["reporter", "mirror", "exporter", "importer", "reconciled"] | None,
        Query(description="whose declaration"),
    ] = None,
    source: Annotated[str | None, Query(max_length=40, description="one source only, by its id")] = None,
    limit: Annotated[int | None, Query(ge=1, le=10_000, description="rows of a breakdown")] = None,
    as_of: AsOf = None,
) -> Response:
    """Answer as `tidewaiter ask ... --json` does; a question that has no answer says what is missing."""
    given = {
        "what": what, "area": area, "partner": partner, "product": product, "period": period,
        "against": against, "level": level, "weight": weight, "side": side, "source": source, "as_of": as_of,
    }  # fmt: skip
    asked = read({key: value for key, value in given.items() if value is not None})
    query = _asked(asked, by=by, share=share == "1", limit=limit)

    def answer(lake: SteadyLake) -> Any:
        from tidewaiter import pipeline
        from tidewaiter.answers import describe

        return describe(pipeline.ask(query, lake=lake))

    return await _shelved(request, answer)


@router.post(
    "/check",
    summary="A story, claim by claim",
    responses={200: {"content": {JSON: {"schema": {"$ref": "#/components/schemas/Findings"}}}}},
)
async def check(request: Request, story: contracts.StoryIn) -> Response:
    """Check a story as `tidewaiter check --json` does. Nothing of it is stored or logged."""
    from tidewaiter import pipeline
    from tidewaiter.news.judge.contract import to_json

    _, report = await request.app.state.desk.run(
        lambda lake: pipeline.check(
            story.text, name=story.name, published_on=story.published_on, as_of=story.as_of, lake=lake
        )
    )
    return Response(to_json(report), headers={"Cache-Control": "no-store"}, media_type=JSON)


def _asked(asked: Asked, *, by: str | None, share: bool, limit: int | None) -> Question:
    """Choose the indicator from what is to be done with the flow."""
    from dataclasses import replace

    from tidewaiter.base.errors import QueryError

    chosen = [name for name, holds in (("against", asked.against), ("by", by), ("share", share)) if holds]
    if len(chosen) > 1 or (chosen and asked.what in {"trade", "balance"} and chosen != ["against"]):
        message = f"{' and '.join(chosen)} do not go together with this question; ask one thing at a time"
        raise QueryError(message)
    if share:
        return replace(asked.flow, indicator="share")
    step: Any = by
    if by in {"month", "year"}:
        return replace(asked.series(), step=step, limit=limit)
    if by is not None:
        indicator: Any = "ranking" if by == "partner" else "composition"
        return replace(asked.flow, indicator=indicator, by=step, limit=limit)
    return asked.single


async def _shelved(request: Request, make: Callable[[SteadyLake], Any]) -> Response:
    """Answer with JSON from the shelf or from the lake."""

    def made(lake: SteadyLake) -> Made:
        return Made(json.dumps(make(lake), ensure_ascii=False, default=str).encode(), JSON, "")

    return await shelved(request, made)


@router.get(
    "/law/measures", summary="Regimes and their measures", responses={200: {"model": list[contracts.MeasureLine]}}
)
async def measures(
    request: Request,
    regime: Annotated[str | None, Query(max_length=80, description="one regime; all by default")] = None,
    as_if: AsIf = None,
) -> Response:
    """List measures as the law is, or as a scenario would make it."""

    def answer(_: SteadyLake) -> Any:
        from tidewaiter.law.rulebook import find_regime
        from tidewaiter.web import lawbook

        book = lawbook.book_as_if(as_if)
        chosen = book.regimes if regime is None else (find_regime(book, regime),)
        return [
            {
                "regime": each.id, "measure": measure.id, "kind": measure.kind, "direction": measure.direction,
                "words": measure.words, "act": measure.cite.act, "paragraph": measure.cite.place,
                "start": measure.start, "end": measure.end,
                "codes": [code for goods in measure.goods for code in goods.codes], "verified": measure.verified,
            }
            for each in chosen
            for measure in each.measures
        ]  # fmt: skip

    return await _shelved(request, answer)


@router.get(
    "/law/status", summary="What the law ordered for goods on a day", responses={200: {"model": contracts.Status}}
)
async def law_status(
    request: Request,
    product: Annotated[str, Query(max_length=20, description="HS code, or TOTAL", examples=["270112"])],
    on: Annotated[str, Query(max_length=30, description="a day, a month or a year", examples=["2018-03-15"])],
    origin: Annotated[
        str, Query(alias="from", max_length=80, description="where the goods come from", examples=["PRK"])
    ] = "",
    to: Annotated[str, Query(max_length=80, description="where they go; one of the two is needed")] = "",
    hs: Annotated[str, Query(max_length=10, description="HS edition of the code")] = "",
    as_if: AsIf = None,
) -> Response:
    """Answer as `tidewaiter law status --json` does."""

    def answer(lake: SteadyLake) -> Any:
        from tidewaiter.law.contract import status_to_json
        from tidewaiter.web.routes.law import status_of

        given = {"product": product, "on": on, "from": origin, "to": to, "hs": hs, "as_if": as_if or ""}
        return status_to_json(status_of(given, lake))

    return await _shelved(request, answer)


@router.get("/law/timeline", summary="A regime's days", responses={200: {"model": list[contracts.Day]}})
async def timeline(request: Request, regime: Regime) -> Response:
    """List a regime's days, oldest first."""

    def answer(_: SteadyLake) -> Any:
        from tidewaiter.law.contract import timeline_to_json
        from tidewaiter.law.rulebook import find_regime
        from tidewaiter.law.timeline import timeline as entries_of
        from tidewaiter.web import lawbook

        return timeline_to_json(entries_of(find_regime(lawbook.book(), regime)))

    return await _shelved(request, answer)


@router.get(
    "/sources", summary="Publishers whose files can be landed", responses={200: {"model": list[contracts.SourceCard]}}
)
async def sources(request: Request) -> Response:
    """List the publishers."""

    def answer(_: SteadyLake) -> Any:
        from tidewaiter.statistics.card import cards
        from tidewaiter.tell.lake_sheets import sources_sheet
        from tidewaiter.tell.sheets.cells import records

        return records(sources_sheet(cards().values()))

    return await _shelved(request, answer)


@router.get("/receipts", summary="What has been landed", responses={200: {"model": list[contracts.Receipt]}})
async def receipts(request: Request, as_of: AsOf = None) -> Response:
    """List the landed files as of a day or as of now."""

    def answer(lake: SteadyLake) -> Any:
        from tidewaiter.tell.lake_sheets import receipts_sheet
        from tidewaiter.tell.sheets.cells import records

        return records(receipts_sheet(lake.tables(day_of("as_of", as_of)).receipt))

    return await _shelved(request, answer)
