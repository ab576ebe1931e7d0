"""A return file whose booking is killed again and again: each part of it is whole or not there."""

import json
import sys
from collections.abc import Callable

import pytest

from tests.data.return_files import DAY, detail_400, file_400
from tests.faults.conftest import ENGINES
from tests.faults.offices import Office

PART = 100

SET_UP = """
from collections_crm.lib import tax_ids
from datetime import date
from debtors.models import Creditor, Debt, Debtor, Installment, Portfolio
from debtors.services import ledger
creditor = Creditor.objects.create(name="Exemplo Ltda.", brand="Exemplo", tax_id="11222333000181",
    address="Rua A, 1, Sao Paulo SP", phone="+551130000000")
portfolio = Portfolio.objects.create(creditor=creditor, name="x")
people = Debtor.objects.bulk_create(
    Debtor(name=f"D {n}", tax_id=tax_ids.with_check_digits(f"{n:09d}")) for n in range(1, COUNT + 1))
debts = Debt.objects.bulk_create(
    Debt(debtor=each, creditor=creditor, portfolio=portfolio, contract=f"K-{n}")
    for n, each in enumerate(people))
ledger.post_charges(Installment.objects.bulk_create(
    Installment(debt=each, number=1, due_on=date(2027, 1, 4), amount_cents=10_000) for each in debts))
"""
COUNTS = """
import json
from django.db.models import Sum
from debtors.models import Arrival, LedgerEntry, Payment
from debtors.services import ledger_audit
from django.utils import timezone
open_cents = LedgerEntry.objects.aggregate(sum=Sum("amount_cents"))["sum"]
print(json.dumps([Payment.objects.count(), Arrival.objects.count(), open_cents,
    ledger_audit.look_over(now=timezone.now())]))
"""


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("slips", "kills"), [(200, 1), pytest.param(20_000, 20, marks=pytest.mark.full)])
def test_killed_bookings_leave_whole_parts_and_the_last_one_finishes_the_file(
    new_office: Callable[..., Office], engine: str, slips: int, kills: int
):
    office = new_office(engine)
    office.run(f"COUNT = {slips}\n{SET_UP}")
    path = office.folder / "cobranca.ret"
    path.write_bytes(file_of(slips))

    # It has told what it will do when its booking begins.
    command = (sys.executable, "-u", "manage.py", "import_return_file", str(path), "--creditor", "Exemplo")

    for _ in range(kills):
        office.kill_at_work(*command, within=slips / 200)
        payments, arrivals, _open, doubts = json.loads(office.run(COUNTS))
        assert payments == arrivals
        assert payments % PART == 0 or payments == slips
        assert doubts == 0
    office.manage("import_return_file", str(path), "--creditor", "Exemplo")

    assert json.loads(office.run(COUNTS)) == [slips, slips, slips * 10_000 - paid(slips), 0]


def file_of(slips: int) -> bytes:
    rows = [
        detail_400(
            "341", our_number=f"{number:08d}", company_ref=f"K-{number}", document="", occurrence="06",
            occurred_on=DAY, title=number + 1, fee=0, paid=number % 9_000 + 1, credited_on=DAY,
        )
        for number in range(slips)
    ]  # fmt: skip
    total = sum(number + 1 for number in range(slips))
    return file_400("341", rows, trailer={(213, 220): f"{slips:08d}", (221, 234): f"{total:014d}"})


def paid(slips: int) -> int:
    return sum(number % 9_000 + 1 for number in range(slips))
