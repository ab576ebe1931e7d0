"""Which local rules bind a contact with one debtor: named on his page, with their law."""

from collections.abc import Iterable
from dataclasses import dataclass

from contacts import overlay_words
from contacts.models import Overlay
from contacts.queries import Gathered, whereabouts
from contacts.vocabulary import Channel


@dataclass(frozen=True)
class LocalRule:
    """One rule that binds here, what it narrows, and the channels it binds."""

    rule: Overlay
    channels: str
    lines: list[str]


def binding(known: Gathered, *, debtor_id: int, creditor_ids: Iterable[int]) -> list[LocalRule]:
    """Return the rules that bind some contact with the debtor, for any of the creditors, in one query."""
    found: dict[int, set[Channel]] = {}
    places = whereabouts.places_of(known.points[debtor_id])
    for channel in Channel:
        what_binds = known.rulebook.resolve(
            debtor_id, places=places, channel=channel.value, creditor_ids=frozenset(creditor_ids)
        )
        for rule in what_binds.rules:
            found.setdefault(rule, set()).add(channel)
    rules = Overlay.objects.filter(pk__in=found).select_related("creditor", "segment")
    return [
        LocalRule(
            rule,
            channels=", ".join(str(each.label) for each in Channel if each in found[rule.pk]),
            lines=overlay_words.local_rule(rule.terms, channels=rule.channels),
        )
        for rule in rules
    ]
