"""`tidewaiter check --batch`: every story of a folder, one JSON each, and a table of what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidewaiter.base.errors import StoryError, TidewaiterError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date
    from pathlib import Path

    from tidewaiter.news.judge.check import Report


def check_folder(
    folder: Path,
    out: Path | None,
    *,
    read: Callable[[Path], bytes],
    published_on: date | None,
    as_of: date | None,
    home: str | None,
) -> list[tuple[Path, Report | TidewaiterError]]:
    """Check each file of `folder`, write `out/<file>.json`, and return what became of each.

    A file that cannot be read, checked or written stands in the result as its error and stops no other.
    """
    from tidewaiter.tell.progress import progress

    files = _files(folder, out)
    if out is not None:
        _make(out)
    done = []
    with progress("checking", len(files)) as step:
        for path, outcome in _checked(files, read, published_on=published_on, as_of=as_of, home=home):
            done.append((path, _written(path, outcome, out)))
            step(path.name)
    return done


def _files(folder: Path, out: Path | None) -> list[Path]:
    try:
        files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    except OSError as error:
        message = f"cannot read the folder {folder}: {error.strerror}"
        raise StoryError(message) from None
    if out is not None and out.resolve() == folder.resolve():
        message = f"{out} holds the stories: choose another folder for the findings"
        raise StoryError(message)
    if not files:
        message = f"{folder} holds no files; put one story in each file, as text or HTML"
        raise StoryError(message)
    return files


def _make(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"cannot make the folder {out}: {error.strerror}"
        raise StoryError(message) from None


def _checked(
    files: list[Path], read: Callable[[Path], bytes], *, published_on: date | None, as_of: date | None, home: str | None
) -> Iterator[tuple[Path, Report | TidewaiterError]]:
    from tidewaiter import pipeline

    lake = pipeline.open_lake(home)
    for path in files:
        try:
            story = read(path)
            yield path, pipeline.check(story, name=path.name, published_on=published_on, as_of=as_of, lake=lake)
        except TidewaiterError as error:
            yield path, error
        except Exception as error:  # noqa: BLE001  # a fault of ours with one story must not lose the others
            yield path, StoryError(f"{path.name} could not be checked: {error!r}")


def _written(path: Path, outcome: Report | TidewaiterError, out: Path | None) -> Report | TidewaiterError:
    if out is None or isinstance(outcome, TidewaiterError):
        return outcome
    from tidewaiter.news.judge.contract import to_json

    place = out / f"{path.name}.json"
    try:
        place.write_text(to_json(outcome) + "\n", "utf-8")
    except OSError as error:
        return StoryError(f"cannot write {place}: {error.strerror}")
    return outcome
