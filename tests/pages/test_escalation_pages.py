"""Steps beyond asking on the pages: asked for by one, decided by another, handed out as a file."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from debtors.models import EscalationEvent, EscalationFile
from debtors.vocabulary import EscalationKind
from tests.factories import make_agent, make_debt, make_manager, make_portfolio

pytestmark = pytest.mark.django_db


@pytest.fixture
def debt():
    return make_debt(installments=[(timezone.localdate() - timedelta(days=60), 100_000)], contract="CT-77")


@pytest.fixture
def supervisor():
    return make_agent(permissions=["request_escalation", "approve_escalation", "approve_agreement"])


def at(name, debt):
    return reverse(name, args=[debt.pk])


def test_a_notice_goes_from_the_debts_page_into_a_file(client, debt, supervisor):
    helena = make_manager()
    day = f"{timezone.localdate():%d/%m/%Y}"
    step = {"step": "bureau_notice"}

    client.force_login(supervisor)
    assert "nenhum documento da dívida" in client.get(at("escalation", debt)).content.decode().lower()
    client.post(
        at("escalation_proof", debt), step | {"kind": "proven", "on": day, "reference": "contrato 17"}
    )
    client.post(at("escalation_ask", debt), step | {"reason": "não responde"})
    own = client.post(at("escalation_decide", debt), step | {"reason": "x", "approve": "1"}, follow=True)
    assert "segunda pessoa" in own.content.decode()
    client.force_login(helena)
    client.post(at("escalation_decide", debt), step | {"reason": "conferido", "approve": "1"})
    assert "CT-77" in client.get(reverse("escalations")).content.decode()
    client.post(reverse("escalation_export", args=[debt.creditor_id]), step)

    made = EscalationFile.objects.get()
    answer = client.get(reverse("escalation_file", args=[made.pk]))
    assert "CT-77" in answer.content.decode("utf-8-sig")
    assert list(EscalationEvent.objects.values_list("kind", flat=True)) == [
        EscalationKind.PROVEN,
        EscalationKind.ASKED,
        EscalationKind.APPROVED,
        EscalationKind.DONE,
    ]


@pytest.mark.parametrize("name", ["escalation_ask", "escalation_decide", "escalation_proof"])
def test_without_a_reason_or_a_reference_nothing_is_kept(client, debt, supervisor, name):
    client.force_login(supervisor)

    assert client.post(at(name, debt), {"step": "bureau_notice"}).status_code == 422
    assert not EscalationEvent.objects.exists()


def test_a_debt_of_another_portfolio_is_not_there(client, supervisor):
    client.force_login(supervisor)
    foreign = make_debt(portfolio=make_portfolio())

    assert client.get(at("escalation", foreign)).status_code == 404


def test_what_ends_soon_and_what_is_over_are_listed_apart(client, debt):
    today = timezone.localdate()
    over = make_debt(contract="CT-78")
    for each, day in ((debt, today + timedelta(days=90)), (over, today)):
        each.limitation_on = day
        each.save()
    client.force_login(make_manager())

    soon, ended = (client.get(reverse("debtors:limitations") + f"?over={n}").content.decode() for n in (0, 1))

    assert ("CT-77" in soon, "CT-78" in soon) == (True, False)
    assert ("CT-77" in ended, "CT-78" in ended) == (False, True)
