"""Segments and who is in them; debts and the day from which they are prescribed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from debtors import queries
from debtors.models import Debt, Segment, User
from debtors.services import limitation, segments
from debtors.signals import balance_changed
from tests.factories import make_debt, make_debtor

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
TODAY = date(2026, 11, 24)


def test_a_debtor_may_be_in_several_segments_and_is_put_in_once():
    flooded, employees = Segment.objects.create(name="Enchente"), Segment.objects.create(name="Funcionários")
    ana, rui = make_debtor(), make_debtor()

    assert segments.put_in(flooded, debtors=[ana.pk, rui.pk, 999_999]) == {ana.pk, rui.pk}
    assert segments.put_in(flooded, debtors=[ana.pk]) == set()
    assert segments.put_in(employees, debtors=[ana.pk]) == {ana.pk}
    assert set(ana.segments.all()) == {flooded, employees}


def test_only_who_was_in_a_segment_is_taken_out():
    flooded = Segment.objects.create(name="Enchente")
    ana, rui = make_debtor(), make_debtor()
    segments.put_in(flooded, debtors=[ana.pk])

    assert segments.take_out(flooded, debtors=[ana.pk, rui.pk]) == {ana.pk}
    assert not flooded.members.exists()


@pytest.mark.parametrize(
    ("limitation_on", "is_barred"),
    [(None, False), (TODAY + timedelta(days=1), False), (TODAY, True), (TODAY - timedelta(days=1), True)],
)
def test_a_debt_is_prescribed_from_its_day_on_and_never_where_nobody_knows_it(limitation_on, is_barred):
    debt = make_debt()
    limitation.set_day(debt, on=limitation_on, now=NOW)

    [[history]] = queries.histories_of_debtors(debtors=[debt.debtor_id])[debt.debtor_id].values()

    assert history.is_barred(on=TODAY) is is_barred
    assert debt.limitation_on == limitation_on


def test_a_day_of_prescription_is_told_upward():
    told = []

    def listen(debtor_id, creditor_id, **_rest):
        told.append((debtor_id, creditor_id))

    debt = make_debt()
    balance_changed.connect(listen)
    try:
        limitation.set_day(debt, on=TODAY, now=NOW)
    finally:
        balance_changed.disconnect(listen)

    assert told == [(debt.debtor_id, debt.creditor_id)]


def test_a_manager_writes_the_day_on_the_page_of_the_debt(client):
    debt = make_debt()
    client.force_login(User.objects.create_superuser("administrator", password=None))
    page = reverse("admin:debtors_debt_change", args=[debt.pk])
    form = {
        "portfolio": debt.portfolio_id,
        "product": "Fogão",
        "instrument": "boleto",
        "limitation_on": "24/11/2026",
        "installments-TOTAL_FORMS": 0,
        "installments-INITIAL_FORMS": 0,
    }

    client.post(page, form)

    debt.refresh_from_db()
    assert (debt.limitation_on, debt.product) == (TODAY, "Fogão")


@pytest.mark.parametrize(
    ("instrument", "day"),
    [("boleto", date(2025, 3, 2)), ("cheque", date(2025, 3, 2)), ("other", None)],
)
def test_the_day_of_limitation_is_found_from_the_last_due_date_and_the_instrument(instrument, day):
    debt = make_debt(installments=[(date(2019, 1, 1), 1_000), (date(2020, 3, 1), 1_000)])
    known = make_debt(installments=[(date(2010, 1, 1), 1_000)])
    Debt.objects.filter(pk=debt.pk).update(instrument=instrument)
    Debt.objects.filter(pk=known.pk).update(limitation_on=date(2030, 1, 1))

    limitation.derive_unknown(now=datetime(2024, 6, 1, 12, tzinfo=UTC))

    debt.refresh_from_db()
    known.refresh_from_db()
    assert (debt.limitation_on, known.limitation_on) == (day, date(2030, 1, 1))
