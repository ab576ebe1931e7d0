"""Before the person is confirmed nobody sees what is owed, or to whom; afterwards the script goes on."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from contacts.models import Contact
from debtors.models import CustomerFact, Debt, Installment, PointChange, PromiseToPay
from debtors.vocabulary import FactKind, FactValue
from dunning.models import CaseOutcome, DelayReason, DepartmentNote, ScriptText, Talk
from dunning.services import calling, defaults, outcomes, talking, workqueue
from dunning.services.outcomes import MissingDetailError, PromiseTerms
from dunning.vocabulary import Disposition
from tests.factories import (
    confirm_person,
    make_address,
    make_agent,
    make_case,
    make_contact,
    make_debtor,
    make_payment,
    make_policy,
    make_promise,
    make_strategy,
)

pytestmark = pytest.mark.django_db

#: All that must not be seen, and what looks like money whatever its value.
MONEY = re.compile(r"R\$|\b\d{1,3}(?:\.\d{3})*,\d\d\b|184[.]?250|1842[.,]50")


@pytest.fixture
def case(agent, monday_10am):
    """A case the agent holds, with a past in which every text names what is owed and to whom."""
    make_policy(now=monday_10am)
    make_strategy()
    ana = make_debtor(name="Ana Beatriz Moraes", birth_date=date(1984, 3, 7))
    make_address(debtor=ana, street="Rua das Acácias, 12")
    made = make_case(now=monday_10am, debtor=ana, amount_cents=184_250)
    made.portfolio.name = "Carteira Outono"
    made.portfolio.save()
    Debt.objects.update(contract="CTR-77881", product="Geladeira Frost")
    told = f"Ana, {made.creditor.brand}, {made.creditor.name}: R$ 1.842,50, CTR-77881, Geladeira Frost"
    sent = make_contact(debtor=ana, creditor=made.creditor, at=monday_10am - timedelta(days=9))
    Contact.objects.filter(pk=sent.pk).update(body=told, subject=told)
    between = {"debtor": ana, "creditor": made.creditor}
    make_payment(**between, amount_cents=12_345, now=monday_10am - timedelta(days=5))
    promised_on = monday_10am.date() - timedelta(days=4)
    make_promise(**between, amount_cents=54_321, promised_on=promised_on, now=monday_10am - timedelta(days=8))
    PromiseToPay.objects.update(status="broken", settled_at=monday_10am - timedelta(days=3))
    said = {"disposition": "spoke", "note": told, "agent": agent}
    CaseOutcome.objects.create(case=made, fence=0, recorded_at=monday_10am - timedelta(days=4), **said)
    point, since = ana.points.filter(medium="phone").first(), monday_10am - timedelta(days=4)
    written = {"source": told, "changed_at": since, "recorded_by": agent}
    PointChange.objects.create(point=point, kind=point.kind, status=point.status, **written)
    DepartmentNote.objects.create(
        **between, department="sales", text=told, source=told, recorded_by=agent, recorded_at=since
    )
    for kind, value in ((FactKind.KEY_CUSTOMER, FactValue.YES), (FactKind.CREDIT_RISK, FactValue.HIGH)):
        CustomerFact.objects.create(
            **between, kind=kind, value=value, known_on=since.date(), source=told[:100], recorded_at=since
        )
    taken = workqueue.take(made, agent=agent, now=since)
    confirm_person(taken, now=since)
    talking.note(taken, agent=agent, fence=taken.fence, text=told, now=since)
    workqueue.give_back(taken, agent=agent, fence=taken.fence)
    return workqueue.take(made, agent=agent, now=monday_10am)


@pytest.fixture
def ask(client, agent, monday_10am):
    """Ask a page of the desk as the agent, on Monday at ten."""
    client.force_login(agent)

    def asked(name, case, *rest, data=None, **headers):
        address = reverse(f"dunning:{name}", args=[case.pk, *rest])
        with time_machine.travel(monday_10am, tick=False):
            if data is None:
                return client.get(address, follow=True)
            return client.post(address, {"fence": case.fence, **data}, follow=True, headers=headers)

    return asked


def told(case, page: str) -> list[str]:
    """Return everything on a page that tells what is owed, or to whom."""
    creditor, portfolio = case.creditor, case.portfolio
    due = [f"{due_on:%d/%m/%Y}" for due_on in Installment.objects.values_list("due_on", flat=True)]
    words = [
        *(creditor.name, creditor.brand, creditor.tax_id, creditor.phone, creditor.address),
        *(portfolio.name, "CTR-77881", "Geladeira Frost", "Frost", *due),
        *("54321", "12345", reverse("debtors:negotiate", args=[case.debtor_id, case.creditor_id])),
    ]
    return [word for word in words if word and word in page] + MONEY.findall(page)


def test_before_the_person_is_confirmed_no_part_of_the_card_tells_what_is_owed_or_to_whom(ask, case):
    point = case.debtor.points.filter(medium="phone").first()
    pages = [
        ask("case", case),
        ask("take", case, data={}),
        ask("dial", case, point.pk, data={}),
        ask("call", case),
        ask("renew", case, data={}),
        ask("confirm", case, data={"matched": ["birthday"]}),
        ask("talk", case, data={"to": "propose"}),
        ask("talk", case, data={"to": "propose"}, **{"HX-Request": "true"}),
        ask("note", case, data={"note": "Atendeu."}, **{"HX-Request": "true"}),
        ask("note", case, data={"note": "Atendeu."}),
        ask("outcome", case, data={"disposition": "promise", "promise_amount": "", "promise_day": ""}),
        ask("outcome", case, data={"disposition": "callback"}),
        ask("outcome", case, data={"disposition": "spoke"}),
        ask("give_back", case, data={"fence": 99}),
    ]

    assert [told(case, page.content.decode()) for page in pages] == [[]] * len(pages)
    assert "Ana Beatriz Moraes" in pages[0].content.decode()


def test_who_does_not_hold_the_case_sees_nothing_of_it_either(ask, case, client, monday_10am):
    confirm_person(case, now=monday_10am)
    client.force_login(make_agent(username="dora"))
    with time_machine.travel(monday_10am, tick=False):
        page = client.get(reverse("dunning:case", args=[case.pk])).content.decode()

    assert told(case, page) == []


def test_two_items_open_the_account_and_are_kept_without_their_values(ask, case, agent, monday_10am):
    page = ask("confirm", case, data={"matched": ["birthday", "tax_id"]}).content.decode()

    assert {case.creditor.brand, "CTR-77881"} <= set(told(case, page))
    talk = Talk.objects.get(fence=case.fence)
    assert (talk.agent, talk.fence, talk.matched, talk.confirmed_at) == (
        agent,
        case.fence,
        "birthday,tax_id",
        monday_10am,
    )


def test_the_next_lease_asks_anew_and_so_does_one_that_ended(ask, case, agent, monday_10am):
    confirm_person(case, now=monday_10am)
    opened = ask("case", case).content.decode()
    workqueue.give_back(case, agent=agent, fence=case.fence)
    given_back = ask("case", case).content.decode()
    again = workqueue.take(case, agent=agent, now=monday_10am)
    taken_again = ask("case", again).content.decode()
    confirm_person(again, now=monday_10am - timedelta(minutes=10))
    ended = ask("case", again).content.decode()

    assert [bool(told(case, page)) for page in (opened, given_back, taken_again, ended)] == [
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(
    "disposition",
    [Disposition.SPOKE, Disposition.PROMISE, Disposition.ALREADY_PAID, Disposition.DISPUTE],
)
def test_what_only_the_person_can_say_is_not_recorded_of_a_stranger(case, agent, monday_10am, disposition):
    phone = case.debtor.points.filter(medium="phone").first()
    calling.dial(case, agent=agent, fence=case.fence, point=phone, now=monday_10am)

    with pytest.raises(MissingDetailError, match="confirmation"):
        outcomes.record(
            case=case,
            agent=agent,
            fence=case.fence,
            disposition=disposition,
            promise=PromiseTerms(100, monday_10am.date()),
            now=monday_10am,
        )
    assert CaseOutcome.objects.filter(fence=case.fence).count() == 0


def test_the_script_keeps_what_was_answered_and_the_step_it_is_at(ask, case, monday_10am):
    defaults.ship_playbook()
    reason = DelayReason.objects.first()
    confirm_person(case, now=monday_10am)
    answers = {"bill_arrived": "no", "goods_arrived": "yes", "reason": reason.pk}

    part = ask("talk", case, data={"shown": "listen", **answers}, **{"HX-Request": "true"}).content.decode()

    talk = Talk.objects.get(fence=case.fence)
    assert (talk.step, talk.bill_arrived, talk.goods_arrived, talk.reason) == ("reason", False, True, reason)
    assert "Para eu ajudar melhor" in part
    assert "<html" not in part


def test_a_note_outlives_the_tab_and_the_lease_of_its_agent_only(ask, case, agent, monday_10am):
    ask("note", case, data={"note": "Recebe no dia 5."})
    reloaded = ask("case", case).content.decode()
    workqueue.give_back(case, agent=agent, fence=case.fence)
    again = ask("take", case, data={}).content.decode()
    dora = make_agent(username="dora")
    case.refresh_from_db()
    workqueue.give_back(case, agent=agent, fence=case.fence)

    assert "Recebe no dia 5." in reloaded
    assert "Recebe no dia 5." in again
    assert talking.unrecorded_note(case, agent=dora) == ""


def test_what_was_noted_of_a_confirmed_person_returns_when_he_is_confirmed_again(ask, case, monday_10am):
    ask("note", case, data={"note": "Atendeu a filha."})
    before = ask("case", case).content.decode()
    confirm_person(case, now=monday_10am)

    assert "Atendeu a filha." in before
    assert Talk.objects.get(fence=case.fence).note == f"{Talk.objects.get(fence=1).note}\nAtendeu a filha."


def test_a_stale_tab_is_told_that_its_note_was_not_kept(ask, case):
    part = ask("note", case, data={"note": "x", "fence": 99}, **{"HX-Request": "true"})

    assert "Não foi guardada" in part.content.decode()
    assert not Talk.objects.filter(fence=case.fence).exists()


def test_what_was_typed_under_another_lease_is_not_on_the_card_of_this_one(ask, case, agent):
    workqueue.give_back(case, agent=agent, fence=case.fence)
    workqueue.take(case, agent=agent, now=timezone.now())

    answer = ask("outcome", case, data={"note": "deve R$ 800,00", "disposition": ""})  # by the old tab

    assert answer.status_code == 409
    assert "800,00" not in answer.content.decode()


def test_the_manager_words_what_is_said(ask, case, monday_10am):
    ScriptText.objects.create(part="greet", language="pt-br", text="{{ greeting }}, quem fala é {{ agent }}.")

    page = ask("case", case).content.decode()

    assert f"Bom dia, quem fala é {case.agent.name}." in page


def test_the_playbook_is_shipped_once_and_keeps_what_was_changed():
    defaults.ship_playbook()
    ScriptText.objects.filter(part="greet", language="en").update(text="Hello!")
    DelayReason.objects.filter(position__gt=1).update(is_active=False)
    before = list(ScriptText.objects.values()), list(DelayReason.objects.values())

    defaults.ship_playbook()

    assert (list(ScriptText.objects.values()), list(DelayReason.objects.values())) == before
    assert len(before[0]) == 20
