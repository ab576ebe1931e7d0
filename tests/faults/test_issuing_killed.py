"""Whoever issues Pix and boletos is killed again and again: each is issued in the end, none twice."""

import json
import sys
from collections.abc import Callable, Iterator

import pytest

from tests.fakes import pix_bank
from tests.fakes.pix_bank import PixBank
from tests.faults.conftest import ENGINES
from tests.faults.offices import Office

SET_UP = """
from collections_crm.lib import tax_ids
from datetime import date
from debtors.models import Creditor, Debt, Debtor, Installment, Portfolio, ReceivingAccount
from debtors.services import ledger
creditor = Creditor.objects.create(name="Exemplo Ltda.", brand="Exemplo", tax_id="11222333000181",
    address="Rua A, 1, Sao Paulo SP", phone="+551130000000")
portfolio = Portfolio.objects.create(creditor=creditor, name="x")
ReceivingAccount.objects.create(creditor=creditor, pix_key="123e4567-e12b-12d1-a456-426655440000",
    pix_city="Recife", pix_connection="house", slip_bank="341", slip_branch="1248", slip_account="02124",
    slip_wallet="109")
for n in range(1, COUNT + 1):
    person = Debtor.objects.create(name=f"D {n}", tax_id=tax_ids.with_check_digits(f"{n:09d}"))
    debt = Debt.objects.create(debtor=person, creditor=creditor, portfolio=portfolio, contract=f"K-{n}")
    ledger.post_charges([Installment.objects.create(
        debt=debt, number=1, due_on=date(2026, 1, 5), amount_cents=10_000 + n)])
"""
#: Asks for a Pix at the bank and a boleto for everybody, each under a name of its own, as forms do.
ISSUE = """
import uuid
from datetime import timedelta
from django.utils import timezone
from debtors.models import Creditor, Debtor
from debtors.queries import paying
from debtors.services import payment_requests
from debtors.vocabulary import RequestKind
creditor, now = Creditor.objects.get(), timezone.now()
print("begun", flush=True)
for person in Debtor.objects.order_by("pk"):
    for kind in (RequestKind.PIX_DUE, RequestKind.BOLETO):
        payment_requests.issue(debtor=person, creditor=creditor, kind=kind, choice=paying.ALL, by=None,
            due_on=timezone.localdate(now) + timedelta(days=3), now=now,
            asked_as=uuid.uuid5(uuid.NAMESPACE_OID, f"{person.pk} {kind}"))
"""
LOOK = """
from datetime import timedelta
from django.utils import timezone
from debtors.services import payment_requests
payment_requests.look_for_unclear(now=timezone.now() + timedelta(minutes=1))
"""
COUNTS = """
import json
from debtors.models import MoneyInTransit, PaymentRequest
rows = PaymentRequest.objects.order_by("our_number")
print(json.dumps({
    "states": sorted(set(rows.values_list("state", flat=True))),
    "slips": list(rows.exclude(our_number="").values_list("our_number", flat=True)),
    "txids": sorted(rows.exclude(txid="").values_list("txid", flat=True)),
    "on_their_way": MoneyInTransit.objects.filter(request__in=rows).count(),
}))
"""


@pytest.fixture
def bank() -> Iterator[PixBank]:
    started = pix_bank.start()
    yield started
    started.stop()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("people", "kills"), [(6, 1), pytest.param(200, 20, marks=pytest.mark.full)])
def test_killed_issuing_leaves_one_charge_and_one_slip_for_everybody_in_the_end(
    new_office: Callable[..., Office], bank: PixBank, engine: str, people: int, kills: int
):
    access = {f"PIX_HOUSE_{name.upper()}": value for name, value in bank.settings.items()}
    office = new_office(engine, PIX_BANKS="house", **access)
    office.run(f"COUNT = {people}\n{SET_UP}")

    for _ in range(kills):
        office.kill_at_work(
            sys.executable, "-c", f"import django; django.setup()\n{ISSUE}", within=people / 20
        )
    office.run(ISSUE + (LOOK * (people // 50 + 1)))

    found = json.loads(office.run(COUNTS))
    assert found["states"] == ["ready"]
    assert found["slips"] == [f"{number:08d}" for number in range(1, people + 1)]
    assert found["txids"] == sorted(bank.charges)
    assert (len(bank.charges), found["on_their_way"]) == (people, 2 * people)
