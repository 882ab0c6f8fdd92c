"""Where sources live: a folder with a card `<id>.yml` and a parser `<id>.py` each, shipped or a user's own.

A user's own folder is named by the setting TIDEWAITER_SOURCES, or is a package that an installed
distribution names under the entry points `tidewaiter.sources`. This room finds them; what a card says
is `card`'s business.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module, resources, util
from importlib.metadata import entry_points
from os import pathsep
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tidewaiter.base.errors import RuleError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

GROUP: Final = "tidewaiter.sources"
SHIPPED: Final = "tidewaiter.statistics.sources"


@dataclass(frozen=True, slots=True)
class Home:
    """One folder of sources, and the package it is, where it is one."""

    folder: Traversable
    package: str | None
    origin: str

    def cards(self) -> Iterator[Traversable]:
        """Yield its cards, by name."""
        for entry in sorted(self.folder.iterdir(), key=lambda item: item.name):
            if entry.name.endswith(".yml") and not entry.name.endswith(".corrections.yml"):
                yield entry

    def parser(self, source: str) -> Any:
        """Import the parser of a source; raises `RuleError` where there is none or it does not load."""
        try:
            module = import_module(f"{self.package}.{source}") if self.package else self._load(source)
        except Exception as error:
            if self.package == SHIPPED:
                raise
            message = f"{self.origin}: {source}.py does not load: {type(error).__name__}: {error}"
            raise RuleError(message) from error
        if not callable(getattr(module, "parse", None)):
            message = f"{self.origin}: {source}.py has no function parse(bench, options)"
            raise RuleError(message)
        return module

    def _load(self, source: str) -> Any:
        name = f"tidewaiter_source_{source}"
        path = Path(str(self.folder)) / f"{source}.py"
        known = sys.modules.get(name)
        if known is not None and getattr(known, "__file__", None) == str(path):
            return known
        spec = util.spec_from_file_location(name, path)
        if spec is None or spec.loader is None or not path.is_file():
            message = f"there is no {path.name} beside {source}.yml"
            raise RuleError(message)
        module = util.module_from_spec(spec)
        spec.loader.exec_module(module)
        sys.modules[name] = module
        return module


@lru_cache(maxsize=1)
def homes() -> tuple[Home, ...]:
    """Find every folder of sources, the shipped one first; raises `RuleError` for one that is not there."""
    from tidewaiter.base.settings import settings

    found = [Home(resources.files(SHIPPED), SHIPPED, "the shipped sources")]
    for point in sorted(entry_points(group=GROUP), key=lambda each: each.name):
        origin = f"the entry point {point.name} of {point.dist.name if point.dist else 'a package'}"
        try:
            folder = resources.files(point.module)
        except ImportError as error:
            message = f"{origin}: {error}"
            raise RuleError(message) from error
        found.append(Home(folder, point.module, origin))
    for each in (settings().sources or "").split(pathsep):
        if each.strip():
            path = Path(each.strip()).expanduser()
            if not path.is_dir():
                message = f"TIDEWAITER_SOURCES names {each.strip()!r}, which is no folder"
                raise RuleError(message)
            found.append(Home(path, None, str(path)))
    return tuple(found)
