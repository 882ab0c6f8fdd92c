"""The size alarm: no module over 400 lines, and the median as a fact to look at."""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median

LIMIT = 400


def main() -> int:
    """Print the median and every module over the limit; return 1 if there is one."""
    root = Path(__file__).resolve().parent.parent / "src"
    sizes = {path: len(path.read_text("utf-8").splitlines()) for path in sorted(root.rglob("*.py"))}
    rooms = {path: size for path, size in sizes.items() if path.name != "__init__.py"}
    over = {path: size for path, size in sizes.items() if size > LIMIT}
    print(f"{len(sizes)} modules, median {median(rooms.values()):.0f} lines, largest {max(sizes.values())}")
    for path, size in over.items():
        print(f"{path.relative_to(root)}: {size} lines, over the limit of {LIMIT}")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
