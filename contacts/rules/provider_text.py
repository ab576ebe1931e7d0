"""A text as WhatsApp knows it: the same words with numbered holes, and the values for one message.

Outside the day after somebody's last word only texts approved beforehand may be sent, by their
ContentSid and the values of their variables (Twilio, ContentSid and ContentVariables).
"""

import re
from collections.abc import Mapping

from contacts.rules.wording import placeholders_in

LONGEST = 1_024  # characters; what Meta takes of a body
#: Without one of these two messages to two people could be the same, and evidence of one the other's.
UNIQUE = frozenset({"protocol", "not_me_link", "stop_link"})
_PLACEHOLDER = re.compile(r"\{\{ ?([a-z_]{1,30}) ?\}\}")


def as_approved(body: str) -> str:
    """Return our text with each placeholder as the provider writes it, for the request of approval."""
    numbers = _numbers(body)
    return _PLACEHOLDER.sub(lambda found: f"{{{{{numbers[found[1]]}}}}}", body)


def problems(body: str) -> tuple[str, ...]:
    """Return what stands in the way of sending this text by WhatsApp: `not_unique`, `too_long`.

    Raises PlaceholderError as `placeholders_in` does.
    """
    found = []
    if not placeholders_in(body) & UNIQUE:
        found.append("not_unique")
    if len(body) > LONGEST:
        found.append("too_long")
    return tuple(found)


def variables(body: str, *, text: str) -> Mapping[str, str]:
    """Return the values, by number, with which the provider's copy of `body` becomes `text`.

    Read back from the finished text, so that what is sent is what was permitted, to the letter.
    Where the values may be parted in more than one way each gives the same text. Empty when
    `text` was not made from `body`.
    """
    numbers = _numbers(body)
    found = re.fullmatch(_pattern(body, numbers), text, re.DOTALL)
    if found is None:
        return {}
    return {str(number): found[f"v{number}"] for number in numbers.values()}


def _numbers(body: str) -> dict[str, int]:
    """Return the number of each placeholder: the first that appears is 1."""
    return {name: number for number, name in enumerate(dict.fromkeys(_PLACEHOLDER.findall(body)), start=1)}


def _pattern(body: str, numbers: Mapping[str, int]) -> str:
    parts, met = [], set()
    for place, part in enumerate(_PLACEHOLDER.split(body)):
        if place % 2 == 0:
            parts.append(re.escape(part))
        elif part in met:
            parts.append(f"(?P=v{numbers[part]})")
        else:
            met.add(part)
            parts.append(f"(?P<v{numbers[part]}>.+?)")
    return "".join(parts)
