"""UN Comtrade's questions: how one is asked, and how one that brings too much is asked in parts; pure.

An answer that stops at the row limit is never used: its question is split until the parts stay under
it. The products of one heading are never parted, since the lake replaces a release heading by heading.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Final

from tidewaiter.base.errors import CodeError, QueryError, nearest
from tidewaiter.base.terms import TOTAL, Frequency
from tidewaiter.codes import areas, hs_codes, products
from tidewaiter.statistics.fetching.areas import numbers, numbers_of_all
from tidewaiter.statistics.fetching.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tidewaiter.base.period import Period
    from tidewaiter.statistics.card import Card
    from tidewaiter.statistics.service import Service

WORDS: Final = {"total": TOTAL, "chapters": "**", "headings": "****", "subheadings": "******"}
REPORTERS: Final = "reportercode"
"""Small, as the publisher's own client writes it: the preview takes it in no other way."""
_WHOLE: Final = (("partner2Code", "0"), ("customsCode", "C00"), ("motCode", "0"), ("breakdownMode", "classic"))
_ACCESS: Final = {False: "/public/v1/preview", True: "/data/v1/get"}


@dataclass(frozen=True, slots=True)
class Question:
    """What a user wants: areas by our codes (no partners: all of them), a span, flows and products.

    A product is TOTAL, a code, or stars that stand for digits: `**` every chapter, `27****` every
    subheading of chapter 27.
    """

    reporters: tuple[str, ...]
    partners: tuple[str, ...]
    period: Period
    monthly: bool = False
    flows: tuple[str, ...] = ("export", "import")
    products: tuple[str, ...] = (TOTAL, "**")

    def __post_init__(self) -> None:
        long = next((code for code in self.products if len(code) > 6), None)
        if long is not None:
            message = f"product {long}: UN Comtrade has codes of up to six digits; ask for {long[:6]}"
            raise CodeError(message)

    @property
    def frequency(self) -> Frequency:
        """A or M."""
        return "M" if self.monthly else "A"

    @property
    def periods(self) -> tuple[str, ...]:
        """The periods as UN Comtrade writes them; raises `QueryError` for years that are not whole."""
        if self.monthly:
            return tuple(month.replace("-", "") for month in self.period.months())
        if not self.period.is_full_years:
            message = f"{self.period} is not whole years; ask for months with --monthly"
            raise QueryError(message)
        return tuple(str(year) for year in self.period.years)


