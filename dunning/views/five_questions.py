"""The briefing before a word is spoken: five questions, what departments know, what was said last."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collections_crm.lib import dates
from debtors.models import ContactPoint, CustomerFact
from debtors.vocabulary import FactKind, FactValue
from dunning.models import Case
from dunning.queries import customer
from dunning.queries.customer import History, Told
from dunning.rules import best_time
from dunning.rules import customer as rules
from dunning.rules.customer import Payer

RISK_TONES = {FactValue.LOW: "ok", FactValue.MEDIUM: "wait", FactValue.HIGH: "bad"}
PAYER_TONES = {Payer.GOOD: "ok", Payer.MIXED: "wait", Payer.BAD: "bad", Payer.UNKNOWN: "quiet"}


@dataclass(frozen=True)
class Answer:
    """One of the five questions with its answer, and what it follows from.

    `source` is by whose word: free text, which may name the creditor and is for the confirmed person's card.
    """

    question: str
    word: str
    tone: str
    why: str
    source: str = ""


def briefed(
    case: Case, *, points: Iterable[ContactPoint], zones: Sequence[str], now: datetime
) -> dict[str, Any]:
    """Return what the briefing of a case tells; `zones` are where the debtor lives, as far as known."""
    zone = ZoneInfo(zones[0]) if zones else timezone.get_default_timezone()
    known = customer.what_is_known(case, points=points)
    told = customer.told_of(case, on=timezone.localdate(now))
    return {
        "five": answers(case, told),
        "notes": told.notes,
        "last_said": told.last_said,
        "sent": told.sent,
        "best_time": best_time.best((at.astimezone(zone), is_in) for at, is_in in told.calls),
        "known": sum(is_known for _name, is_known in known),
        "knowable": len(known),
        "missing": ", ".join(_missing(name) for name, is_known in known if not is_known),
    }


def answers(case: Case, told: Told) -> list[Answer]:
    """Return the five questions, answered from data; what nobody has told says so."""
    past = told.history
    return [
        _key_customer(told.facts.get(FactKind.KEY_CUSTOMER)),
        _credit_risk(told.facts.get(FactKind.CREDIT_RISK)),
        _payer(past),
        _first_purchase(case, past),
        _first_delay(past),
    ]


def _key_customer(fact: CustomerFact | None) -> Answer:
    question = _("Key customer?")
    if fact is None:
        return Answer(question, _("not told"), "quiet", _("Sales has not told us."))
    is_key = fact.value == FactValue.YES
    tone = "info" if is_key else "quiet"
    return Answer(question, _("yes") if is_key else _("no"), tone, _since(fact), fact.source)


def _credit_risk(fact: CustomerFact | None) -> Answer:
    question = _("Credit risk?")
    if fact is None:
        return Answer(question, _("not told"), "quiet", _("Credit has not told us."))
    tone = RISK_TONES[FactValue(fact.value)]
    return Answer(question, str(fact.get_value_display()), tone, _since(fact), fact.source)


def _payer(past: History) -> Answer:
    kind = rules.payer(past.punctuality, kept=past.promises_kept, broken=past.broken)
    words = {
        Payer.GOOD: _("good"),
        Payer.MIXED: _("varies"),
        Payer.BAD: _("often late"),
        Payer.UNKNOWN: _("too early to say"),
    }
    counts = {
        "in_time": past.punctuality.in_time,
        "due": past.punctuality.due,
        "kept": past.promises_kept,
        "broken": past.broken,
    }
    why = _("%(in_time)s of %(due)s installments in time; promises kept %(kept)s, broken %(broken)s.")
    return Answer(_("Pays well?"), words[kind], PAYER_TONES[kind], why % counts)


def _first_purchase(case: Case, past: History) -> Answer:
    since = case.debtor.customer_since
    is_first = rules.is_first_purchase(
        contracts=past.contracts, customer_since=since, first_due_on=past.first_due_on
    )
    why = ngettext("%(n)s purchase known.", "%(n)s purchases known.", past.contracts) % {"n": past.contracts}
    if since:
        why += " " + _("Customer since %(day)s.") % {"day": dates.format_br(since)}
    word = _("yes") if is_first else _("no")
    return Answer(_("First purchase?"), word, "info" if is_first else "quiet", why)


def _first_delay(past: History) -> Answer:
    missed = past.punctuality.due - past.punctuality.in_time
    is_first = not past.is_late_before and missed <= 1 and not past.broken
    why = _("He was never approached about another due date.")
    if past.is_late_before:
        why = _("He was approached about another due date before.")
    elif not is_first:
        why = _("More than one installment was not paid in time.")
    return Answer(_("First delay?"), _("yes") if is_first else _("no"), "info" if is_first else "quiet", why)


def _since(fact: CustomerFact) -> str:
    return _("since %(day)s") % {"day": dates.format_br(fact.known_on)}


def _missing(name: str) -> str:
    return {
        "phone": _("telephone"),
        "confirmed_phone": _("a confirmed telephone"),
        "email": _("e-mail"),
        "address": _("whole address"),
        "customer_since": _("customer since when"),
        "birth_date": _("birth date"),
    }[name]
