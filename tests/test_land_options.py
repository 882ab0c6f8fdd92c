"""What a user says of a file must fit the file: an option that contradicts it is refused, never dropped."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from source_helpers import FILES, rows_of
from tidewaiter.base.errors import InputError

TODAY = datetime.now(UTC).date()
"""When the tests were read; they may still run when the next day has begun."""


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"vintage": TODAY + timedelta(days=3)}, "--vintage .* lies in the future; it is the day of the download"),
        ({"flow": "sideways"}, "--flow sideways is neither export nor import"),
        ({"flow": "export"}, "holds export and import, but --flow says export; leave --flow out"),
        ({"reporter": "Xyzland"}, "area 'Xyzland' is unknown"),
        ({"reporter": "FJI"}, "but --reporter says FJI; leave --reporter out"),
        ({"product": "27.1"}, "--product"),
        ({"product": "2710"}, "holds TOTAL, but --product says 2710; leave --product out"),
    ],
)
def test_an_option_that_contradicts_the_file_is_refused(options, says):
    with pytest.raises(InputError, match=says):
        rows_of(FILES / "imf_dots.csv", **options)


def test_printed_figures_take_no_option_of_a_declaration():
    with pytest.raises(InputError, match="holds no declarations but published rows; leave --flow out"):
        rows_of(FILES / "published.csv", flow="export")


def test_options_that_say_what_the_file_says_change_nothing():
    path = FILES / "india_by_month.csv"
    guess, plain = rows_of(path)
    [reporter] = guess.reporters
    assert rows_of(path, reporter=reporter, product="TOTAL", vintage=TODAY)[1] == plain
