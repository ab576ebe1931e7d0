"""Ships the courteous policy and the rules of the states to a house that has none."""

from datetime import datetime

from contacts.models import ContactPolicy
from contacts.services import overlays, policy


def ship(*, now: datetime) -> ContactPolicy:
    """Put in force and in place what is missing; return the policy in force.

    What a manager changed, or put in their place, stays as it is.
    """
    overlays.ship(now=now)
    return policy.ship_default(now=now)
