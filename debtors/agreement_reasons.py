"""Why something cannot be agreed on, in words."""

from collections.abc import Iterable

from django.utils.translation import gettext, gettext_noop

WORDS = {
    "below_floor": gettext_noop("it is less than may be accepted"),
    "too_many_payments": gettext_noop("there are too many payments"),
    "first_too_late": gettext_noop("the first payment is too late"),
    "down_payment_too_small": gettext_noop("the first payment is too small"),
    "payment_too_small": gettext_noop("the payments are too small"),
    "not_approved": gettext_noop("it is not approved yet"),
    "approval_too_low": gettext_noop("a higher level has to decide about it"),
    "approval_without_reason": gettext_noop("the approval has no reason"),
    "approval_expired": gettext_noop("its approval is too old: propose it anew"),
    "approval_in_the_future": gettext_noop("its approval is of a day to come"),
    "nothing_to_pay": gettext_noop("there is nothing to pay in it"),
    "more_than_owed": gettext_noop("it is more than is owed"),
    "first_in_the_past": gettext_noop("its first day is past: propose it anew"),
    "first_beyond_total": gettext_noop("the first payment is more than all of them together"),
    "below_exit_point": gettext_noop("it is less than an agreement is worth"),
    "no_rules": gettext_noop("this creditor has no rules for agreements in use"),
    "inexact": gettext_noop("a rate is not known yet, so the amount is not exact"),
    "in_doubt": gettext_noop("the account is being checked"),
    "nothing_late": gettext_noop("nothing is late"),
    "one_in_force": gettext_noop("another agreement is in force"),
    "not_proposed": gettext_noop("it is past that already"),
    "changed": gettext_noop("what is owed has changed since: propose it anew"),
    "proposal_expired": gettext_noop("the proposal is more than a week old: propose it anew"),
    "no_proof": gettext_noop("it is not said where the proof is"),
    "no_reason": gettext_noop("no reason is given"),
}


def explain(reasons: Iterable[str]) -> str:
    """Return the reasons as one line."""
    return "; ".join(gettext(WORDS[reason]) for reason in reasons)
