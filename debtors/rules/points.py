"""What may become of a contact point: more careful at any time, less careful by a decision only."""

from typing import NamedTuple

from debtors.vocabulary import RETIRED_STATUSES, PointKind, PointStatus

#: Whose a contact point is, from the least to the most protected; of two opinions the later holds.
PROTECTION = (PointKind.OWN, PointKind.HOME, PointKind.WORKPLACE, PointKind.THIRD_PARTY)


class Known(NamedTuple):
    """What is known of a contact point: whose it is, and how it stands."""

    kind: PointKind
    status: PointStatus


def more_protected(one: PointKind, other: PointKind) -> PointKind:
    """Return the more careful of two opinions on whose a contact point is."""
    return max(one, other, key=PROTECTION.index)


def after_retiring(status: PointStatus, *, to: PointStatus) -> PointStatus:
    """Return the status of a point that is taken out of use.

    Whoever asked not to be contacted there stays unasked, whatever else is learned of the number
    later: an import respects that wish for other debtors too.

    Raises ValueError for a status that does not retire.
    """
    if to not in RETIRED_STATUSES:
        raise ValueError(f"{to} does not retire a contact point")
    return status if status == PointStatus.DO_NOT_CONTACT else to


def gives_back(before: Known, after: Known) -> bool:
    """Return whether a change lets a point be used that was out of use, or protected more than it will be."""
    is_revived = before.status in RETIRED_STATUSES and after.status not in RETIRED_STATUSES
    is_forgotten = before.status == PointStatus.DO_NOT_CONTACT != after.status
    return is_revived or is_forgotten or _is_less_protected(before.kind, after.kind)


def _is_less_protected(before: PointKind, after: PointKind) -> bool:
    """Own and home are used alike; a workplace and a third party are not used at all."""
    return PROTECTION.index(after) < PROTECTION.index(before) and before not in (
        PointKind.OWN,
        PointKind.HOME,
    )
