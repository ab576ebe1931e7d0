"""Negotiating on the card: the slider ends at the agent's authority, and the floor is the server's."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from contacts.models import Contact
from debtors.models import Agreement, PaymentRequest
from debtors.rules import boleto
from debtors.services import agreement_papers, payment_requests, proposals_online
from debtors.vocabulary import AgreementState, RequestKind
from dunning.services import defaults, workqueue
from tests.factories import confirm_person, make_agent, make_case, make_policy, make_strategy
from tests.factories.agreements import make_offer_rules, make_proposal
from tests.factories.paying import make_account

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def negotiator(db):
    """An agent who may negotiate."""
    return make_agent(permissions=["work_queue", "negotiate_agreement", "view_debtor", "add_paymentrequest"])


@pytest.fixture
def case(negotiator, monday_10am, client):
    """A case of R$ 1.000,00 principal that the agent holds, the person confirmed."""
    make_policy(now=monday_10am)
    make_strategy()
    made = make_case(now=monday_10am, amount_cents=100_000)
    make_offer_rules(creditor=made.creditor)
    client.force_login(negotiator)
    held = workqueue.take(made, agent=negotiator, now=monday_10am)
    confirm_person(held, now=monday_10am)
    return held


@pytest.fixture
def post(client, case, monday_10am):
    """Post to the card by htmx; return the answer."""

    def posted(name, **data):
        with time_machine.travel(monday_10am, tick=False):
            address = reverse(f"dunning:{name}", args=[case.pk])
            return client.post(address, {"fence": case.fence, **data}, headers=HTMX)

    return posted


def test_the_slider_begins_at_the_floor_of_the_agents_level_and_ends_at_what_is_owed(post):
    shown = post("offers").context

    assert (shown["room"].least_cents, shown["room"].most_cents) == (92_401, 102_667)
    assert shown["room"].least_cents == min(offer.total_cents for offer in shown["offers"])


@pytest.mark.parametrize(
    ("typed", "total_cents", "payments"),
    [
        ({"total_cents": 1}, 92_401, 1),
        ({"total_cents": 95_000}, 95_000, 1),
        ({"total_cents": 999_999_999}, 102_667, 1),
        ({"total_cents": 1, "payments": 3}, 97_534, 3),
        ({"total_cents": "x", "payments": 3}, 102_667, 3),
        ({"payments": 0}, 102_667, 1),
    ],
)
def test_whatever_is_posted_the_server_stays_within_the_agents_room(post, typed, total_cents, payments):
    shown = post("offers", **typed).context

    assert (shown["proposal"].total_cents, shown["proposal"].payments) == (total_cents, payments)
    assert sum(each.amount_cents for each in shown["payments"]) == total_cents
    assert len(shown["payments"]) == payments


def test_what_is_agreed_is_read_aloud_and_in_force_after_the_yes(post, case, monday_10am):
    on = timezone.localdate(monday_10am)
    first_on = f"{on + timedelta(days=2):%d/%m/%Y}"
    kept = post("offers", total_cents=98_000, payments=3, first_on=first_on, method="pix", keep="1")
    proposed = Agreement.objects.get()
    without_proof = post("agree")
    agreed = post("agree", reference="gravação 17")

    assert kept.context["sentence"].endswith(
        f"em 3 parcelas: R$ 326,67 em {first_on}, depois R$ 326,67 a cada mês e a última de R$ 326,66 em "
        "18/01/2027. Está certo para você?"
    )
    assert proposed.state == AgreementState.PROPOSED
    assert (without_proof.status_code, agreed.status_code) == (302, 302)
    proposed.refresh_from_db()
    assert (proposed.state, proposed.total_cents) == (AgreementState.ACTIVE, 98_000)


def test_what_the_first_payment_is_paid_with_is_on_the_card_after_the_yes_and_issued_once(
    post, case, client, monday_10am
):
    make_account(creditor=case.creditor)
    post("offers", total_cents=98_000, payments=3, method="pix", keep="1")
    post("agree", reference="gravação 17")
    post("agree", pay="1")

    pix, slip = PaymentRequest.objects.order_by("pk")
    with time_machine.travel(monday_10am, tick=False):
        page = client.get(reverse("dunning:case", args=[case.pk])).content.decode()
    assert (pix.kind, slip.kind) == (RequestKind.PIX, RequestKind.BOLETO)
    assert {each.agreed_payment for each in (pix, slip)} == {Agreement.objects.get().payments.get(number=1)}
    assert pix.payload in page
    assert "data:image/svg+xml;base64," in page
    assert boleto.format_line(slip.line) in page
    assert reverse("debtors:request_boleto", args=[slip.pk]) in page


def test_what_was_taken_back_is_issued_anew_for_whoever_asks(post, case, monday_10am):
    make_account(creditor=case.creditor)
    post("offers", total_cents=98_000, payments=3, method="pix", keep="1")
    post("agree", reference="gravação 17")
    for each in PaymentRequest.objects.all():
        payment_requests.withdraw(each, now=monday_10am)

    gone = post("offers").content.decode()
    post("agree", pay="1")

    assert "Gerar o Pix e o boleto da próxima parcela" in gone
    assert PaymentRequest.objects.count() == 4


def test_where_nothing_can_be_issued_the_agent_is_told(post):
    post("offers", total_cents=98_000, payments=3, method="pix", keep="1")
    post("agree", reference="gravação 17")

    said = [str(each) for each in get_messages(post("agree", pay="1").wsgi_request)]

    assert said[-1] == "Nada foi gerado: a página dos outros valores diz por quê."


def test_whoever_may_issue_nothing_agrees_all_the_same(post, case, negotiator, monday_10am):
    make_account(creditor=case.creditor)
    negotiator.user_permissions.remove(Permission.objects.get(codename="add_paymentrequest"))
    post("offers", total_cents=98_000, payments=1, method="pix", keep="1")

    post("agree", reference="gravação 17")

    assert Agreement.objects.get().state == AgreementState.ACTIVE
    assert not PaymentRequest.objects.exists()


def test_a_proposal_can_be_changed_before_the_yes(post):
    post("offers", total_cents=98_000, payments=1, method="pix", keep="1")

    post("agree", withdraw="1")

    assert Agreement.objects.get().state == AgreementState.WITHDRAWN
    assert "offers" in post("offers").context


def test_nothing_is_offered_to_a_stale_tab_or_a_person_not_confirmed(post, case, negotiator, monday_10am):
    stale = post("offers", fence=99)
    workqueue.give_back(case, agent=negotiator, fence=case.fence)
    again = workqueue.take(case, agent=negotiator, now=monday_10am)
    unconfirmed = post("offers", fence=again.fence, total_cents=95_000, keep="1")

    assert (stale.status_code, unconfirmed.status_code) == (409, 302)
    assert not Agreement.objects.exists()


def test_what_waits_for_a_decision_is_not_read_aloud_as_if_agreed(post, case, negotiator, monday_10am):
    make_proposal(case.debtor.debts.get(), total_cents=85_000, by=negotiator, now=monday_10am)

    shown = post("offers")

    assert shown.context["waits"]
    assert "Leia em voz alta" not in shown.content.decode()


def test_a_proposal_is_sent_from_the_card_by_the_channel_allowed_now_and_accepted_by_the_debtor(
    post, case, client, settings, tmp_path, monday_10am
):
    settings.SANDBOX_FILE = tmp_path / "sandbox.jsonl"
    defaults.ship()
    shown = post("offers", total_cents=98_000, payments=3, method="pix", keep="1").context["ways"]
    sent = post("send_proposal", channel="sms")
    made = Agreement.objects.get()

    assert {way.channel: way.button for way in shown} == {
        "sms": "now", "whatsapp": "", "email": "now", "letter": "",
    }  # fmt: skip
    assert Contact.objects.get(wanted_by__startswith="proposal:").channel == "sms"
    assert [way.button for way in sent.context["ways"]] == ["", "", "now", ""]
    assert "SMS" in sent.context["announced"]
    with time_machine.travel(monday_10am, tick=False):
        assert proposals_online.accept(made, seen=agreement_papers.hash_of(made), now=monday_10am)
        page = client.get(reverse("dunning:case", args=[case.pk])).content.decode()
    assert "Há um acordo em vigor com este credor" in page


def test_nothing_is_sent_for_a_stale_tab_or_a_person_not_confirmed(post, case, negotiator, monday_10am):
    defaults.ship()
    post("offers", total_cents=98_000, payments=1, method="pix", keep="1")
    stale = post("send_proposal", fence=99, channel="sms")
    workqueue.give_back(case, agent=negotiator, fence=case.fence)
    again = workqueue.take(case, agent=negotiator, now=monday_10am)
    unconfirmed = post("send_proposal", fence=again.fence, channel="sms")

    assert (stale.status_code, unconfirmed.status_code) == (409, 302)
    assert not Contact.objects.filter(wanted_by__startswith="proposal:").exists()


def test_what_waits_for_a_decision_cannot_be_sent(post, case, negotiator, monday_10am):
    defaults.ship()
    make_proposal(case.debtor.debts.get(), total_cents=85_000, by=negotiator, now=monday_10am)

    shown, refused = post("offers"), post("send_proposal", channel="sms")

    assert shown.context["ways"] == []
    assert refused.context["not_sent"] == "Espera antes a aprovação de alguém."
