"""Pay now on the pages: issued in two presses by an agent, opened by the debtor without a log-in."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from debtors.models import PaymentRequest, ReceivingAccount
from debtors.services import pay_links, payment_requests
from debtors.vocabulary import RequestKind
from tests.factories import make_agent, make_debt, make_debtor, make_manager, make_payment
from tests.factories.paying import KEY, make_account, make_request

pytestmark = pytest.mark.django_db


@pytest.fixture
def debt():
    today = timezone.localdate()
    made = make_debt(
        debtor=make_debtor(name="Rosângela Prado"), installments=[(today - timedelta(days=40), 50_000)]
    )
    make_account(creditor=made.creditor)
    return made


@pytest.fixture
def agent(client):
    user = make_agent(permissions=["add_paymentrequest", "view_paymentrequest"])
    client.force_login(user)
    return user


def page_of(debt) -> str:
    return reverse("debtors:pay", args=[debt.debtor_id, debt.creditor_id])


def typed(client, debt, **changes) -> dict:
    form = client.get(page_of(debt)).context["form"]
    day = form.initial["due_on"]
    return {
        "number": form.initial["number"], "counted_for": day.isoformat(), "kind": "pix", "choice": "all",
        "part": "", "due_on": f"{day:%d/%m/%Y}",
    } | changes  # fmt: skip


def test_an_agent_issues_a_pix_and_has_its_code_at_once(client, agent, debt):
    data = typed(client, debt)
    client.post(page_of(debt), data)
    client.post(page_of(debt), data)

    page = client.get(page_of(debt)).content.decode()
    made = PaymentRequest.objects.get()
    assert made.issued_by == agent
    assert made.payload in page
    assert pay_links.address_of(made.pk) in page
    assert "data:image/svg+xml;base64," in page
    picture = client.get(reverse("debtors:request_qr", args=[made.pk]))
    assert picture.content.startswith(b"\x89PNG")


def test_another_day_shows_its_amounts_before_anything_is_issued(client, agent, debt):
    data = typed(client, debt)
    day = timezone.localdate() + timedelta(days=20)

    shown = client.post(page_of(debt), data | {"due_on": f"{day:%d/%m/%Y}"})

    assert not PaymentRequest.objects.exists()
    form = shown.context["form"]
    assert form.initial["counted_for"] == day
    again = data | {"due_on": f"{day:%d/%m/%Y}", "counted_for": day.isoformat()}
    client.post(page_of(debt), again)
    assert PaymentRequest.objects.get().due_on == day


@pytest.mark.parametrize(
    "wrong",
    [
        {"choice": "part", "part": "9.999,00"},
        {"choice": "part", "part": ""},
        {"kind": "cash"},
        {"due_on": "01/01/2020", "counted_for": "2020-01-01"},
        {"number": "x"},
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_issued(client, agent, debt, wrong):
    answer = client.post(page_of(debt), typed(client, debt, **wrong))

    assert answer.status_code == 422
    assert not PaymentRequest.objects.exists()


def test_the_debtors_page_tells_what_to_pay_and_nothing_about_him(client, debt):
    made = make_request(debt, now=timezone.now())

    answer = client.get(reverse("pay", args=[pay_links.token_of(made.pk)]))

    page = answer.content.decode()
    for fact in (made.payload, debt.creditor.name, debt.creditor.address, debt.contract):
        assert fact in page
    for secret in ("Rosângela", "Prado", debt.debtor.tax_id):
        assert secret not in page
    assert answer["X-Robots-Tag"].startswith("noindex")
    assert "no-store" in answer["Cache-Control"]


def test_what_is_paid_is_thanked_for_and_what_was_taken_back_is_not_shown(client, debt):
    paid = make_request(debt, now=timezone.now())
    make_payment(
        debtor=debt.debtor, creditor=debt.creditor, amount_cents=paid.amount_cents, now=timezone.now()
    )
    other = make_debt(creditor=debt.creditor, installments=[(timezone.localdate(), 1_000)])
    taken_back = make_request(other, now=timezone.now())
    payment_requests.withdraw(taken_back, now=timezone.now())

    pages = [client.get(reverse("pay", args=[pay_links.token_of(each.pk)])) for each in (paid, taken_back)]

    assert [each.context["stands"] for each in pages] == ["paid", "withdrawn"]
    assert all(b"BR.GOV" not in each.content.upper() for each in pages)


def test_who_guesses_addresses_is_not_answered_any_more(client, debt):
    made = make_request(debt, now=timezone.now())
    token = pay_links.token_of(made.pk)
    wrong = token[:-1] + ("3" if token[-1] == "2" else "2")

    answers = [client.get(reverse("pay", args=[wrong])).status_code for _ in range(22)]

    assert answers == [404] * 20 + [429] * 2
    assert client.get(reverse("pay", args=[token])).status_code == 200


def test_the_boleto_is_handed_to_whoever_has_its_address(client, debt):
    made = make_request(debt, now=timezone.now(), kind=RequestKind.BOLETO)

    answer = client.get(reverse("pay_boleto", args=[pay_links.token_of(made.pk)]))

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"pix_key": "12345678900"}, "pix_key"),
        ({"pix_city": ""}, "pix_city"),
        ({"pix_connection": "nowhere"}, "pix_connection"),
        ({"slip_branch": "12"}, "slip_branch"),
        ({"slip_agreement": "1234567"}, "slip_agreement"),
    ],
)
def test_a_manager_cannot_keep_data_that_pay_nobody(client, debt, changed, field):
    manager = make_manager()
    manager.is_staff = True
    manager.save()
    client.force_login(manager)
    account = ReceivingAccount.objects.get()
    address = reverse("admin:debtors_receivingaccount_change", args=[account.pk])
    data = {
        "pix_key": KEY.upper(), "pix_city": "Recife", "pix_connection": "", "slip_bank": "341",
        "slip_branch": "1248", "slip_account": "02124", "slip_wallet": "109", "slip_agreement": "",
        "slip_text": "",
    }  # fmt: skip

    refused = client.post(address, data | changed)
    kept = client.post(address, data)

    assert field in refused.context["adminform"].form.errors
    account.refresh_from_db()
    assert (kept.status_code, account.pix_key, account.pix_city) == (302, KEY, "Recife")
