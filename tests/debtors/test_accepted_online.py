"""A proposal on the debtor's own page: four digits, then the plan, then one press that is judged again."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from debtors.models import Agreement, PaymentRequest, PromiseToPay, WrongDigits
from debtors.queries import offers
from debtors.services import (
    agreement_papers,
    agreements,
    payment_requests,
    proposal_links,
    proposals_online,
)
from debtors.services.proposals_online import Heard
from debtors.vocabulary import AgreementState, Evidence
from tests.factories import make_agent, make_debt, make_debtor, make_manager, make_payment
from tests.factories.agreements import make_agreement, make_offer_rules, make_proposal
from tests.factories.paying import make_account

pytestmark = pytest.mark.django_db
AGREED = 98_000


@pytest.fixture
def monday_10am():
    return datetime(2026, 11, 23, 13, 0, tzinfo=UTC)


@pytest.fixture
def debt(monday_10am):
    made = make_debt(
        debtor=make_debtor(name="Rosângela Prado"),
        installments=[(monday_10am.date() - timedelta(days=30), 100_000)],
        contract="CT-77",
    )
    make_offer_rules(creditor=made.creditor)
    return made


@pytest.fixture
def agent(debt):
    return make_agent(permissions=["negotiate_agreement"])


@pytest.fixture
def proposed(debt, agent, monday_10am) -> Agreement:
    """R$ 980,00 in two payments, the first in five days: what an agent may offer."""
    first_on = timezone.localdate(monday_10am) + timedelta(days=5)
    return make_proposal(debt, total_cents=AGREED, by=agent, now=monday_10am, payments=2, first_on=first_on)


@pytest.fixture
def own_page(client, monday_10am):
    """Open a proposal's page, or press a button of it, as its debtor would; return the answer."""

    def asked(agreement, /, *, at=monday_10am + timedelta(hours=1), name="proposal", **posted):
        address = reverse(name, args=[proposal_links.token_of(agreement.pk)])
        with time_machine.travel(at, tick=False):
            return client.post(address, posted, follow=True) if posted else client.get(address)

    return asked


def digits_of(agreement) -> str:
    return agreement.debtor.tax_id[-4:]


def test_nothing_of_the_debt_is_shown_before_the_four_digits(own_page, proposed):
    before = own_page(proposed)
    wrong = own_page(proposed, digits="0000" if digits_of(proposed) != "0000" else "1111")
    after = own_page(proposed, digits=digits_of(proposed))

    for answer in (before, wrong):
        for secret in ("980,00", "CT-77", "Rosângela", proposed.creditor.name, proposed.debtor.tax_id):
            assert secret not in answer.content.decode()
    assert (before.status_code, wrong.status_code, after.status_code) == (200, 422, 200)
    for fact in (
        "980,00",
        "CT-77",
        "1.000,00",
        "28/11/2026",
        "rompido",
        proposed.creditor.name,
        proposed.creditor.address,
    ):
        assert fact in after.content.decode()
    assert "no-store" in after["Cache-Control"]
    assert after["X-Robots-Tag"].startswith("noindex")


