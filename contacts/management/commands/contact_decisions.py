"""manage.py contact_decisions: answers the gate's JSON lines, for auditors, counsel and tests."""

import io
import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contacts.rules import gate
from contacts.rules.case_lines import LineError, read_line
from contacts.rules.facts_json import to_text

#: From the last year of which cases are read the calendar does not reach further.
LONGEST_HORIZON_DAYS = 360
A_PIPE_HOLDS = 1 << 16  # bytes
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Command(BaseCommand):
    """Read one case a line from standard input, write one decision a line to standard output."""

    help = "Decide, for each JSON line read, whether that contact would be allowed, and why not."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer the next allowed moment, and how far ahead to look for it."""
        parser.add_argument("--next", action="store_true", help="also name the next allowed moment")
        parser.add_argument(
            "--horizon-days",
            type=int,
            choices=range(LONGEST_HORIZON_DAYS + 1),
            metavar="DAYS",
            default=gate.HORIZON_DAYS,
            help=f"how far ahead --next looks, up to {LONGEST_HORIZON_DAYS} (default: %(default)s days)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer every line in its order; exit with 1 at the end when some were malformed."""
        horizon_days = options["horizon_days"] if options["next"] else None
        malformed = 0
        for line in _lines(_at_once(sys.stdin.buffer)):
            try:
                self.stdout.write(answer_to(line, horizon_days=horizon_days))
            except LineError as error:
                malformed += 1
                self.stdout.write(f'{{"id": {_encode(error.case_id)}, "error": {_encode(str(error))}}}')
        if malformed:
            raise CommandError(f"{malformed} malformed lines", returncode=1)


def answer_to(line: bytes, *, horizon_days: int | None) -> str:
    """Return the decision on one line, as JSON. Raises LineError."""
    case_id, case = read_line(line)
    decision = gate.decide(facts=case.facts, terms=case.terms, now=case.now, horizon_days=horizon_days)
    answer = f'{{"id": {_encode(case_id)}, {_verdict(decision.reasons)}'
    if horizon_days is None:
        return answer + "}"
    following = decision.next_allowed
    return f'{answer}, "next_allowed": {_encode(following and to_text(following))}}}'


@lru_cache(maxsize=4096)
def _verdict(reasons: tuple[str, ...]) -> str:
    """Return the verdict as JSON: there are many lines and few sets of reasons."""
    return f'"allowed": {_encode(not reasons)}, "reasons": {_encode(reasons)}'


def _at_once(stream: Any) -> Iterator[bytes]:
    """Yield the lines of a stream, asking for as much as a pipe holds: by itself Python asks line by line."""
    reading = io.BufferedReader(getattr(stream, "raw", stream), A_PIPE_HOLDS)
    try:
        yield from reading
    finally:
        reading.detach()  # else the stream is closed with it


def _lines(stream: Iterable[bytes]) -> Iterable[bytes]:
    """Yield the lines that hold something; a byte order mark, as some editors write, is no content."""
    for line in stream:
        stripped = line.removeprefix(BYTE_ORDER_MARK).strip()
        if stripped:
            yield stripped


_encode = json.JSONEncoder().encode
