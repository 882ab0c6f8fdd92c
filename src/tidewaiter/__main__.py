"""The command `tidewaiter`, also as `python -m tidewaiter`."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from tidewaiter.cli import run

    run()


if __name__ == "__main__":
    main()
