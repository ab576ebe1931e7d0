"""Writes down what other departments know; our own fault lets contact rest and tells Sales."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext

from contacts.models import Hold
from contacts.services import holds, notices
from contacts.vocabulary import HoldKind
from debtors.models import User
from dunning.models import Case, DepartmentAddress, DepartmentNote
from dunning.services import cases
from dunning.vocabulary import Department

LONGEST_REASON = 300


def write(
    case: Case,
    *,
    department: Department,
    text: str,
    is_our_fault: bool,
    source: str,
    by: User,
    now: datetime,
) -> DepartmentNote:
    """Keep what a department told of the customer of a case.

    Where we were at fault, all contact with him rests until a manager lifts the hold, and Sales is
    told by e-mail; the e-mail leads to the case and names nobody.
    """
    with transaction.atomic():
        hold = _let_rest(case, text=text, by=by, now=now) if is_our_fault else None
        note = DepartmentNote.objects.create(
            debtor=case.debtor,
            creditor=case.creditor,
            department=department,
            text=text,
            is_our_fault=is_our_fault,
            hold=hold,
            source=source,
            recorded_by=by,
            recorded_at=now,
        )
        if is_our_fault:
            cases.follow_facts(now=now, debtor_id=case.debtor_id)
            _tell_sales(case, note=note, now=now)
    return note


def address_of_sales(case: Case) -> str:
    """Return where Sales of the case's creditor is told; empty when nobody has written it down."""
    known = DepartmentAddress.objects.filter(department=Department.SALES)
    own = known.filter(creditor=case.creditor_id).first()
    row = own or known.filter(creditor__isnull=True).first()
    return row.email if row else ""


def _let_rest(case: Case, *, text: str, by: User, now: datetime) -> Hold:
    reason = gettext("We were at fault: %(what)s") % {"what": text}
    return holds.place(
        debtor=case.debtor, kind=HoldKind.COMPLAINT, reason=reason[:LONGEST_REASON], by=by, now=now
    )


def _tell_sales(case: Case, *, note: DepartmentNote, now: datetime) -> None:
    address = address_of_sales(case)
    if not address:
        return
    link = settings.PUBLIC_URL.rstrip("/") + reverse("dunning:case", args=[case.pk])
    body = gettext(
        "Something went wrong on our side with a customer, so all contact with him about payments rests.\n"
        "Please speak with him, and tell us when it is settled.\n\n%(link)s"
    )
    notices.tell(
        about=f"our-fault:{note.pk}",
        to_email=address,
        subject=gettext("A customer waits for you: case %(number)s") % {"number": case.pk},
        body=body % {"link": link},
        now=now,
    )
