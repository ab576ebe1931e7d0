"""Accepted while money comes in, or twice at once: one of them is first, and the books are sound."""

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connections
from django.utils import timezone

from debtors import queries
from debtors.models import Agreement, AgreementDiscount, Debt, PaymentRequest, PromiseToPay
from debtors.queries import offers
from debtors.services import agreement_papers, agreements, ledger_audit, proposals_online
from debtors.services.negotiating import AgreementRefusedError
from debtors.services.proposals_online import Heard
from debtors.vocabulary import AgreementState, Evidence, PromiseStatus
from tests.factories import house_creditor, make_debt, make_debtor, make_manager, make_payment
from tests.factories.agreements import make_offer_rules, make_proposal
from tests.factories.paying import make_account

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
OWED, AGREED, PAID = 103_000, 90_000, 10_000


@pytest.fixture
def by(db):
    return make_manager()


def proposed(*, by, now: datetime) -> tuple[Debt, Agreement]:
    """Return a debt of R$ 1.030,00 and a proposal on R$ 900,00 in two payments."""
    late = timezone.localdate(now) - timedelta(days=30)
    debt = make_debt(debtor=make_debtor(), installments=[(late, 100_000)])
    if not hasattr(debt.creditor, "offer_rules"):
        make_offer_rules(creditor=debt.creditor)
    return debt, make_proposal(debt, total_cents=AGREED, by=by, now=now, payments=2)


def at_once(*doings: Callable[[], object]) -> list[object]:
    """Do things at the same moment, each on a connection of its own; return what came of each."""
    start = Barrier(len(doings))

    def do(doing: Callable[[], object]) -> object:
        try:
            start.wait()
            time.sleep(random.random() / 100)
            return doing()
        except AgreementRefusedError as error:
            return error.reasons
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(doings)) as threads:
        return [each.result() for each in [threads.submit(do, doing) for doing in doings]]


def accept(agreement: Agreement, *, by, now: datetime) -> None:
    own = Agreement.objects.get(pk=agreement.pk)
    agreements.accept(own, evidence=Evidence.VERBAL, reference="call 17", by=by, now=now)


@pytest.mark.parametrize("rounds", [8, pytest.param(1_000, marks=pytest.mark.full)])
def test_money_that_comes_while_an_agreement_is_accepted_counts_for_it_or_stops_it(by, rounds):
    later, fates = NOW + timedelta(minutes=1), set()
    for _ in range(rounds):
        debt, agreement = proposed(by=by, now=NOW)
        said, _payment = at_once(
            lambda agreement=agreement: accept(agreement, by=by, now=later),
            lambda debt=debt: make_payment(debtor=debt.debtor, amount_cents=PAID, now=later),
        )
        agreement.refresh_from_db()
        left = queries.balances(debts=[debt.pk], on=timezone.localdate(later))[debt.pk].total_cents
        if said is None:
            assert agreement.state == AgreementState.ACTIVE
            assert (left, offers.paid_for(agreement)) == (AGREED - PAID, PAID)
        else:
            assert (said, agreement.state) == (("changed",), AgreementState.PROPOSED)
            assert left == OWED - PAID
        fates.add(said)
    assert ledger_audit.look_over(now=later) == 0
    assert rounds < 100 or len(fates) == 2, fates  # both came first sometimes: it was a race


def test_an_agreement_accepted_twice_at_once_is_in_force_once(by):
    later = NOW + timedelta(minutes=1)
    _debt, agreement = proposed(by=by, now=NOW)

    said = at_once(*[lambda: accept(agreement, by=by, now=later)] * 4)

    assert sorted(map(str, said)) == ["('not_proposed',)"] * 3 + ["None"]
    assert AgreementDiscount.objects.filter(agreement=agreement).count() == 1
    assert PromiseToPay.objects.filter(agreement=agreement, status=PromiseStatus.OPEN).count() == 1


def test_agent_and_debtor_who_say_yes_at_once_and_twice_have_one_agreement(by):
    later = NOW + timedelta(minutes=1)
    make_account(creditor=house_creditor())
    for _ in range(4):
        debt, agreement = proposed(by=by, now=NOW)
        seen = agreement_papers.hash_of(agreement)

        def press(agreement: Agreement = agreement, seen: str = seen) -> bool:
            return proposals_online.accept(Agreement.objects.get(pk=agreement.pk), seen=seen, now=later)

        def record(agreement: Agreement = agreement) -> None:
            accept(agreement, by=by, now=later)

        *online, aloud = at_once(press, press, press, record)

        agreement.refresh_from_db()
        assert online == [True] * 3
        assert aloud in (None, ("not_proposed",))
        assert (agreement.evidence == Evidence.VERBAL) == (agreement.accepted_by == by)
        assert AgreementDiscount.objects.filter(agreement=agreement).count() == 1
        assert PromiseToPay.objects.filter(agreement=agreement, status=PromiseStatus.OPEN).count() == 1
        issued = PaymentRequest.objects.filter(debtor=debt.debtor).order_by("kind")
        assert list(issued.values_list("kind", flat=True)) == ["boleto", "pix"]


def test_wrong_digits_tried_at_once_are_counted_one_by_one(by):
    _debt, agreement = proposed(by=by, now=NOW)
    wrong = "9999" if not agreement.debtor.tax_id.endswith("9999") else "8888"

    heard = at_once(*[lambda: proposals_online.confirm(agreement, typed=wrong, now=NOW)] * 8)

    assert sorted(heard) == [Heard.TOO_MANY] * 3 + [Heard.WRONG] * 5
