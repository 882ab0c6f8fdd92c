"""Turn the calls on a card into requests: every `{name}` filled in, once for each combination; pure."""

from __future__ import annotations

from itertools import product
from string import Formatter
from typing import TYPE_CHECKING

from tidewaiter.base.errors import QueryError, RuleError
from tidewaiter.base.terms import TOTAL
from tidewaiter.codes import areas
from tidewaiter.statistics.fetching.comtrade import expanded
from tidewaiter.statistics.fetching.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tidewaiter.statistics.card import Card
    from tidewaiter.statistics.fetching.order import Order
    from tidewaiter.statistics.service import Call, Service

Values = dict[str, str]


def requests(card: Card, order: Order, base: str) -> list[Request]:
    """Write every request that brings `order`; raises `QueryError` for what is not said, `RuleError` for a bad card."""
    service = card.service
    assert service is not None
    return [made for call in service.calls for made in _of_call(card, service, call, order, base)]


def _of_call(card: Card, service: Service, call: Call, order: Order, base: str) -> Iterator[Request]:
    names = _names(card, call)
    kinds: dict[str, Callable[[], Sequence[Values]]] = {
        "file": lambda: [{"file": each} for each in call.files],
        "freq": lambda: [{"freq": "M" if order.monthly else "A"}],
        "reporter": lambda: _areas(card, service, "reporter", order.reporters),
        "partner": lambda: _areas(card, service, "partner", order.partners),
        "products": lambda: [{"products": each} for each in _products(service, order)],
        "level": lambda: [{"level": each} for each in _levels(service, order)],
    }
    unknown = sorted(names - {*kinds, "year", "month"})
    if unknown:
        message = f"{card.id}.yml: service.calls: {{{unknown[0]}}} is filled in by nothing; known: {', '.join(kinds)}"
        raise RuleError(message)
    chosen = [_times(names, order), *(make() for name, make in kinds.items() if name in names)]
    for combination in product(*chosen):
        values = {name: value for each in combination for name, value in each.items()}
        said = [value for name, value in values.items() if value and name != "file"]
        words = [values["file"].rsplit(".", 1)[0]] if "file" in values else []
        yield Request(
            card.id,
            base,
            call.path.format(**values),
            tuple((name, text.format(**values)) for name, text in call.parameters.items()),
            keyed=service.key_variable is not None,
            what=" ".join([service.name, *_path_words(call), *words, *(value[:24] for value in said)]),
        )


def _names(card: Card, call: Call) -> set[str]:
    try:
        texts = (call.path, *call.parameters.values())
        return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError as error:
        message = f"{card.id}.yml: service.calls: {error}"
        raise RuleError(message) from None


def _path_words(call: Call) -> list[str]:
    """Return what tells one call of a card from another: the fixed words of its path that are about trade."""
    return [word for word in call.path.split("/") if word in {"exports", "imports"}]


def _times(names: set[str], order: Order) -> Sequence[Values]:
    if not names & {"year", "month"}:
        return [{}]
    span = order.span()
    if "month" in names:
        return [{"year": month[:4], "month": month[5:]} for month in span.months()]
    if not span.is_full_years and not order.monthly:
        message = f"{span} is not whole years; ask for months with --monthly"
        raise QueryError(message)
    return [{"year": str(year)} for year in span.years]


def _areas(card: Card, service: Service, name: str, said: Sequence[str]) -> list[Values]:
    if not said:
        if name in service.may_be_left_out:
            return [{name: ""}]
        message = f"{service.name} has to be told whose trade: --{name} CODE"
        raise QueryError(message)
    return [{name: publishers_code(card, code)} for code in said]


def publishers_code(card: Card, code: str) -> str:
    """Return what the publisher calls the area `code`: as its card says, else the ISO alpha-2 code."""
    for theirs, ours in card.areas.items():
        if ours == code:
            return theirs
    import pycountry

    found = pycountry.countries.get(alpha_3=code)
    if found is None:
        message = f"{areas.name(code)} ({code}) has no code on {card.id}.yml"
        raise QueryError(message)
    return str(found.alpha_2)


def _levels(service: Service, order: Order) -> list[str]:
    stars = [text for text in order.products if set(text) == {"*"}]
    codes = [text for text in order.products if "*" not in text and text != TOTAL]
    found = [service.levels_said[str(len(text))] for text in stars if str(len(text)) in service.levels_said]
    if codes or not found:
        message = f"{service.name} is asked by level; write --products chapters, headings or subheadings"
        raise QueryError(message)
    return found


def _products(service: Service, order: Order) -> list[str]:
    """Join codes as the publisher wants them, so many in one question; stars become the codes they stand for."""
    codes = []
    for text in order.products:
        if text == TOTAL and service.total_said is not None:
            codes.append(service.total_said)
        elif "*" in text:
            codes += [code for code in expanded(len(text), service) if code.startswith(text.rstrip("*"))]
        elif text != TOTAL:
            codes.append(text)
    most = service.codes_a_call
    return [service.joint.join(codes[start : start + most]) for start in range(0, len(codes), most)]
