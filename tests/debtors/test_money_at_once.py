"""The same webhook, file and form, twenty times at the same moment: one payment."""

import io
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from debtors import queries
from debtors.models import Arrival, Payment
from debtors.services import bank_files
from tests.debtors.test_money_that_arrives import SECRET, itau, pix
from tests.factories import make_debt, make_manager

pytestmark = pytest.mark.django_db(transaction=True)

TIMES = 20


def at_once(press: Callable[[int], object]) -> list[object]:
    """Do it twenty times, all beginning at the same moment; what one raises is raised."""
    start = Barrier(TIMES)

    def one(number: int) -> object:
        start.wait()
        try:
            return press(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(TIMES) as threads:
        return [each.result() for each in [threads.submit(one, number) for number in range(TIMES)]]


@pytest.fixture
def debt():
    return make_debt(installments=[(timezone.localdate(), 50_000)], contract="CT-77")


def owed(debt):
    balance = queries.balance_with(
        debtor_id=debt.debtor_id, creditor_id=debt.creditor_id, on=timezone.localdate()
    )
    return balance.total_cents


def test_one_webhook_twenty_times_at_once_is_one_payment(debt, settings):
    settings.PIX_WEBHOOK_SECRET = SECRET
    address = reverse("debtors:pix_webhook", args=[debt.creditor_id])
    body = json.dumps({"pix": [pix(pagador={"cpf": debt.debtor.tax_id})]})

    def call(_number: int) -> int:
        headers = {"X-Webhook-Secret": SECRET}
        return Client().post(address, body, content_type="application/json", headers=headers).status_code

    assert set(at_once(call)) == {200}
    assert (Payment.objects.count(), Arrival.objects.count(), owed(debt)) == (1, 1, 49_000)


def test_one_return_file_twenty_times_at_once_is_booked_once(debt):
    slips = [(f"{number:08d}", "CT-77", 100, "06") for number in range(3)]
    files = [
        bank_files.look(
            itau(*slips), file_name="x", creditor=debt.creditor, created_by=None, now=timezone.now()
        )
        for _ in range(TIMES)
    ]

    at_once(lambda number: bank_files.book(files[number], now=timezone.now()))

    assert (Payment.objects.count(), Arrival.objects.count(), owed(debt)) == (3, 3, 49_700)


def test_one_form_twenty_times_at_once_is_one_payment(debt):
    browser = Client()
    browser.force_login(make_manager())
    page = reverse("debtors:payment", args=[debt.debtor_id, debt.creditor_id])
    number = browser.get(page).context["form"].initial["number"]
    day = timezone.localdate().strftime("%d/%m/%Y")
    form = {"number": str(number), "amount": "10,00", "paid_on": day, "method": "pix"}

    def send(_number: int) -> int:
        client = Client()
        client.cookies = browser.cookies
        return client.post(page, form).status_code

    assert set(at_once(send)) == {302}
    assert (Payment.objects.count(), owed(debt)) == (1, 49_000)


def test_files_and_calls_that_tell_of_the_same_people_do_not_wait_in_a_circle(debt, settings):
    settings.PIX_WEBHOOK_SECRET = SECRET
    debts = [debt, *[make_debt(contract=f"CT-{number}") for number in range(2)]]
    address = reverse("debtors:pix_webhook", args=[debt.creditor_id])

    def work(number: int) -> object:
        if number % 2:
            turned = debts if number % 4 == 1 else debts[::-1]
            slips = [
                (f"{number:04d}{each.pk % 10_000:04d}", each.contract, 100, "06") for each in turned
            ]  # fmt: skip
            file = bank_files.look(
                itau(*slips), file_name="x", creditor=debt.creditor, created_by=None, now=timezone.now()
            )
            return bank_files.book(file, now=timezone.now()).counts["matched"] == len(debts)
        told = [
            pix(f"E{number:02d}{each.pk:029d}", pagador={"cpf": each.debtor.tax_id}) for each in debts[::-1]
        ]
        body = io.BytesIO(json.dumps({"pix": told}).encode()).getvalue()
        headers = {"X-Webhook-Secret": SECRET}
        return (
            Client().post(address, body, content_type="application/json", headers=headers).status_code == 200
        )

    assert set(at_once(work)) == {True}
    assert Payment.objects.count() == Arrival.objects.count() == TIMES * len(debts)
