"""What the briefing of a case tells of the customer: read for one case, in a constant number of queries."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from contacts.models import Contact, ProviderEvent
from contacts.vocabulary import Channel, ContactState, Outcome
from debtors.models import Agreement, ContactPoint, CustomerFact, Installment, Payment, PromiseToPay
from debtors.queries import customers
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
class Sent:
    """One message that left, and when it was read, where the provider tells."""

    contact: Contact
    read_at: datetime | None


def facts(case: Case) -> dict[str, CustomerFact]:
    """Return what the creditor says of the customer, by kind."""
    pair = (case.debtor_id, case.creditor_id)
    return customers.facts_of([case.debtor_id], creditors=[case.creditor_id]).get(pair, {})


def history(case: Case, *, on: date) -> History:
    """Return how the debtor has paid the creditor by `on`."""
    between = {"debtor": case.debtor_id, "creditor": case.creditor_id}
    parts = Installment.objects.filter(debt__debtor=case.debtor_id, debt__creditor=case.creditor_id)
    due = list(parts.values_list("due_on", "amount_cents", "debt_id"))
    paid = Payment.objects.filter(**between, taken_back__isnull=True).values_list("paid_on", "amount_cents")
    statuses = Counter(PromiseToPay.objects.filter(**between).values_list("status", flat=True))
    broken = Agreement.objects.filter(**between, state=AgreementState.BROKEN).count()
    return History(
        punctuality=punctuality(due=[(day, cents) for day, cents, _debt in due], paid=paid, on=on),
        promises_kept=statuses[PromiseStatus.KEPT],
        broken=statuses[PromiseStatus.BROKEN] + statuses[PromiseStatus.PARTLY_KEPT] + broken,
        contracts=len({debt for _day, _cents, debt in due}),
        first_due_on=min((day for day, _cents, _debt in due), default=None),
        is_late_before=case.pk in weighing.late_before([case]),
    )


def notes(case: Case) -> list[DepartmentNote]:
    """Return what departments told of the customer, the latest first."""
    told = DepartmentNote.objects.filter(debtor=case.debtor_id, creditor=case.creditor_id)
    return list(told.select_related("recorded_by", "hold")[:MOST_NOTES])


def last_said(case: Case) -> Said | None:
    """Return what the debtor said last: what an agent noted of it, or his own last message."""
    noted = CaseOutcome.objects.filter(case=case).exclude(note="").select_related("agent").first()
    own = Contact.objects.filter(debtor=case.debtor_id, is_inbound=True, started_at__isnull=False).filter(
        Q(creditor=case.creditor_id) | Q(creditor=None)
    )
    wrote = own.exclude(body="").order_by("-started_at", "-pk").first()
    said = []
    if noted:
        said.append(Said(noted.recorded_at, noted.note, noted.agent.name))
    if wrote and wrote.started_at:
        said.append(Said(wrote.started_at, wrote.body, ""))
    return max(said, key=lambda each: each.at, default=None)


def sent(case: Case) -> list[Sent]:
    """Return the last messages that left for the debtor in this matter, the latest first."""
    left = Contact.objects.filter(
        debtor=case.debtor_id, creditor=case.creditor_id, is_inbound=False, state__in=LEFT
    ).exclude(channel=Channel.VOICE)
    found = list(left.select_related("template").order_by("-started_at", "-pk")[:MOST_SENT])
    rows = ProviderEvent.objects.filter(attempt__contact__in=[each.pk for each in found], status="read")
    read = dict(rows.values_list("attempt__contact", "received_at"))
    return [Sent(each, read.get(each.pk)) for each in found]


def calls(case: Case) -> list[tuple[datetime, bool]]:
    """Return when the debtor was called, or called us, and whether a person answered; the latest first."""
    made = Contact.objects.filter(debtor=case.debtor_id, channel=Channel.VOICE, started_at__isnull=False)
    rows = made.exclude(outcome__in=["", Outcome.FAILED, Outcome.WRONG_PERSON]).order_by("-started_at")
    return [
        (at, outcome in ANSWERED)
        for at, outcome in rows.values_list("started_at", "outcome")[:MOST_CALLS]
        if at is not None
    ]


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
