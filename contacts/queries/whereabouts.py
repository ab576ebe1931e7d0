"""Where a debtor may be: every zone and every place that what is known of him suggests."""

from collections.abc import Iterable, Sequence

from msgspec import structs

from contacts.queries.gathering import OWN_KINDS, Point
from contacts.rules import closed_days, zones
from contacts.rules.closed_days import Place
from contacts.rules.facts import PolicyTerms
from debtors.models import Debtor
from debtors.vocabulary import Medium, PointStatus


def zones_of(debtor: Debtor, points: Sequence[Point]) -> tuple[str, ...]:
    """Return every zone in which the debtor may be: what he confirmed, else all his points suggest."""
    if debtor.confirmed_time_zone:
        return (debtor.confirmed_time_zone,)
    his, silent = _evidence(points)
    found = _zones_at(his)
    return tuple(sorted(found | _zones_at(silent))) if found else ()


def where_nothing_is_known(terms: PolicyTerms | None, points: Sequence[Point]) -> PolicyTerms | None:
    """Return the terms, without the zones they fall back to where a silent point says where he may be.

    Of him something is known, and nothing that opens: nobody knows the hour there.
    """
    if terms is None or not terms.fallback_time_zones:
        return terms
    _his, silent = _evidence(points)
    return structs.replace(terms, fallback_time_zones=()) if _zones_at(silent) else terms


def places_of(points: Sequence[Point]) -> frozenset[Place]:
    """Return where the debtor lives; unknown: every state of his numbers, without a municipality."""
    his, silent = _evidence(points)
    if homes := _homes(his):
        return homes | _homes(silent)
    states = _states_of_numbers(his)
    return states | _states_of_numbers(silent) | _homes(silent) if states else states


def _evidence[P: Point](points: Sequence[P]) -> tuple[list[P], list[P]]:
    """Return what tells where the debtor is, and what tells it only beside that.

    A number that nobody answers is still his. So is, mostly, one at which he wants to hear nothing: it
    binds as before, but as a stranger may have said it, it opens nothing by itself. What is out of use
    for another reason says nothing.
    """
    own = [point for point in points if point.kind in OWN_KINDS]
    his = [point for point in own if point.status == PointStatus.EXHAUSTED or not point.is_retired]
    return his, [point for point in own if point.status == PointStatus.DO_NOT_CONTACT]


def _zones_at(points: Iterable[Point]) -> set[str]:
    found: set[str] = set()
    for point in points:
        if point.medium == Medium.PHONE:
            found |= zones.zones_of_number(point.value)
        elif point.medium == Medium.ADDRESS:
            found |= zones.zones_of_address(state=point.state, city=point.city)
    return found


def _homes(points: Iterable[Point]) -> frozenset[Place]:
    known = [
        point for point in points if point.medium == Medium.ADDRESS and point.state in zones.ZONE_OF_STATE
    ]
    return frozenset([closed_days.place(state=home.state, city=home.city) for home in known])


def _states_of_numbers(points: Iterable[Point]) -> frozenset[Place]:
    return frozenset([Place(state) for point in points for state in zones.states_of_number(point.value)])


def places_in_words(places: Iterable[Place]) -> dict[str, list[str]]:
    """Return the states and cities in which closed days are looked for: these, and everywhere."""
    states = {"", *[place.state for place in places]}
    cities = {"", *[place.city for place in places]}
    return {"states": sorted(states), "cities": sorted(cities)}
