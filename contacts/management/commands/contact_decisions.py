"""manage.py contact_decisions: answers the gate's JSON lines, for auditors, counsel and tests."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contacts.rules import gate
from contacts.rules.case_lines import LineError, LineReader
from contacts.rules.facts_json import to_text

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
            default=gate.HORIZON_DAYS,
            help="how far ahead --next looks (default: %(default)s days)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer every line in its order; exit with 1 at the end when some were malformed."""
        horizon_days = options["horizon_days"] if options["next"] else None
        reader = LineReader()
        malformed = 0
        for line in _lines(sys.stdin.buffer):
            answer = answer_to(line, reader=reader, horizon_days=horizon_days)
            malformed += "error" in answer
            self.stdout.write(_encode(answer))
        if malformed:
            raise CommandError(f"{malformed} malformed lines", returncode=1)


def answer_to(line: bytes, *, reader: LineReader, horizon_days: int | None) -> dict[str, Any]:
    """Return what is answered to one line: a decision, or an error with the line's id where it has one."""
    try:
        case_id, case = reader.read(line)
    except LineError as error:
        return {"id": error.case_id, "error": str(error)}
    decision = gate.decide(facts=case.facts, terms=case.terms, now=case.now, horizon_days=horizon_days)
    answer = {"id": case_id, "allowed": decision.is_allowed, "reasons": decision.reasons}
    if horizon_days is not None:
        answer["next_allowed"] = to_text(decision.next_allowed) if decision.next_allowed else None
    return answer


def _lines(stream: Iterable[bytes]) -> Iterable[bytes]:
    """Yield the lines that hold something; a byte order mark, as some editors write, is no content."""
    for line in stream:
        stripped = line.removeprefix(BYTE_ORDER_MARK).strip()
        if stripped:
            yield stripped


_encode = json.JSONEncoder().encode
