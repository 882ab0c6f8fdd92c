"""The part of a card that says how a publisher is asked over the network: addresses, limits, pace.

Only facts; the steps are `fetching`'s, and the connection is `fetch`'s.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, StrictStr, model_validator


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Call(_Strict):
    """One question of a kind: path and parameters, with `{names}` filled in from what the user asks for.

    Known are freq (A or M), year, month (01 to 12), reporter and partner (the publisher's codes), products,
    level, and file, one of `files`. It is asked once for each combination of those that it names.
    """

    path: StrictStr
    parameters: dict[StrictStr, StrictStr] = {}
    files: tuple[StrictStr, ...] = ()


class Service(_Strict):
    """How a publisher is asked: `name` is what people write after `tidewaiter fetch`."""

    name: StrictStr
    url: StrictStr
    setting: StrictStr | None = None
    """The environment variable that names another address, such as a stand-in's."""
    answers: Literal["json", "csv", "workbook", "any"]
    pace_seconds: float = 1.0
    calls_a_day: int | None = None
    key_variable: StrictStr | None = None
    key_header: StrictStr | None = None
    key_parameter: StrictStr | None = None
    key_needed: bool = False
    key_page: StrictStr | None = None
    """Where a key is asked for."""
    rows_preview: int | None = None
    rows_keyed: int | None = None
    suspect_multiple: int | None = None
    """Above `rows_keyed`, a whole multiple of this many rows counts as cut: published limits differ."""
    periods_preview: int = 1
    periods_keyed: int = 1
    codes_a_call: int = 100
    levels: dict[StrictStr, StrictStr] = {}
    """What stands for all codes of so many digits."""
    special_codes: tuple[StrictStr, ...] = ()
    """Codes outside the Harmonised System that answers hold."""
    calls: tuple[Call, ...] = ()
    """The questions that follow the card; UN Comtrade's own have steps of their own."""
    may_be_left_out: tuple[Literal["reporter", "partner"], ...] = ()
    """What means everybody where it is empty."""
    levels_said: dict[StrictStr, StrictStr] = {}
    """For `{level}`: what the publisher calls chapters, headings and subheadings, by their digits."""
    total_said: StrictStr | None = None
    """What stands for all goods in `{products}`."""
    joint: StrictStr = "+"
    """What stands between codes in `{products}`."""
    no_rows_status: int | None = None
    """The HTTP status by which the publisher says that it has no rows for a question, where that is not 200 or 204."""
    fresh_days: float = 1.0
    """For how long an answer is not asked for again."""

    @model_validator(mode="after")
    def _one_way_for_the_key(self) -> Service:
        if (self.key_variable is None) != (self.key_header is None and self.key_parameter is None):
            message = "a key needs key_variable, and key_header or key_parameter"
            raise ValueError(message)
        return self