def test_one_press_puts_it_in_force_and_shows_how_to_pay(own_page, proposed, monday_10am):
    make_account(creditor=proposed.creditor)
    opened = own_page(proposed, digits=digits_of(proposed))
    seen = opened.context["seen"]

    accepted = own_page(proposed, accept="1", seen=seen)

    proposed.refresh_from_db()
    assert (proposed.state, proposed.evidence, proposed.accepted_by) == (
        AgreementState.ACTIVE,
        Evidence.ONLINE,
        None,
    )
    assert seen in proposed.evidence_reference
    assert agreement_papers.hash_of(proposed) == seen
    assert accepted.context["stands"] == "in_force"
    for made in PaymentRequest.objects.all():
        assert reverse("pay", args=[dict(_sealed(accepted))[made.pk]]) in accepted.content.decode()
    assert sorted(each.kind for each in PaymentRequest.objects.all()) == ["boleto", "pix"]
    assert {each.amount_cents for each in PaymentRequest.objects.all()} == {AGREED // 2}


def _sealed(answer):
    return [(made.pk, sealed) for made, sealed in answer.context["ready"]]


def test_pressed_again_it_is_in_force_once(own_page, proposed):
    opened = own_page(proposed, digits=digits_of(proposed))
    seen = opened.context["seen"]

    answers = [own_page(proposed, accept="1", seen=seen) for _ in range(2)]

    assert [each.context["stands"] for each in answers] == ["in_force"] * 2
    assert PromiseToPay.objects.filter(agreement=proposed).count() == 1
    assert "Enviamos a você como pagar" in answers[0].content.decode()


def test_what_reads_otherwise_by_now_is_shown_once_more_before_it_binds(own_page, proposed):
    opened = own_page(proposed, digits=digits_of(proposed))
    creditor = proposed.creditor
    creditor.address = "Rua Nova, 1, Recife"
    creditor.save()

    again = own_page(proposed, accept="1", seen=opened.context["seen"])

    proposed.refresh_from_db()
    assert proposed.state == AgreementState.PROPOSED
    assert again.context["is_refused"]
    assert "Rua Nova, 1, Recife" in again.content.decode()


@pytest.mark.parametrize("over", ["withdrawn", "late", "another proposed"])
def test_what_is_over_is_answered_like_an_address_that_is_none_of_ours(
    own_page, client, proposed, debt, agent, monday_10am, over
):
    at = monday_10am + timedelta(hours=1)
    if over == "withdrawn":
        agreements.withdraw(proposed, reason="x", by=agent, now=at)
    elif over == "late":
        at += timedelta(days=6)
    else:
        make_proposal(debt, total_cents=99_000, by=agent, now=at)

    said, pressed = own_page(proposed, at=at), own_page(proposed, at=at, accept="1", seen="")

    nobodys = client.get(reverse("proposal", args=["2" * 14]))
    assert (said.status_code, said.content) == (404, nobodys.content)
    assert (pressed.status_code, pressed.content) == (404, nobodys.content)


def test_the_last_day_is_the_first_payments_own_and_never_later_than_a_week(debt, agent, monday_10am):
    on = timezone.localdate(monday_10am)
    ends = []
    for days in (0, 5, 7, 20):
        made = make_proposal(
            debt, total_cents=102_000, by=agent, now=monday_10am, first_on=on + timedelta(days=days)
        )
        ends.append((offers.open_until(made) - on).days)

    assert ends == [0, 5, 7, 7]


def test_what_waits_for_approval_cannot_be_accepted_and_is_in_force_after_it(
    own_page, debt, agent, monday_10am
):
    far = make_proposal(debt, total_cents=85_000, by=agent, now=monday_10am)
    waits = own_page(far, digits=digits_of(far))
    own_page(far, accept="1", seen=agreement_papers.hash_of(far))
    far.refresh_from_db()
    state_before = far.state
    agreements.decide(far, is_approved=True, reason="ok", by=make_manager(), now=monday_10am)

    accepted = own_page(far, accept="1", seen=agreement_papers.hash_of(far))

    assert (waits.context["stands"], state_before) == ("looked_at", AgreementState.PROPOSED)
    assert "Ainda estamos analisando" in waits.content.decode()
    assert "850,00" not in waits.content.decode()  # what nobody approved is no offer yet
    assert accepted.context["stands"] == "in_force"


def test_the_rules_of_today_decide_and_what_was_paid_since_makes_it_another_debt(
    own_page, proposed, debt, monday_10am
):
    opened = own_page(proposed, digits=digits_of(proposed))
    make_payment(debtor=debt.debtor, amount_cents=100, now=monday_10am + timedelta(minutes=5))

    refused = own_page(proposed, accept="1", seen=opened.context["seen"])

    proposed.refresh_from_db()
    assert proposed.state == AgreementState.PROPOSED
    assert refused.context["stands"] == "over"


def test_a_floor_raised_since_is_the_floor(proposed, monday_10am):
    rules = proposed.creditor.offer_rules
    rules.floor_percent = 99
    rules.save()

    assert not proposals_online.accept(proposed, seen=agreement_papers.hash_of(proposed), now=monday_10am)
    proposed.refresh_from_db()
    assert proposed.state == AgreementState.PROPOSED


def test_five_wrong_tries_close_the_page_for_an_hour_to_the_right_digits_too(proposed, monday_10am):
    right = digits_of(proposed)
    wrong = "9999" if right != "9999" else "8888"

    heard = [proposals_online.confirm(proposed, typed=wrong, now=monday_10am) for _ in range(6)]
    closed = proposals_online.confirm(proposed, typed=right, now=monday_10am + timedelta(minutes=59))
    after = proposals_online.confirm(
        proposed, typed=f" {right[:2]}-{right[2:]} ", now=monday_10am + timedelta(hours=1)
    )

    assert heard == [Heard.WRONG] * 5 + [Heard.TOO_MANY]
    assert (closed, after) == (Heard.TOO_MANY, Heard.RIGHT)
    assert not WrongDigits.objects.exists()


@pytest.mark.parametrize("typed", ["", "1", "...."])
def test_what_is_too_short_is_wrong_and_costs_no_try(proposed, monday_10am, typed):
    assert proposals_online.confirm(proposed, typed=typed, now=monday_10am) is Heard.WRONG
    assert not WrongDigits.objects.exists()


def test_the_whole_tax_id_is_heard_as_well_and_a_part_of_it_is_not(proposed, monday_10am):
    tax_id = proposed.debtor.tax_id

    heard = [
        proposals_online.confirm(proposed, typed=typed, now=monday_10am)
        for typed in (tax_id, f"{tax_id[:3]}.{tax_id[3:]}", tax_id[-5:])
    ]

    assert heard == [Heard.RIGHT, Heard.RIGHT, Heard.WRONG]


def test_what_was_taken_back_is_issued_anew_for_a_debtor_who_asks(own_page, proposed, monday_10am):
    make_account(creditor=proposed.creditor)
    at = monday_10am + timedelta(hours=1)
    opened = own_page(proposed, digits=digits_of(proposed))
    own_page(proposed, accept="1", seen=opened.context["seen"])
    for each in PaymentRequest.objects.all():
        payment_requests.withdraw(each, now=at)

    gone = own_page(proposed)
    given = own_page(proposed, pay="1")

    assert (gone.context["ready"], gone.context["may_ask"]) == ([], True)
    assert len(given.context["ready"]) == 2


def test_being_confirmed_opens_one_proposal_for_half_an_hour(own_page, proposed, client, monday_10am):
    at = monday_10am + timedelta(hours=1)
    other = make_debt(
        creditor=proposed.creditor, installments=[(monday_10am.date() - timedelta(days=30), 100_000)]
    )
    neighbour = make_proposal(other, total_cents=102_000, by=proposed.proposed_by, now=monday_10am)
    own_page(proposed, digits=digits_of(proposed), at=at)
    kept = client.cookies["proposal"]
    client.cookies["proposal"]["path"] = "/"

    stands = [
        own_page(proposed, at=at + timedelta(minutes=29)).context["stands"],
        own_page(neighbour, at=at).context["stands"],
        own_page(proposed, at=at + timedelta(minutes=31)).context["stands"],
    ]

    assert stands == ["open", "asked", "asked"]
    assert (kept["httponly"], kept["samesite"]) == (True, "Lax")


def test_the_document_opens_only_after_the_digits(own_page, proposed):
    before = own_page(proposed, name="proposal_document")
    own_page(proposed, digits=digits_of(proposed))
    after = own_page(proposed, name="proposal_document")

    assert (before.status_code, after.status_code) == (302, 200)
    assert after.content.startswith(b"%PDF")


def test_who_guesses_addresses_is_not_answered_any_more(client, db):
    answers = [client.get(reverse("proposal", args=["2" * 14])).status_code for _ in range(21)]

    assert answers == [404] * 20 + [429]


def test_an_acceptance_without_a_recorder_is_one_made_online(proposed, monday_10am):
    with pytest.raises(PermissionDenied):
        agreements.accept(proposed, evidence=Evidence.VERBAL, reference="x", by=None, now=monday_10am)
    with pytest.raises(IntegrityError):
        Agreement.objects.filter(pk=proposed.pk).update(activated_at=monday_10am, evidence="verbal")


def test_what_was_agreed_on_aloud_is_found_in_force_behind_the_same_address(
    own_page, debt, agent, monday_10am
):
    spoken = make_agreement(debt, total_cents=AGREED, by=agent, now=monday_10am, payments=2)

    shown = own_page(spoken, digits=digits_of(spoken))

    assert shown.context["stands"] == "in_force"
    assert "accept" not in shown.context
