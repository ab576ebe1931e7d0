"""The number by which the queue is ordered, in words."""

from collections.abc import Iterable

from django.utils.translation import gettext as _


def explained(parts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return each reason of an urgency in words, with its points."""
    return [(word_of(reason), points) for reason, points in parts]


def word_of(reason: str) -> str:
    """Return the words for one reason of `Weights`."""
    return {
        "callback": _("we promised to call"),
        "reply": _("wrote to us"),
        "broken_agreement": _("an agreement was broken"),
        "broken_promise": _("a promise was not kept"),
        "broken_just_now": _("since yesterday"),
        "key_customer": _("key customer"),
        "first_delay": _("first delay"),
        "amount": _("amount"),
        "age": _("days late"),
    }[reason]
