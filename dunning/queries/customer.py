"""What the briefing of a case tells of the customer: read for one case, in a constant number of queries."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from contacts.models import Contact, ProviderEvent
from contacts.vocabulary import Channel, ContactState, Outcome
from debtors.models import Agreement, ContactPoint, CustomerFact, Installment, Payment, PromiseToPay
from debtors.queries.compiled import Read, together
from debtors.vocabulary import AgreementState, Medium, PartyKind, PointKind, PointStatus, PromiseStatus
from dunning.models import Case, CaseOutcome, DepartmentNote
from dunning.queries import weighing
from dunning.rules.customer import Punctuality, punctuality

MOST_NOTES = 5
MOST_SENT = 3
MOST_CALLS = 200
#: Of a call: a person spoke with us, whatever came of it.
ANSWERED = (Outcome.CONVERSATION, Outcome.DELIVERED)
LEFT = (ContactState.SENT, ContactState.CONCLUDED, ContactState.UNKNOWN)


@dataclass(frozen=True)
class History:
    """How somebody has paid a creditor so far, and since when he buys."""

    punctuality: Punctuality
    promises_kept: int
    broken: int
    contracts: int
    first_due_on: date | None
    is_late_before: bool


@dataclass(frozen=True)
class Said:
    """What the debtor said or wrote last, as it was noted."""

    at: datetime
    text: str
    by: str


@dataclass(frozen=True)
class Told:
    """What is known of a customer: the creditor's facts by kind, how he paid, notes, what he said last,
    what was sent, and when he was called, or called us, with whether a person answered, the latest first."""

    facts: dict[str, CustomerFact]
    history: History
    notes: list[DepartmentNote]
    last_said: Said | None
    sent: list[Contact]
    calls: list[tuple[datetime, bool]]


def told_of(case: Case, *, on: date) -> Told:
    """Return what is known of the customer of a case by `on`: on PostgreSQL read in one errand."""
    debtor = {"debtor": case.debtor_id}
    pair = debtor | {"creditor": case.creditor_id}
    read = together(
        facts=(_facts, pair), dues=(_dues, pair), paid=(_paid, pair), promises=(_promises, pair),
        broken=(_broken, pair), approached=(weighing.approached, {"debtors": [case.debtor_id]}),
        notes=(_notes, pair), noted=(_noted, {"case": case.pk}), wrote=(_wrote, pair),
        sent=(_sent, pair), calls=(_calls, debtor),
    )  # fmt: skip
    return Told(
        facts={fact.kind: fact for fact in read["facts"]},
        history=_history(case, read, on=on),
        notes=read["notes"],
        last_said=_last_said(read["noted"], read["wrote"]),
        sent=read["sent"],
        calls=[(at, outcome in ANSWERED) for at, outcome in read["calls"]],
    )


def notes(case: Case) -> list[DepartmentNote]:
    """Return what departments told of the customer, the latest first."""
    return _notes(debtor=case.debtor_id, creditor=case.creditor_id)


def _history(case: Case, read: Mapping[str, list[Any]], *, on: date) -> History:
    statuses, due = Counter(read["promises"]), read["dues"]
    broken = statuses[PromiseStatus.BROKEN] + statuses[PromiseStatus.PARTLY_KEPT] + len(read["broken"])
    return History(
        punctuality=punctuality(due=[(day, cents) for day, cents, _debt in due], paid=read["paid"], on=on),
        promises_kept=statuses[PromiseStatus.KEPT],
        broken=broken,
        contracts=len({debt for _day, _cents, debt in due}),
        first_due_on=min((day for day, _cents, _debt in due), default=None),
        is_late_before=case.pk in weighing.late_before([case], read["approached"]),
    )


def _last_said(noted: list[CaseOutcome], wrote: list[Contact]) -> Said | None:
    """Return what the debtor said last: what an agent noted of it, or his own last message."""
    said = [Said(each.recorded_at, each.note, each.agent.name) for each in noted]
    said += [Said(each.started_at, each.body, "") for each in wrote if each.started_at]
    return max(said, key=lambda each: each.at, default=None)


@Read
def _facts(debtor: int, creditor: int) -> QuerySet[CustomerFact]:
    """What the creditor said of the customer, oldest first."""
    return CustomerFact.objects.filter(debtor=debtor, creditor=creditor).order_by("known_on", "pk")


@Read
def _dues(debtor: int, creditor: int) -> QuerySet[Installment, Any]:
    parts = Installment.objects.order_by().filter(debt__debtor=debtor, debt__creditor=creditor)
    return parts.values_list("due_on", "amount_cents", "debt_id")


@Read
def _paid(debtor: int, creditor: int) -> QuerySet[Payment, Any]:
    paid = Payment.objects.filter(debtor=debtor, creditor=creditor, taken_back__isnull=True)
    return paid.order_by("paid_on", "pk").values_list("paid_on", "amount_cents")


@Read
def _promises(debtor: int, creditor: int) -> QuerySet[PromiseToPay, Any]:
    made = PromiseToPay.objects.order_by().filter(debtor=debtor, creditor=creditor)
    return made.values_list("status", flat=True)


@Read
def _broken(debtor: int, creditor: int) -> QuerySet[Agreement, Any]:
    broken = Agreement.objects.filter(debtor=debtor, creditor=creditor, state=AgreementState.BROKEN)
    return broken.order_by().values_list("pk", flat=True)


@Read
def _notes(debtor: int, creditor: int) -> QuerySet[DepartmentNote]:
    told = DepartmentNote.objects.filter(debtor=debtor, creditor=creditor)
    return told.select_related("recorded_by", "hold")[:MOST_NOTES]


@Read
def _noted(case: int) -> QuerySet[CaseOutcome]:
    """What an agent noted last on a case."""
    return CaseOutcome.objects.filter(case=case).exclude(note="").select_related("agent")[:1]


@Read
def _wrote(debtor: int, creditor: int) -> QuerySet[Contact]:
    """The debtor's own last message, to this creditor or to nobody in particular."""
    own = Contact.objects.filter(debtor=debtor, is_inbound=True, started_at__isnull=False)
    of_this = own.filter(Q(creditor=creditor) | Q(creditor=None))
    return of_this.exclude(body="").order_by("-started_at", "-pk")[:1]


