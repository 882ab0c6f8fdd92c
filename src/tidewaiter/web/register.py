"""The exclusion register on the disk: read it, add to it, one writer at a time and never half.

Entries are laid out as docs/reference/screen.md says, so that `tidewaiter screen --register` reads the same
file. What was looked at and found in order stands in a second file beside it, and is not asked about again.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import yaml

from tidewaiter.base.errors import InputError, RuleError
from tidewaiter.law.review import NAMED_BY, read_register

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Verdict = Literal["doubtful", "stands"]
NAME: Final = "register.yml"
HEAD: Final = {
    "doubtful": "# Declarations in doubt: docs/reference/screen.md, the exclusion register.\n",
    "stands": "# Declarations that were suspected, looked at and found in order; they are not asked about again.\n",
}
LONGEST: Final = 500
KEY: Final = tuple(name for name in NAMED_BY if name not in {"exporter", "importer"})


class Register:
    """The two files of a register in one folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def of(cls, given: str | None, home: str) -> Register | None:
        """Return the register that was named, else the one in the lake's folder; None where the lake is no folder."""
        if given is not None:
            return cls(Path(given))
        return None if "://" in home else cls(Path(home) / NAME)

    def file(self, verdict: Verdict) -> Path:
        """Return the file that entries of this verdict stand in."""
        return self.path if verdict == "doubtful" else self.path.with_suffix(".stands.yml")

    def entries(self, verdict: Verdict) -> list[dict[str, Any]]:
        """Return the entries of a file as screening takes them; raises `RuleError` for what is wrong with it."""
        path = self.file(verdict)
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return []
        except (OSError, UnicodeDecodeError) as error:
            message = f"{path.name}: cannot be read: {error}"
            raise RuleError(message) from None
        return read_register(text, path.name)

    def judged(self) -> dict[tuple[str, ...], tuple[Verdict, str]]:
        """Return what was said of each declaration that an entry names in full."""
        found: dict[tuple[str, ...], tuple[Verdict, str]] = {}
        verdicts: tuple[Verdict, ...] = ("stands", "doubtful")
        for verdict in verdicts:
            for entry in self.entries(verdict):
                found[tuple(str(entry.get(name, "")) for name in KEY)] = (verdict, str(entry["review"]))
        return found

    def state(self) -> str:
        """Return what changes whenever a file does."""
        states = []
        for path in (self.file("doubtful"), self.file("stands")):
            try:
                found = path.stat()
                states.append(f"{found.st_mtime_ns}-{found.st_size}")
            except OSError:
                states.append("none")
        return " ".join(states)

    def add(self, verdict: Verdict, declaration: Mapping[str, str], who: str, why: str) -> None:
        """Add one entry, whole or not at all; raises `InputError` where words are missing or it cannot be written."""
        if not who.strip() or not why.strip():
            message = "say who you are and why"
            raise InputError(message)
        entry = {name: str(declaration[name]) for name in KEY if declaration.get(name)}
        entry |= {"who": who.strip()[:LONGEST], "when": "", "why": why.strip()[:LONGEST]}
        today = datetime.now(UTC).date()
        path = self.file(verdict)
        with self._alone():
            kept = self._written(path)
            kept.append({**entry, "when": today})
            dumped = yaml.safe_dump({"suspects": kept}, allow_unicode=True, sort_keys=False, width=110)
            text = HEAD[verdict] + dumped
            read_register(text, path.name)
            self._replace(path, text)

    def _written(self, path: Path) -> list[dict[str, Any]]:
        if not path.exists():
            return []
        text = path.read_text(encoding="utf-8")
        read_register(text, path.name)
        return list(yaml.safe_load(text)["suspects"])

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep the other workers out until this one has written."""
        import fcntl

        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.with_suffix(".lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
        except OSError as error:
            message = f"the register cannot be written: {error.strerror}"
            raise InputError(message) from None

    def _replace(self, path: Path, text: str) -> None:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
