"""Measure what is named, or everything: `make bench`, or `python -m tests.bench decisions`."""

import sys
from importlib import import_module

EVERYTHING = ("decisions",)


def main(names: list[str]) -> None:
    """Print one line a figure, as each is ready."""
    for name in names or EVERYTHING:
        for figure in import_module(f"tests.bench.{name}").measure():
            print(figure, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