@Read
def _sent(debtor: int, creditor: int) -> QuerySet[Contact]:
    """The last messages that left in this matter, with `read_at`, where the provider told."""
    left = Contact.objects.filter(debtor=debtor, creditor=creditor, is_inbound=False, state__in=LEFT)
    read = ProviderEvent.objects.filter(attempt__contact=OuterRef("pk"), status="read").order_by(
        "received_at"
    )
    told = left.exclude(channel=Channel.VOICE).annotate(read_at=Subquery(read.values("received_at")[:1]))
    return told.select_related("template").order_by("-started_at", "-pk")[:MOST_SENT]


@Read
def _calls(debtor: int) -> QuerySet[Contact, Any]:
    made = Contact.objects.filter(debtor=debtor, channel=Channel.VOICE, started_at__isnull=False)
    ended = made.exclude(outcome__in=["", Outcome.FAILED, Outcome.WRONG_PERSON]).order_by("-started_at")
    return ended.values_list("started_at", "outcome")[:MOST_CALLS]


def what_is_known(case: Case, *, points: Iterable[ContactPoint]) -> list[tuple[str, bool]]:
    """Return by name what should be known of a debtor, and whether it is."""
    own = [
        point for point in points if not point.is_retired and point.kind in (PointKind.OWN, PointKind.HOME)
    ]
    phones = [point for point in own if point.medium == Medium.PHONE]
    told = [
        ("phone", bool(phones)),
        ("confirmed_phone", any(point.status == PointStatus.VERIFIED for point in phones)),
        ("email", any(point.medium == Medium.EMAIL for point in own)),
        ("address", any(p.medium == Medium.ADDRESS and p.city and p.state and p.postal_code for p in own)),
        ("customer_since", case.debtor.customer_since is not None),
    ]
    if case.debtor.kind == PartyKind.PERSON:
        told.append(("birth_date", case.debtor.birth_date is not None))
    return told
