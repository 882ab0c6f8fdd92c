"""A progress bar on standard error, shown on a terminal only."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def progress(verb: str, total: int, *, shown: bool = True) -> Iterator[Callable[[str], None]]:
    """Yield a function to call with the name of each of `total` steps done.

    Draws nothing when standard error is no terminal, when there is but one step, or when `shown` is false.
    """
    if not shown or total < 2 or not sys.stderr.isatty():
        yield lambda _name: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(verb, total=total)

        def step(name: str) -> None:
            bar.update(task, advance=1, description=f"{verb} {name}")

        yield step
