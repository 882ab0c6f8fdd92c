"""Where the lake's bytes lie: a local folder, or an object store behind a URL; knows files, not rows.

<home>/raw/ab/ab34...           the publishers' files, named by their sha256
<home>/<table>/...              one Delta table each
<home>/incoming/<receipt>/...   what a landing writes before it is put in its place (local only)
<home>/learned/...              what was learned from the rows; may be deleted at any time (local only)
<home>/compacted/...            what many landed files come to; may be deleted likewise (local only)
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Protocol, cast
from urllib.parse import urlparse
from urllib.request import url2pathname

from tidewaiter.base.errors import LakeError
from tidewaiter.base.legible import legible

if TYPE_CHECKING:
    from collections.abc import Sequence

_CHUNK: Final = 1 << 20
_ELSEWHERE: Final = "set TIDEWAITER_HOME or --home to another place"
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_COMMIT: Final = re.compile(r"[0-9]{20}\.json")


class Store(Protocol):
    """What the lake asks of the place its bytes lie in. Paths are relative to the home, with slashes."""

    home: str

    def uri(self, table: str) -> str:
        """Return where the Delta table lies, as deltalake wants it."""

    def look(self) -> None:
        """Raise `LakeError` where the home cannot be read."""

    def newest(self, table: str) -> int | None:
        """Return the number of a table's newest commit, -1 where it has none; None where only opening it tells."""

    def make_ready(self) -> None:
        """Make the home where it does not exist; raises `LakeError` where it cannot be written."""

    def scratch(self, name: str) -> Path:
        """Return a new local folder for one landing, from which `place` is cheap."""

    def place(self, file: Path, path: str) -> None:
        """Put a finished local file where `path` says."""

    def remove(self, path: str) -> None:
        """Take a file away that no commit names."""

    def near(self, paths: Sequence[str]) -> list[str]:
        """Return local paths that the engine can read, fetching what is far away."""

    def keep(self, file: Path, sha256: str) -> None:
        """Keep the bytes of `file` under their sha256, unless they are kept already."""

    def raw(self, sha256: str) -> Path:
        """Return a local path of kept bytes; raises `LakeError` where there are none."""

    def shelf(self) -> Path:
        """Return the local folder for what was worked out from the rows and can be worked out again."""

    def compacted(self) -> Path:
        """Return the local folder for what was brought into one file."""


def open_store(home: str) -> Store:
    """Choose the store for `home`: a folder, or any URL that deltalake takes."""
    if "://" in home:
        return ObjectStore(home.rstrip("/"))
    if "\0" in home:
        message = f"the lake's folder {legible(home)} holds a zero byte, which no folder's name can"
        raise LakeError(message)
    try:
        return LocalStore(Path(home).expanduser().absolute())
    except RuntimeError as error:
        message = f"the lake's folder {legible(home)} begins with ~, and no such user has a home here"
        raise LakeError(message) from error


def raw_path(sha256: str) -> str:
    """Return where raw bytes lie inside a home; raises `LakeError` for what is no sha256."""
    if not _SHA256.fullmatch(sha256):
        message = f"{sha256!r} is no sha256: it takes 64 of the signs 0-9 and a-f"
        raise LakeError(message)
    return f"raw/{sha256[:2]}/{sha256}"


def digest(file: Path) -> tuple[str, int]:
    """Return the sha256 and the size in bytes of a file, reading it once."""
    found = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            found.update(chunk)
        return found.hexdigest(), stream.tell()


