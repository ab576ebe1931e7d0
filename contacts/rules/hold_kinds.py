"""Which kinds of hold stop contact under a policy: those it names, and those it has never heard of."""

from collections.abc import Mapping
from typing import Any

from contacts.vocabulary import HoldKind

#: What a policy that does not say which kinds it knows was written for.
FIRST_KINDS = frozenset({"dispute", "bankruptcy", "deceased", "legal", "complaint", "other"})


def unheard_of(policy: Mapping[str, Any]) -> frozenset[str]:
    """Return the kinds that were not there when a policy (its JSON) was written.

    Nobody decided that such a hold lets contact go on, so it does not, until a manager says so.
    """
    known = policy.get("holds_known")
    if not isinstance(known, list) or not all(isinstance(kind, str) for kind in known):
        known = FIRST_KINDS
    return frozenset(HoldKind.values) - frozenset(known)
