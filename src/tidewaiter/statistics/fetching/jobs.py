"""Which steps fetch from which publisher: UN Comtrade's own, or those that follow a card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from tidewaiter.base.errors import QueryError
from tidewaiter.statistics.fetching.async_run import AsyncFetch
from tidewaiter.statistics.fetching.bulk_run import BulkFetch
from tidewaiter.statistics.fetching.card_run import CardFetch
from tidewaiter.statistics.fetching.comtrade import Question
from tidewaiter.statistics.fetching.comtrade_run import Fetch

if TYPE_CHECKING:
    from collections.abc import Callable

    from tidewaiter.statistics.fetching.gate import Gate
    from tidewaiter.statistics.fetching.order import Order
    from tidewaiter.statistics.fetching.outcome import Outcome, Plan


class FetchJob(Protocol):
    """A fetch that is ready: look at its plan, then run it."""

    def plan(self) -> Plan[Any]:
        """Say what is going to be asked, and what is here already."""

    def run(self, plan: Plan[Any], on_step: Callable[[str], None] | None = None) -> Outcome:
        """Ask, and land what came; `on_step` hears of each answer and each landing."""


def job_of(gate: Gate, want: Order) -> FetchJob:
    """Choose the steps for the gate's publisher; raises `QueryError` for what is not said."""
    if gate.service.calls:
        if want.since is not None or want.way != "calls":
            message = f"--since, --bulk and --async are UN Comtrade's; {gate.service.name} has none of them"
            raise QueryError(message)
        return CardFetch(gate, want)
    if not want.reporters and not want.partners:
        message = "say whose trade: --reporter, --partner or both"
        raise QueryError(message)
    question = Question(
        want.reporters, want.partners, want.span(), want.monthly, want.flows or ("export", "import"), want.products
    )
    if want.way == "bulk":
        if want.partners:
            message = "a bulk file holds every partner: leave --partner out, or --bulk"
            raise QueryError(message)
        return BulkFetch(gate, question)
    if want.way == "async":
        return AsyncFetch(gate, question)
    return Fetch(
        gate.lake,
        gate.card,
        gate.door,
        gate.journal,
        question,
        keyed=gate.key is not None,
        pace=gate.pace,
        since=want.since,
    )