class LocalStore:
    """A folder on a disk. Files are written elsewhere in it first, then renamed: never seen half."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.home = str(root)

    def uri(self, table: str) -> str:
        """Return the folder of the Delta table."""
        return str(self.root / table)

    def look(self) -> None:
        """Raise `LakeError` where the home is a file or may not be read; a missing one is an empty lake."""
        try:
            mode = self.root.stat().st_mode
        except FileNotFoundError:
            if self.root.is_symlink():
                message = f"the lake's folder {self.home} is a link that leads nowhere; mend it"
                raise LakeError(message) from None
            return
        except PermissionError as error:
            message = f"the lake at {self.home} may not be read by you; mend its permissions"
            raise LakeError(message) from error
        except OSError as error:
            message = f"the lake's folder {self.home} cannot be: {error.strerror}; {_ELSEWHERE}"
            raise LakeError(message) from error
        if not stat.S_ISDIR(mode):
            message = f"{self.home} is a file, and a lake is a folder; {_ELSEWHERE}"
            raise LakeError(message)
        if not os.access(self.root, os.R_OK | os.X_OK):
            message = f"the lake at {self.home} may not be read by you; mend its permissions"
            raise LakeError(message)

    def newest(self, table: str) -> int | None:
        """Read the number off the names in the table's log: a hundredth of the time it takes to open it."""
        try:
            with os.scandir(self.root / table / "_delta_log") as names:
                return max((int(each.name[:20]) for each in names if _COMMIT.fullmatch(each.name)), default=-1)
        except FileNotFoundError:
            return -1

    def make_ready(self) -> None:
        """Make the folder; raises `LakeError` where it cannot be made or written."""
        self.look()
        try:
            self.root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            message = f"the lake's folder {self.home} cannot be made: {error.strerror}; {_ELSEWHERE}"
            raise LakeError(message) from error
        if not os.access(self.root, os.W_OK | os.X_OK):
            message = f"the lake at {self.home} may not be written by you; mend its permissions"
            raise LakeError(message)

    def scratch(self, name: str) -> Path:
        """Return a folder inside the home, on the same disk, so that placing is a rename."""
        folder = self.root / "incoming" / name
        folder.mkdir(parents=True)
        return folder

    def place(self, file: Path, path: str) -> None:
        """Rename the file into place."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        file.replace(target)

    def remove(self, path: str) -> None:
        """Delete a file that no commit names."""
        (self.root / path).unlink(missing_ok=True)

    def near(self, paths: Sequence[str]) -> list[str]:
        """Return the paths themselves, absolute: they are near."""
        return [str(self.root / path) for path in paths]

    def keep(self, file: Path, sha256: str) -> None:
        """Copy the bytes to a temporary name beside their place, then rename."""
        target = self.root / raw_path(sha256)
        if target.exists():
            _confirm(file, sha256, file.name)
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{sha256[:12]}-", dir=target.parent)
        os.close(handle)
        part = Path(name)
        try:
            shutil.copyfile(file, part)
            _confirm(part, sha256, file.name)
            part.chmod(0o644)
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise

    def raw(self, sha256: str) -> Path:
        """Return the path of kept bytes."""
        path = self.root / raw_path(sha256)
        if not path.is_file():
            message = f"no raw file with sha256 {sha256} in the lake at {self.home}"
            raise LakeError(message)
        return path

    def shelf(self) -> Path:
        """Return a folder inside the home."""
        return self.root / "learned"

    def compacted(self) -> Path:
        """Return a folder inside the home."""
        return self.root / "compacted"


class ObjectStore:
    """Any store that deltalake takes by URL. Uploads are whole or not at all, as those stores promise.

    The engine reads local files only, so data files are fetched once into a cache folder; that is safe
    because a data file never changes under its name. Credentials come from the store's own environment
    variables, as deltalake documents them.
    """

    def __init__(self, home: str) -> None:
        from platformdirs import user_cache_path

        self.home = home
        name = hashlib.sha256(home.encode()).hexdigest()[:16]
        self.cache = user_cache_path("tidewaiter", appauthor=False) / "lake" / name

    def uri(self, table: str) -> str:
        """Return the URL of the Delta table."""
        return f"{self.home}/{table}"

    def look(self) -> None:
        """Do nothing: what cannot be read says so when it is read."""

    def newest(self, table: str) -> int | None:  # noqa: ARG002  # which table makes no difference
        """Return None: asking the store for names takes as long as opening the log."""
        return None

    def make_ready(self) -> None:
        """Make the folder behind a file URL; other stores need none."""
        if self.home.startswith("file://"):
            LocalStore(Path(url2pathname(urlparse(self.home).path))).make_ready()

    def scratch(self, name: str) -> Path:
        """Return a folder in the machine's temporary folder."""
        return Path(tempfile.mkdtemp(prefix=f"tidewaiter-{name}-"))

    def place(self, file: Path, path: str) -> None:
        """Upload the file."""
        with file.open("rb") as source:
            self._upload(source, path)

    def remove(self, path: str) -> None:
        """Delete an object that no commit names."""
        self._files().delete_file(path)

    def near(self, paths: Sequence[str]) -> list[str]:
        """Fetch into the cache what is not there yet; return the cached paths."""
        return [str(self._fetch(path)) for path in paths]

    def keep(self, file: Path, sha256: str) -> None:
        """Upload the bytes under their sha256."""
        path = raw_path(sha256)
        _confirm(file, sha256, file.name)
        try:
            self._files().open_input_file(path)
        except FileNotFoundError:
            self.place(file, path)

    def raw(self, sha256: str) -> Path:
        """Fetch kept bytes into the cache."""
        try:
            return self._fetch(raw_path(sha256))
        except FileNotFoundError:
            message = f"no raw file with sha256 {sha256} in the lake at {self.home}"
            raise LakeError(message) from None

    def shelf(self) -> Path:
        """Return a folder beside the cached files: what is learned is never uploaded."""
        return self.cache / "learned"

    def compacted(self) -> Path:
        """Return a folder beside the cached files."""
        return self.cache / "compacted"

    def _files(self) -> Any:
        # The one piece of deltalake used without its public wrapper, which would need pyarrow.
        from deltalake._internal import DeltaFileSystemHandler

        return DeltaFileSystemHandler(self.home)

    def _upload(self, source: BinaryIO, path: str) -> None:
        target = self._files().open_output_stream(path)
        while chunk := source.read(_CHUNK):
            target.write(chunk)
        target.close()

    def _fetch(self, path: str) -> Path:
        cached = self.cache / path
        if cached.exists():
            return cached
        source = cast(BinaryIO, self._files().open_input_file(path))
        cached.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=cached.parent, delete=False) as part:
            while chunk := bytes(source.read(_CHUNK)):
                part.write(chunk)
        Path(part.name).replace(cached)
        return cached


def _confirm(copy: Path, sha256: str, name: str) -> None:
    if digest(copy)[0] != sha256:
        message = f"{legible(name)} changed while it was landed; nothing was landed; land it again"
        raise LakeError(message)
