"""Reads the gate's lines, a day's worth at a time: a policy met before is known again by its text."""

import json
import re
from typing import Any, NoReturn

from contacts.rules.case_json import Case, case_from_json, case_under
from contacts.rules.facts import PolicyTerms
from contacts.rules.policy_json import policy_from_json
from contacts.rules.reading import MalformedError

KEY = '"policy":'
STAND_IN = "(the policy, read apart)"  # in its place while the rest of the line is parsed
KNOWN_AT_MOST = 1024
SPACE = re.compile(r"[ \t\n\r]*")


class LineError(ValueError):
    """A line that holds no case; `case_id` is its id, None when the line could not be parsed."""

    def __init__(self, message: str, *, case_id: Any = None) -> None:
        self.case_id = case_id
        super().__init__(message)


class LineReader:
    """Reads one line after the other and remembers their policies: most lines of a day share a few.

    Reading the policy is two thirds of the work, so it is read apart from the rest, and only once for
    each text. What is answered never depends on it: unless the stand-in turns up exactly where the
    policy belongs, the line is read as a whole.
    """

    def __init__(self) -> None:
        self._known: dict[str, PolicyTerms] = {}
        self._follower = ""  # what came after the last policy, up to the next colon

    def read(self, line: bytes) -> tuple[Any, Case]:
        """Return the line's id and its case. Raises LineError."""
        try:
            text = line.decode()
            parted = self._part(text)
            raw, terms = (_decode(text), None) if parted is None else parted
        except (ValueError, RecursionError) as error:
            raise LineError(f"not JSON: {error}") from error
        case_id = raw.get("id") if isinstance(raw, dict) else None
        try:
            return case_id, case_from_json(raw) if terms is None else case_under(terms, raw)
        except MalformedError as error:
            raise LineError(str(error), case_id=case_id) from error

    def _part(self, text: str) -> tuple[dict[str, Any], PolicyTerms] | None:
        """Return the line without its policy, and the policy; None when that cannot be done safely."""
        start = text.find(KEY)
        if start < 0 or STAND_IN in text:
            return None
        start += len(KEY)
        try:
            end, terms = self._policy_at(text, start)
            raw = _decode(f'{text[:start]}"{STAND_IN}"{text[end:]}')
        except ValueError:
            return None
        if not isinstance(raw, dict) or raw.get("policy") != STAND_IN:
            return None  # what we took for the policy stood somewhere else
        return raw, terms

    def _policy_at(self, text: str, start: int) -> tuple[int, PolicyTerms]:
        """Return where the policy that begins at `start` ends, and its terms."""
        end = text.find(self._follower, start)
        terms = self._known.get(text[start:end])
        if terms is not None:
            return end, terms
        raw, end = _decoder.raw_decode(text, SPACE.match(text, start).end())  # type: ignore[union-attr]
        if len(self._known) >= KNOWN_AT_MOST:
            self._known.clear()
        terms = self._known[text[start:end]] = policy_from_json(raw)
        self._follower = text[end : text.find(":", end) + 1] or text[end:]
        return end, terms


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


_decoder = json.JSONDecoder(parse_constant=_no_number)
_decode = _decoder.decode