@dataclass(frozen=True, slots=True)
class Ask:
    """One call's worth of a question, in UN Comtrade's codes. No partners: all of them."""

    frequency: Frequency
    periods: tuple[str, ...]
    reporters: tuple[str, ...]
    partners: tuple[str, ...]
    flows: tuple[str, ...]
    products: tuple[str, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        """What it speaks of, as `reporter period`."""
        return tuple(f"{reporter} {period}" for reporter in self.reporters for period in self.periods)

    @property
    def what(self) -> str:
        """It in a few words, for people and file names."""
        parts = (self.reporters, self.partners or ("all",), self.periods, self.flows, self.products)
        return "comtrade " + " ".join(few(part) for part in parts)


def products_of(texts: Iterable[str]) -> tuple[str, ...]:
    """Read what a user writes for products: words, codes, stars; raises `CodeError`."""
    found = []
    for text in texts:
        word = WORDS.get(text.strip().lower(), text.strip())
        digits = word.rstrip("*")
        if "*" in word:
            if not (digits == "" or digits.isdecimal()) or len(word) not in {2, 4, 6} or len(digits) % 2:
                message = f"product {text!r} is not understood; write ** for chapters, 27** or 2709** for those in one"
                raise CodeError(message)
            if digits and not hs_codes.editions_of(digits):
                message = (
                    f"product {text!r}: {digits} is in no HS edition{nearest(digits, _in_any_edition(len(digits)))}"
                )
                raise CodeError(message)
        else:
            word = products.resolve_product(word, "--products")
        found.append(word)
    return tuple(dict.fromkeys(found))


def asks(question: Question, cells: Mapping[str, Sequence[str]], service: Service, *, keyed: bool) -> list[Ask]:
    """Turn a question into calls: of each kind of product, for the reporters that published each period.

    `cells` names the reporters (numbers) with data, by period.
    """
    flows = tuple(_flow_code(flow) for flow in question.flows)
    most = service.periods_keyed if keyed else service.periods_preview
    found = []
    for said in _kinds(question.products, service):
        for reporters, periods in _together(cells):
            partners = numbers(question.partners, periods)
            for several in _chunks(periods, most):
                found += [
                    Ask(question.frequency, several, each, partners, flows, said) for each in _chunks(reporters, 20)
                ]
    # A period is finished before the next is begun: what is whole can be landed, whenever the rest comes.
    return sorted(found, key=lambda ask: (ask.periods, ask.reporters))


def _together(cells: Mapping[str, Sequence[str]]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Put periods with the same reporters together, so that one call may ask for several."""
    found: dict[tuple[str, ...], list[str]] = {}
    for period, reporters in sorted(cells.items()):
        if reporters:
            found.setdefault(tuple(reporters), []).append(period)
    return [(reporters, tuple(periods)) for reporters, periods in found.items()]


def _kinds(said: Sequence[str], service: Service) -> list[tuple[str, ...]]:
    """Part products into calls: a level's own word goes alone, codes go together up to so many."""
    kinds: list[tuple[str, ...]] = []
    codes: list[str] = []
    for product in said:
        level = service.levels.get(str(len(product)), "") if set(product) == {"*"} else ""
        if level:
            kinds.append((level,))
        elif "*" in product:
            prefix = product.rstrip("*")
            codes += [code for code in expanded(len(product), service) if code.startswith(prefix)]
        elif product == TOTAL:
            kinds.append((product,))
        else:
            # The lake replaces a release heading by heading: one subheading alone would hide its siblings.
            siblings = expanded(len(product), service) if len(product) > 4 else ()
            codes += [product, *(code for code in siblings if code[:4] == product[:4])]
    return kinds + list(_heading_chunks(sorted(set(codes)), service.codes_a_call))


def expanded(digits: int, service: Service, *, seen: Iterable[str] = ()) -> tuple[str, ...]:
    """List every code of so many digits: of all editions, the publisher's own, and those `seen` in an answer."""
    own = (code for code in service.special_codes if len(code) == digits)
    return tuple(sorted({*_in_any_edition(digits), *own, *seen}))


def _with(ask: Ask, name: str, values: tuple[str, ...]) -> Ask:
    match name:
        case "periods":
            return replace(ask, periods=values)
        case "reporters":
            return replace(ask, reporters=values)
        case _:
            return replace(ask, flows=values)


def _in_any_edition(digits: int) -> set[str]:
    return {code for hs in hs_codes.EDITIONS for code in hs_codes.known(hs) if len(code) == digits}


def parts(ask: Ask, service: Service, seen: Iterable[str] = ()) -> tuple[Ask, ...]:
    """Split a call that brings too much; nothing where it cannot be split further.

    First by period, then reporter, flow, products (never within a heading) and partner. `seen` are the
    codes in the answer that was cut.
    """
    for name in ("periods", "reporters", "flows"):
        values = getattr(ask, name)
        if len(values) > 1:
            return tuple(_with(ask, name, half) for half in _halves(values))
    level = next((digits for digits, word in service.levels.items() if ask.products == (word,)), None)
    if level is not None:
        known = expanded(int(level), service, seen=seen)
        return tuple(replace(ask, products=each) for each in _heading_chunks(known, service.codes_a_call))
    halves = tuple(_heading_chunks(ask.products, (len(ask.products) + 1) // 2))
    if len(halves) > 1:
        return tuple(replace(ask, products=half) for half in halves)
    partners = ask.partners or numbers_of_all()
    if len(partners) > 1:
        return tuple(replace(ask, partners=half) for half in _halves(partners))
    return ()


def request_of(ask: Ask, card: Card, base: str, *, keyed: bool) -> Request:
    """Write one call as a request; totals of second partner, customs procedure and transport only."""
    listed = {
        REPORTERS: ask.reporters,
        "period": ask.periods,
        "partnerCode": ask.partners,
        "flowCode": ask.flows,
        "cmdCode": ask.products,
    }
    parameters = tuple((name, ",".join(values)) for name, values in listed.items() if values)
    path = f"{_ACCESS[keyed]}/C/{ask.frequency}/HS"
    return Request(card.id, base, path, (*parameters, *_WHOLE), keyed=keyed, what=ask.what)


def availability(card: Card, base: str, frequency: Frequency, **asked: Sequence[str]) -> Request:
    """Ask which data sets there are: of `reporters`, or of `periods`, or both; needs no key."""
    names = {"reporters": REPORTERS, "periods": "period"}
    parameters = tuple((names[name], ",".join(values)) for name, values in asked.items() if values)
    return Request(card.id, base, f"/public/v1/getDa/C/{frequency}/HS", parameters, what="what is available")


def live_update(card: Card, base: str) -> Request:
    """Ask what is being released right now; needs a key."""
    return Request(card.id, base, "/data/v1/getLiveUpdate", keyed=True, what="what is being released")


def flow_words(card: Card) -> dict[str, str]:
    """Return UN Comtrade's code of each flow by our word."""
    return {flow: code for code, flow in card.flows.items()}


def _flow_code(flow: str) -> str:
    from tidewaiter.statistics.card import card_of

    known = flow_words(card_of("un_comtrade"))
    if flow not in known:
        message = f"flow {flow!r} is unknown{nearest(flow, known) or '; known: ' + ', '.join(known)}"
        raise QueryError(message)
    return known[flow]


def _heading_chunks(codes: Sequence[str], most: int) -> Iterable[tuple[str, ...]]:
    """Cut codes into chunks of about `most`, never between two codes of one heading."""
    chunk: list[str] = []
    for _, group in groupby(codes, lambda code: (len(code), code[:4])):
        together = list(group)
        if chunk and len(chunk) + len(together) > most:
            yield tuple(chunk)
            chunk = []
        chunk += together
    if chunk:
        yield tuple(chunk)


def _chunks(values: Sequence[str], most: int) -> list[tuple[str, ...]]:
    return [tuple(values[start : start + most]) for start in range(0, len(values), most)]


def _halves(values: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    middle = (len(values) + 1) // 2
    return tuple(values[:middle]), tuple(values[middle:])


def few(values: Sequence[str]) -> str:
    """Write a list short, by its ends."""
    return "+".join(values) if len(values) <= 2 else f"{values[0]} to {values[-1]}"


def name_of(number: str) -> str:
    """Return the short name of the area that UN Comtrade gives this number, for people."""
    return areas.name(areas.resolve(number))
