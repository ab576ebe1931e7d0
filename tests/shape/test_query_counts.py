"""How often each page asks the database: exactly so often, and for three rows no more than for one."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contacts.models import Attempt, Letter, LetterBatch, OptOut, PolicyProposal, Template
from contacts.services import holds, policy, policy_drafts, previewing
from contacts.vocabulary import AttemptState, Channel, ContactState, HoldKind
from debtors.models import Debtor, PromiseToPay, Segment
from debtors.vocabulary import PromiseStatus
from dunning.models import Case, CaseOutcome
from dunning.services import workqueue
from dunning.vocabulary import CaseState, Disposition
from tests.counting import statements
from tests.factories import (
    confirm_person,
    make_address,
    make_call,
    make_contact,
    make_debt,
    make_email,
    make_payment,
    make_phone,
    make_strategy,
)
from tests.factories.local_rules import make_block_list, make_overlay
from tests.shape.office import Office, build_corner, build_office, leave_letter

pytestmark = pytest.mark.django_db

ROWS = (1, 3)
#: Of every page, two are the session and the colleague, one more a manager's rights.
LISTS = {
    "/desk/": 21,
    "/desk/?view=later": 21,
    "/desk/?view=callbacks": 21,
    "/desk/?view=promised": 21,
    "/desk/?view=held": 21,
    "/desk/?view=waiting": 21,
    "/desk/?view=today": 21,
    "/desk/?view=mine": 21,
    "/desk/?view=team": 21,
    "/desk/day/": 14,
    "/desk/order/": 5,
    "/desk/forgotten/": 7,
    "/desk/ladders/": 5,
    "/debtors/": 12,
    "/debtors/?sort=-days": 12,
    "/debtors/promises/": 6,
    "/debtors/promises/?when=settled": 6,
    "/debtors/agreements/": 5,
    "/debtors/agreements/?when=all": 5,
    "/debtors/import/": 6,
    "/debtors/arrivals/": 7,
    "/debtors/bank-files/": 5,
    "/debtors/doubts/?all=1": 5,
    "/debtors/indices/": 5,
    "/debtors/limitations/": 8,
    "/escalation/": 18,
    "/debtors/payments/import/": 4,
    "/contacts/messages/": 3,
    "/contacts/outbox/": 7,
    "/contacts/unclear/": 9,
    "/contacts/letters/": 9,
    "/debtors/colleagues/": 6,
    "/contacts/templates/": 6,
    "/operations/": 18 + (connection.vendor == "postgresql"),  # a server has a clock of its own
    "/contacts/templates/?state=approved&q=recado": 6,
    "/contacts/templates/new/": 5,
    "/contacts/findings/": 11,
    "/contacts/pressure/": 9,
    "/contacts/policy/": 8,
    "/contacts/policy/history/": 5,
    "/contacts/policy/compare/": 5,
    "/admin/": 4,
}
#: The change lists of the admin, for an administrator.
ADMIN_LISTS = {
    "auth.group": 5,
    "contacts.attempt": 8,
    "contacts.blocklist": 5,
    "contacts.closedday": 5,
    "contacts.consent": 8,
    "contacts.contact": 8,
    "contacts.contactpolicy": 5,
    "contacts.hold": 7,
    "contacts.internalnotice": 7,
    "contacts.optout": 7,
    "contacts.overlay": 7,
    "contacts.phonecall": 9,
    "contacts.policyhead": 5,
    "contacts.preference": 7,
    "contacts.sender": 6,
    "contacts.providerevent": 9,
    "contacts.providertext": 5,
    "debtors.agreement": 8,
    "debtors.cost": 5,
    "debtors.creditor": 5,
    "debtors.customerfact": 8,
    "debtors.debt": 9,
    "debtors.debtor": 5,
    "debtors.importrun": 6,
    "debtors.ledgerentry": 8,
    "debtors.loyaltyrules": 5,
    "debtors.offerrules": 5,
    "debtors.payment": 8,
    "debtors.paymentrequest": 8,
    "debtors.portfolio": 7,
    "debtors.promisetopay": 8,
    "debtors.receivingaccount": 5,
    "debtors.segment": 5,
    "debtors.user": 7,
    "dunning.case": 11,
    "dunning.callback": 8,
    "dunning.delayreason": 5,
    "dunning.objection": 5,
    "dunning.outcomeword": 5,
    "dunning.scripttext": 5,
    "dunning.caseoutcome": 8,
    "dunning.departmentaddress": 5,
    "dunning.departmentnote": 7,
    "dunning.handover": 8,
    "dunning.queueweights": 7,
    "dunning.scheduledstep": 8,
    "dunning.strategy": 6,
    "dunning.talk": 9,
}
#: The desk's list to which a case belongs that stands so.
STATES = (
    {"state": CaseState.OPEN, "callable_from": -timedelta(minutes=1)},
    {"state": CaseState.OPEN, "callable_from": timedelta(hours=3), "put_off_because": ["OUTSIDE_HOURS"]},
    {"state": CaseState.OPEN, "callable_from": timedelta(hours=3), "callback_at": timedelta(hours=3)},
    {"state": CaseState.PROMISED},
    {"state": CaseState.HELD},
)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.mark.parametrize("rows", ROWS)
def test_a_list_asks_as_often_for_one_row_as_for_three(now, rows):
    office = furnished(rows, now=now)
    admin_pages = {
        model._meta.label_lower: reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
    }

    assert {page: queries_of(office, "manager", page) for page in LISTS} == LISTS
    assert {
        name: queries_of(office, "administrator", page) for name, page in admin_pages.items()
    } == ADMIN_LISTS

    pile = LetterBatch.objects.first()
    Letter.objects.update(batch=pile)
    assert queries_of(office, "manager", reverse("contacts:letter_batch", args=[pile.pk])) == 8


@pytest.mark.parametrize("rows", ROWS)
def test_an_agents_pages_ask_as_often_for_much_that_happened_as_for_little(now, rows):
    office = build_office(now=now)
    live_through(office, times=rows, now=now)
    case, debtor = office.here.case, office.here.debtor
    pages = {
        "card": f"/desk/cases/{case.pk}/",
        "debtor": f"/contacts/debtors/{debtor.pk}/",
        "calls of the debtor": f"/contacts/debtors/{debtor.pk}/?kind=call",
        "desk": "/desk/?view=promised",
        "debtors": "/debtors/",
        "promises": "/debtors/promises/",
    }

    assert {name: queries_of(office, "agent", page) for name, page in pages.items()} == {
        "card": 38,
        "debtor": 46,
        "calls of the debtor": 46,
        "desk": 21,
        "debtors": 12,
        "promises": 6,
    }


@pytest.mark.parametrize("rows", ROWS)
def test_the_card_of_a_confirmed_person_asks_as_often_for_much_that_happened_as_for_little(now, rows):
    office = build_office(now=now)
    live_through(office, times=rows, now=now)
    case = workqueue.take(office.here.case, agent=office.colleagues["agent"], now=now)
    confirm_person(case, now=now)

    assert queries_of(office, "agent", f"/desk/cases/{case.pk}/") == 70


@pytest.mark.parametrize("rows", ROWS)
def test_an_imports_report_asks_as_often_for_one_wrong_row_as_for_three(now, rows):
    office = build_office(now=now)
    run = office.here.run
    run.errors = [
        {"line": 2, "column": "valor", "value": "x", "code": "column_missing", "params": {"column": "valor"}}
    ] * rows
    run.save()

    assert queries_of(office, "manager", reverse("debtors:import_report", args=[run.pk])) == 5


@pytest.mark.parametrize("rows", ROWS)
def test_a_draft_of_the_policy_asks_as_often_for_much_that_was_decided_about_it_as_for_little(now, rows):
    office = build_office(now=now)
    manager, proposal = office.colleagues["manager"], PolicyProposal.objects.get()
    draft, in_force = proposal.draft, proposal.base
    previewing.work(clock=timezone.now)
    for _number in range(rows):
        policy_drafts.withdraw(proposal.pk, by=manager, now=now)
        seen = {"revision": draft.revision, "seen_in_force": in_force.pk}
        proposal = policy_drafts.propose(draft.pk, **seen, by=manager, now=now)
    pages = {
        name: reverse(f"contacts:{name}", args=[draft.pk]) for name in ("policy_draft", "policy_draft_edit")
    }

    assert {name: queries_of(office, "manager", page) for name, page in pages.items()} == {
        "policy_draft": 9,
        "policy_draft_edit": 6,
    }


def queries_of(office: Office, role: str, page: str) -> int:
    """Return how many queries the second look at a page takes; the first fills caches."""
    client = office.client(role)
    client.get(page)
    with CaptureQueriesContext(connection) as asked:
        response = client.get(page)
    assert response.status_code == 200, page
    return statements(asked)


def furnished(rows: int, *, now: datetime) -> Office:
    """Return an office in which every list shows at least so many rows; three times the rows for three."""
    office = build_office(now=now)
    for number in range(rows):
        for state in STATES:
            corner = build_corner(now=now, portfolio=office.here.portfolio)
            Case.objects.filter(pk=corner.case.pk).update(**_at(now, state))
        promises = PromiseToPay.objects.filter(debtor=corner.debtor)
        promises.update(status=PromiseStatus.KEPT, settled_at=now)
        leave_with_colleagues(office, now=now)
        make_strategy()
        make_overlay(now=now, state="SP", is_law=True)
        make_block_list("+5511900000000", now=now)
        Segment.objects.create(name=f"Segmento {number}").members.add(corner.debtor)
        leave_unclear(corner.debtor, now=now)
        attempt = Attempt.objects.filter(contact__debtor=corner.debtor, state=AttemptState.NOT_SENT).last()
        leave_letter(Attempt.objects.create(**waiting_for_the_post(attempt)), is_gathered=False, now=now)
        Template.objects.create(key=f"key{number}", channel="sms", title="Olá", body="Olá")
        terms = policy.ship_default(now=now).terms
        policy.publish(terms=terms, note="", by=office.colleagues["manager"], now=now)
        policy_drafts.write(source=None, by=office.colleagues["manager"], now=now)
    return office


def leave_with_colleagues(office: Office, *, now: datetime) -> None:
    """Leave a case that an agent is at, one that waits for the manager, and a promise that is due today."""
    worked, waiting, promised = (build_corner(now=now, portfolio=office.here.portfolio) for _ in range(3))
    soon = now + timedelta(minutes=5)
    Case.objects.filter(pk=worked.case.pk).update(agent=office.colleagues["agent"], leased_until=soon)
    reserved = {"reserved_for": office.colleagues["manager"], "reserved_until": soon}
    Case.objects.filter(pk=waiting.case.pk).update(**reserved)
    Case.objects.filter(pk=promised.case.pk).update(state=CaseState.PROMISED)
    PromiseToPay.objects.filter(debtor=promised.debtor).update(promised_on=timezone.localdate(now))


def leave_unclear(debtor: Debtor, *, now: datetime) -> None:
    """Leave a message that waits for a person, one of a worker that stands still, and a late evidence."""
    long_ago = now - timedelta(hours=1)
    for state in (AttemptState.PARKED, AttemptState.SENDING, AttemptState.NOT_SENT):
        is_over = state == AttemptState.NOT_SENT
        Attempt.objects.create(
            contact=make_contact(
                debtor=debtor, at=long_ago, state=ContactState("sent" if is_over else state)
            ),
            state=state,
            provider="sandbox",
            to="+5511987654321",
            policy=policy.ship_default(now=now),
            facts_hash="",
            started_at=long_ago,
            handed_at=long_ago,
            contradicted_at=now if is_over else None,
        )


def waiting_for_the_post(like: Attempt | None) -> dict[str, Any]:
    """Return what an attempt is whose letter lies in the print folder, to the debtor of another one."""
    assert like is not None
    contact = make_contact(
        debtor=like.contact.debtor, at=like.started_at, channel=Channel.LETTER, state=ContactState.SENDING
    )
    return {
        "contact": contact,
        "provider": "print",
        "to": "Rua A, 1",
        "policy": like.policy,
        "facts_hash": "",
        "started_at": like.started_at,
    }


def live_through(office: Office, *, times: int, now: datetime) -> None:
    """Let so much happen to the first debtor: of each kind of thing, one more for each time."""
    debtor, creditor, portfolio = office.here.debtor, office.here.creditor, office.here.portfolio
    ours = {"debtor": debtor, "creditor": creditor}
    for number in range(times):
        make_debt(debtor=debtor, portfolio=portfolio, installments=[(now.date(), 10_000), (now.date(), 500)])
        make_phone(debtor=debtor)
        make_email(debtor=debtor)
        make_address(debtor=debtor, street=f"Rua A, {number}")
        make_payment(**ours, amount_cents=50, now=now)
        make_call(**ours, at=now - timedelta(days=number + 3), agent=office.colleagues["agent"])
        make_contact(**ours, at=now - timedelta(days=number + 3))
        holds.place(debtor=debtor, kind=HoldKind.COMPLAINT, reason="", by=None, now=now)
        OptOut.objects.create(debtor=debtor, scope="point", point=debtor.points.last(), active_from=now)
        PromiseToPay.objects.create(
            **ours, amount_cents=100, promised_on=now.date(), status=PromiseStatus.BROKEN, made_at=now
        )
        CaseOutcome.objects.create(
            case=office.here.case,
            disposition=Disposition.NO_ANSWER,
            agent=office.colleagues["agent"],
            fence=number + 1,
            recorded_at=now,
        )
    Case.objects.filter(pk=office.here.case.pk).update(state=CaseState.PROMISED)


def _at(now: datetime, state: dict[str, object]) -> dict[str, object]:
    return {name: now + value if isinstance(value, timedelta) else value for name, value in state.items()}
