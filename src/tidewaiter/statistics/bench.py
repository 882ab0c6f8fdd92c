"""One file on the bench: its rows in the engine, and dictionaries of what its words mean.

The engine does the work: Python sees the distinct words of a column (areas, flows, periods), never the
rows. Every refusal names file, row, column and value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from tidewaiter.base.errors import CodeError, InputError
from tidewaiter.codes import areas
from tidewaiter.statistics.refusal import place, refuse, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import duckdb

    from tidewaiter.statistics.card import Card, Layout
    from tidewaiter.statistics.header import Header

_numbers = count(1)
MEANING_FAULTS_SHOWN: Final = 1000


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a parser makes of a file: a query for its rows, and what the guess says of them."""

    sql: str
    reporters: tuple[str, ...]
    periods: tuple[str, ...]
    rows: int
    notes: tuple[str, ...] = ()
    is_cut: bool = False
    """Whether the file stops at a limit of its publisher's, so that more may be missing."""
    about: str = ""
    """What the rows are about, in words, where they are no trade and have neither reporter nor period."""


@dataclass(slots=True)
class Bench:
    """The rows of the file `name` as the relation `rows`, with a column `row` counted from 1."""

    connection: duckdb.DuckDBPyConnection
    name: str
    card: Card
    layout: Layout
    header: Header
    rows: str
    is_text: bool = True
    """Whether every cell is text, as in CSV and JSON, or has a type, as in Parquet."""
    made: list[str] = field(default_factory=list)

    def table(self, sql: str, parameters: list[Any] | None = None) -> str:
        """Keep the result of a query as a temporary table and return its name."""
        name = f"bench_{next(_numbers)}"
        self.connection.execute(f"CREATE TEMP TABLE {name} AS {sql}", parameters or [])
        self.made.append(f"DROP TABLE IF EXISTS {name}")
        return name

    def one(self, sql: str) -> tuple[Any, ...]:
        """Return the first row of a query that always has one."""
        found = self.first(sql)
        assert found is not None
        return found

    def first(self, sql: str, parameters: list[Any] | None = None) -> tuple[Any, ...] | None:
        """Return the first row of a query that yields few, None where it yields none."""
        found = self.connection.execute(sql, parameters or []).fetchall()
        return tuple(found[0]) if found else None

    def has(self, column: str) -> bool:
        """Tell whether the file has the optional column."""
        return column in self.header.columns

    def column(self, name: str, otherwise: str = "NULL") -> str:
        """Return the SQL for an optional column, or `otherwise` where the file lacks it."""
        return quoted(name) if self.has(name) else otherwise

    def words(self, table: str, column: str) -> tuple[str, ...]:
        """Return the distinct values of a column of a dictionary, sorted."""
        found = self.connection.execute(f"SELECT DISTINCT {column} FROM {table} ORDER BY 1").fetchall()
        return tuple(word for (word,) in found)

    def column_words(self, column: str) -> tuple[str, ...]:
        """Return the distinct words of a column of the file, sorted, without empty cells."""
        return tuple(word for word in self.words(self.rows, quoted(column)) if word is not None)

    def dictionary(
        self,
        column: str,
        meaning: Callable[[str], tuple[Any, ...]],
        names: tuple[str, ...],
        *,
        may_be_empty: bool = False,
    ) -> str:
        """Make a table of what each word in `column` means; `said` joins to it, `names` are its columns.

        `meaning` gets the word as text and returns one value per name, or raises an `InputError` that
        says what is wrong with the word; it is raised again with file, row and column. So is an empty
        cell, unless it `may_be_empty`: then it joins to nothing.
        """
        key = quoted(column)
        found = self.connection.execute(f"SELECT DISTINCT {key} FROM {self.rows}")
        said: list[Any] = []
        meant: list[tuple[Any, ...]] = []
        wrong: dict[Any, InputError] = {}
        while piece := found.fetchmany(1000):
            for (word,) in piece:
                if word is None and may_be_empty:
                    continue
                try:
                    meant.append(meaning(self._present(word, column)))
                    said.append(word)
                except InputError as error:
                    wrong[word] = error
            if len(wrong) > MEANING_FAULTS_SHOWN:
                break
        if wrong:
            self._refuse_first(column, wrong)
        lists = [said, *([row[place_] for row in meant] for place_ in range(len(names)))]
        columns = ", ".join(f"unnest(${place_}) AS {name}" for place_, name in enumerate(("said", *names), start=1))
        return self.table(f"SELECT {columns}", lists)

    def refuse_empty(self, column: str) -> None:
        """Refuse the file where a cell of the column is empty."""
        found = self.first(f"SELECT row FROM {self.rows} WHERE {quoted(column)} IS NULL ORDER BY row LIMIT 1")
        if found is not None:
            refuse(self.name, "is empty", row=found[0], column=column)

    def areas(self, column: str) -> str:
        """Make the dictionary of an area column: `code` and `never_reports`."""
        own = self.card.areas

        def meaning(word: str) -> tuple[str, bool]:
            code = own.get(word) or areas.resolve(word)
            return code, areas.never_reports(code)

        return self.dictionary(column, meaning, ("code", "never_reports"))

    def refuse_what_is_no_number(self, columns: Iterable[str], among: str | None = None) -> None:
        """Refuse the file where a cell of these text columns is neither empty nor a plain number."""
        rows = among or self.rows
        for column in columns:
            key = quoted(column)
            found = self.first(
                f"SELECT row, {key} FROM {rows} WHERE {key} IS NOT NULL AND "
                f"(TRY_CAST({key} AS DECIMAL(38,9)) IS NULL OR contains({key}, '_')) ORDER BY row LIMIT 1"
            )
            if found is not None:
                refuse(self.name, why_no_number(str(found[1])), row=found[0], column=column)

    def join_thousands(self, columns: Iterable[str]) -> None:
        """Take out the thousands separators that the card allows, where they stand every three digits."""
        mark = self.card.thousands
        if mark is None or not self.is_text:
            return
        grouped = f"-?[0-9]{{1,3}}({mark}[0-9]{{3}})+([.][0-9]+)?"
        replaced = ", ".join(
            f"CASE WHEN regexp_full_match({key}, '{grouped}') THEN replace({key}, '{mark}', '') ELSE {key} END AS {key}"
            for key in map(quoted, columns)
        )
        self.rows = self.table(f"SELECT * REPLACE ({replaced}) FROM {self.rows}")

    def close(self) -> None:
        """Drop what was put on the bench."""
        for statement in reversed(self.made):
            self.connection.execute(statement)
        self.made.clear()

    def _present(self, word: Any, column: str) -> str:
        if word is None or not str(word).strip():
            message = f"column {column!r} is empty"
            raise InputError(message)
        # Tables written by other programs hold whole numbers with gaps as fractions.
        return str(int(word)) if isinstance(word, float) and word.is_integer() else str(word)

    def _refuse_first(self, column: str, wrong: dict[Any, InputError]) -> None:
        """Raise the fault that stands highest in the file, with its place."""
        key = quoted(column)
        found = self.first(
            f"SELECT {key}, min(row) FROM {self.rows} WHERE {key} IS NULL OR list_contains($1, {key}) "
            "GROUP BY 1 ORDER BY 2 LIMIT 1",
            [[word for word in wrong if word is not None] or [""]],
        )
        assert found is not None
        word, row = found
        error = wrong[word]
        if isinstance(error, CodeError):
            message = f"{place(self.name, row=row, column=column)}: {error}"
            raise CodeError(message) from None
        refuse(self.name, f"{shown(word)}: {error}" if word is not None else "is empty", row=row, column=column)


def quoted(name: str) -> str:
    """Write a column's name for SQL."""
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def literal(text: str) -> str:
    """Write a text for SQL."""
    escaped = text.replace("'", "''")
    return f"'{escaped}'"


def why_no_number(text: str) -> str:
    """Say what is wrong with a cell that should hold a number."""
    if "," in text and any(mark.isdigit() for mark in text):
        return f"{shown(text)} has a decimal comma or thousands separators; write it like 1234.5"
    return f"{shown(text)} is not a number; the columns may be shifted"
