"""What an agent knows before a word is spoken: five questions, departments, what was said and read."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse

from contacts.models import Attempt, Contact, Hold, ProviderEvent
from contacts.services import calls, notices, policy
from contacts.vocabulary import AttemptState, Channel, Outcome
from debtors.models import CustomerFact
from debtors.vocabulary import FactKind, FactValue
from dunning.models import Case, CaseOutcome, DepartmentAddress, DepartmentNote
from dunning.services import department_notes, workqueue
from dunning.views import five_questions
from dunning.vocabulary import CaseState, Department
from tests.factories import (
    confirm_person,
    make_call,
    make_case,
    make_contact,
    make_debt,
    make_manager,
    make_payment,
    make_policy,
    make_strategy,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(db, monday_10am) -> Case:
    make_policy(now=monday_10am)
    make_strategy()
    return make_case(now=monday_10am)


def words(case: Case, *, now) -> list[str]:
    return [each.word for each in briefed(case, now=now)["five"]]


def briefed(case: Case, *, now) -> dict:
    points = list(case.debtor.points.all())
    return five_questions.briefed(case, points=points, zones=["America/Manaus"], now=now)


def note(case: Case, *, by, now, is_our_fault: bool = False) -> DepartmentNote:
    return department_notes.write(
        case,
        department=Department.SUPPORT,
        text="A entrega veio errada.",
        is_our_fault=is_our_fault,
        source="Júlia",
        by=by,
        now=now,
    )


def test_of_a_stranger_the_five_questions_say_what_nobody_told(case, monday_10am):
    assert words(case, now=monday_10am) == ["não informado", "não informado", "cedo para dizer", "sim", "sim"]


def test_the_five_questions_are_answered_from_what_was_told_and_what_happened(case, monday_10am):
    for kind, value in ((FactKind.KEY_CUSTOMER, FactValue.YES), (FactKind.CREDIT_RISK, FactValue.HIGH)):
        CustomerFact.objects.create(
            debtor=case.debtor, creditor=case.creditor, kind=kind, value=value, source="Comercial",
            known_on=monday_10am.date(), recorded_at=monday_10am,
        )  # fmt: skip
    days = [monday_10am.date() - timedelta(days=ago) for ago in (200, 170, 140, 110)]
    make_debt(debtor=case.debtor, portfolio=case.portfolio, installments=[(day, 1_000) for day in days])
    for day in days:
        make_payment(
            debtor=case.debtor, creditor=case.creditor, amount_cents=1_000, paid_on=day, now=monday_10am
        )

    assert words(case, now=monday_10am) == ["sim", "alto", "sim", "não", "sim"]


def test_a_fact_that_does_not_fit_its_kind_is_refused_by_the_database(case, monday_10am):
    with pytest.raises(IntegrityError), transaction.atomic():
        CustomerFact.objects.create(
            debtor=case.debtor, creditor=case.creditor, kind=FactKind.CREDIT_RISK, value=FactValue.YES,
            source="x", known_on=monday_10am.date(), recorded_at=monday_10am,
        )  # fmt: skip


def test_the_best_time_is_told_by_the_debtors_own_clock(case, monday_10am):
    for days_ago in (1, 2):
        call = make_call(debtor=case.debtor, at=monday_10am - timedelta(days=days_ago))
        Contact.objects.filter(pk=call.pk).update(outcome=Outcome.CONVERSATION)

    band = briefed(case, now=monday_10am)["best_time"]

    assert (band.begins, band.answered) == (8, 2), "10:00 in São Paulo is 9:00 in Manaus"


def test_what_was_said_last_is_the_later_of_note_and_message(case, agent, monday_10am):
    CaseOutcome.objects.create(
        case=case, disposition="spoke", note="Recebe dia 5.", agent=agent, fence=1, recorded_at=monday_10am
    )
    assert briefed(case, now=monday_10am)["last_said"].text == "Recebe dia 5."

    calls.record_inbound(
        wanted_by="inbound:1", debtor=case.debtor, channel=Channel.SMS, outcome=Outcome.INBOUND,
        body="Posso pagar dia 10?", now=monday_10am + timedelta(hours=1),
    )  # fmt: skip

    assert briefed(case, now=monday_10am)["last_said"].text == "Posso pagar dia 10?"


def test_a_message_that_the_provider_says_was_read_says_so(case, monday_10am):
    at = monday_10am - timedelta(days=1)
    contact = make_contact(debtor=case.debtor, creditor=case.creditor, at=at, channel=Channel.WHATSAPP)
    attempt = Attempt.objects.create(
        contact=contact, provider="twilio", provider_id="SM1", to="x", state=AttemptState.ACCEPTED,
        policy=policy.in_force().policy, facts_hash="", started_at=at,
    )  # fmt: skip
    assert briefed(case, now=monday_10am)["sent"][0].read_at is None

    ProviderEvent.objects.create(
        provider="twilio", provider_id="SM1", status="read", attempt=attempt, payload={}, received_at=at
    )

    assert briefed(case, now=monday_10am)["sent"][0].read_at == at


def test_what_is_not_known_yet_is_named(case, monday_10am):
    before = briefed(case, now=monday_10am)
    assert "cliente desde quando" in before["missing"]

    case.debtor.customer_since = monday_10am.date()

    after = briefed(case, now=monday_10am)
    assert "cliente desde quando" not in after["missing"]
    assert (after["known"], after["knowable"]) == (before["known"] + 1, before["knowable"])


def test_our_own_fault_lets_all_contact_rest_and_tells_sales_without_a_name(case, agent, monday_10am):
    DepartmentAddress.objects.create(department=Department.SALES, email="vendas@example.com")

    written = note(case, by=agent, is_our_fault=True, now=monday_10am)
    notices.send_waiting(now=monday_10am)

    assert Hold.objects.get() == written.hold
    assert Case.objects.get(pk=case.pk).state == CaseState.HELD
    [sent] = mail.outbox
    assert sent.to == ["vendas@example.com"]
    assert case.debtor.name not in sent.subject + sent.body
    assert reverse("dunning:case", args=[case.pk]) in sent.body


def test_a_creditors_own_sales_is_told_before_the_common_address(case, agent, monday_10am):
    DepartmentAddress.objects.create(department=Department.SALES, email="todos@example.com")
    DepartmentAddress.objects.create(
        department=Department.SALES, creditor=case.creditor, email="loja@example.com"
    )

    assert department_notes.address_of_sales(case) == "loja@example.com"


def test_a_note_alone_holds_nothing_and_stands_on_the_card(client, case, agent, monday_10am):
    manager = make_manager()
    client.force_login(manager)
    typed = {"department": "support", "text": "Trocou de endereço.", "source": "Júlia"}

    assert client.post(reverse("dunning:departments", args=[case.pk]), {}).status_code == 422
    client.post(reverse("dunning:departments", args=[case.pk]), typed)

    assert not Hold.objects.exists()
    confirm_person(workqueue.take(case, agent=manager, now=monday_10am), now=monday_10am)
    with time_machine.travel(monday_10am, tick=False):
        assert "Trocou de endereço." in client.get(reverse("dunning:case", args=[case.pk])).content.decode()


def test_a_fact_told_on_the_page_moves_the_case_up_at_once(client, case, monday_10am):
    client.force_login(make_manager())
    page = reverse("dunning:tell_fact", args=[case.pk])
    typed = {"fact": "key_customer-yes", "known_on": f"{monday_10am:%d/%m/%Y}", "source": "Comercial"}

    with time_machine.travel(monday_10am, tick=False):
        assert client.post(page, typed | {"source": ""}).status_code == 422
        before = Case.objects.get(pk=case.pk).urgency
        client.post(page, typed)

    assert CustomerFact.objects.get().source == "Comercial"
    assert Case.objects.get(pk=case.pk).urgency > before


def test_before_the_person_is_confirmed_notes_and_words_are_not_in_the_part(case, agent, monday_10am):
    note(case, by=agent, now=monday_10am)
    told = briefed(case, now=monday_10am) | {"case": case}

    shown = render_to_string("dunning/desk/_briefing.html", told)
    hidden = render_to_string("dunning/desk/_briefing.html", told | {"is_confirmed": False})

    assert "A entrega veio errada." in shown
    assert "A entrega veio errada." not in hidden


def test_chips_show_one_kind_of_what_happened(client, case, agent, monday_10am):
    note(case, by=agent, now=monday_10am)
    make_contact(debtor=case.debtor, creditor=case.creditor, at=monday_10am)
    client.force_login(agent)
    confirm_person(workqueue.take(case, agent=agent, now=monday_10am), now=monday_10am)
    page = reverse("dunning:case", args=[case.pk])

    with time_machine.travel(monday_10am, tick=False):
        notes, every = (client.get(page, {"kind": kind}).context["events"] for kind in ("note", "all"))

    assert {each.kind for each in notes} == {"note"}
    assert {each.kind for each in every} >= {"note", "message"}
